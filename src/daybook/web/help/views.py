"""The help as pages, and as the panel beside a page."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from daybook.tenancy.queries import business_words
from daybook.ui.help.context import article_context, index_context
from daybook.ui.help.reading import Reader
from daybook.web.doors import render_page, team_page


@require_safe
@team_page(practitioner=True)
def index(request: HttpRequest) -> HttpResponse:
    return render_page(request, "web/help/index.html", index_context(request, _reader(request)))


@require_safe
@team_page(practitioner=True)
def article(request: HttpRequest, article: str) -> HttpResponse:
    return render_page(request, "web/help/article.html", article_context(request, _reader(request), article))


def _reader(request: HttpRequest) -> Reader:
    actor = request.actor
    return Reader(actor.role or "", actor.permissions, business_words(), get_language() or "en")

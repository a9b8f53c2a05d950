"""The help for clients and agents: the articles that are meant for them."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from daybook.portal.doors import own_page, render
from daybook.tenancy.queries import business_words
from daybook.ui.help.context import article_context, index_context
from daybook.ui.help.reading import Reader


@require_safe
@own_page
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/help/index.html", index_context(request, _reader(request)))


@require_safe
@own_page
def article(request: HttpRequest, article: str) -> HttpResponse:
    return render(request, "portal/help/article.html", article_context(request, _reader(request), article))


def _reader(request: HttpRequest) -> Reader:
    actor = request.actor
    return Reader(actor.role or "", actor.permissions, business_words(), get_language() or "en")

"""The choices of a filter that has many: a page of its own, which the list fetches when the filter is opened."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from daybook.ui.tags.lists import options
from daybook.web.doors import render_page


def render_choices(
    request: HttpRequest, name: str, label: str, choices: Iterable[tuple[str, str]], url: str
) -> HttpResponse:
    """A link for each choice of the parameter `name`: the list at `url` with the rest of this address."""
    given = {key: values for key, values in request.GET.lists() if key != name}
    words = [("", _("All")), *choices]
    links = mark_safe(options(given, name, words, request.GET.get(name, ""), url))
    return render_page(request, "web/choices.html", {"title": label, "links": links})

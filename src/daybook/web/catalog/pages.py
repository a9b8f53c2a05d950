"""What the pages of services and locations share: adding, changing, deleting with Undo."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from daybook.core.errors import DomainError
from daybook.tenancy.queries import business_words
from daybook.web.doors import once, render_page


def bins() -> list[tuple[str, str]]:
    """What a list of the catalogue shows: what is on offer, or what was deleted and can be taken back."""
    return [("", _("On offer")), ("deleted", _("Deleted"))]


def yes_or_no(holds: bool) -> str:
    """For a file: what our own imports read again."""
    return "yes" if holds else "no"


def form_page(
    request: HttpRequest,
    form_class: type[Any],
    template: str,
    *,
    save: Callable[[dict[str, Any]], HttpResponse],
    initial: dict[str, Any] | None = None,
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show a form, or save it once; refused, it comes back with 422, what was typed, and what is wrong beside the field."""
    form = form_class(request.POST or None, business=request.business, terms=business_words(), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: save(form.for_services()))
        except DomainError as error:
            if error.status == 403 or (error.status == 404 and not error.field):
                raise
            form.refuse(error)
    status = 422 if request.method == "POST" else 200
    return render_page(request, template, {"form": form, **(context or {})}, status=status)

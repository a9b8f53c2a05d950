"""What the pages of money share."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from daybook.core.errors import DomainError
from daybook.core.ids import parse_id
from daybook.core.money import minor_to_text
from daybook.core.periods import local_date
from daybook.core.texts import normalise
from daybook.people.models import User
from daybook.tenancy.queries import business_words
from daybook.ui.forms import BusinessForm
from daybook.web.doors import once, render_page


def today_of(request: HttpRequest) -> date:
    """The business's date."""
    return local_date(timezone.now(), request.business.time_zone)


def day_in(request: HttpRequest, name: str) -> date | None:
    """A date of the address, or None: anything that is not one counts as not given."""
    try:
        found = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2199 else None


def older_than(request: HttpRequest) -> tuple[date, UUID] | None:
    """Where an older page of a statement begins, as `_older.html` writes it into the address."""
    day, posting = day_in(request, "day"), parse_id(request.GET.get("before"))
    return (day, posting) if day and posting else None


def searched(rows: Any, q: str, prefix: str = "") -> Any:
    """Rows whose person has every word of `q` in its name, e-mail or phone."""
    for word in normalise(q).split()[:8]:
        rows = rows.filter(**{f"{prefix}search_text__contains": word})
    return rows


def person_choice(user_id: object, roles: Sequence[str] = ("client", "agent")) -> list[tuple[str, str]]:
    """The chosen person of a combobox as its one choice, or none."""
    key = parse_id(user_id)
    user = User.objects.filter(pk=key, role__in=roles).first() if key else None
    return [(str(user.pk), user.name)] if user else []


def person_filter(request: HttpRequest, name: str) -> list[tuple[str, str]]:
    """The choices of a filter that the address sets to a person: everybody, or this one. None where it is not set."""
    chosen = person_choice(request.GET.get(name))
    return [("", _("All")), *chosen] if chosen else []


def payer_choices_url() -> str:
    """Where a combobox looks up who pays."""
    return reverse("web:payer_choices")


def amount(request: HttpRequest, minor: int) -> Decimal:
    """An amount for a file: with the currency's digits."""
    return Decimal(minor_to_text(minor, request.business.currency))


def form_page(
    request: HttpRequest, form: BusinessForm, template: str, save: Any, context: dict[str, Any] | None = None
) -> HttpResponse:
    """Show a form, or run `save()` once; refused, it comes back with what was typed and what is wrong beside it."""
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, save)
        except DomainError as error:
            if error.status == 403 or (error.status == 404 and not error.field):
                raise
            form.refuse(error)
    status = 422 if request.method == "POST" else 200
    return render_page(request, template, {"form": form, **(context or {})}, status=status)


def words_and_business(request: HttpRequest) -> dict[str, Any]:
    """What every form is made with."""
    return {"business": request.business, "terms": business_words()}

"""The history of what is set up: services, locations, closures, completion types, and the business itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from daybook.audit.queries import business_record_id, deletions
from daybook.catalog.models import Location, Service
from daybook.core.errors import NotFound
from daybook.people.models import SignInPolicy
from daybook.people.permissions import MANAGE_SCHEDULE, MANAGE_SETTINGS
from daybook.scheduling.models import Closure, CompletionType
from daybook.tenancy.models import Term
from daybook.tenancy.queries import business_words
from daybook.ui.terms import capital, word
from daybook.web.doors import render_page, team_page
from daybook.web.history import Entry, history


@dataclass(frozen=True, slots=True)
class Kind:
    """Records of one kind: where their list is, what it is called (`term:` is the business's word), who may look."""

    rows: Callable[[], QuerySet[Any]]
    name: Callable[[Any], str]
    label: str | Promise
    back: str
    permission: str


SERVICE = Kind(Service.objects.with_deleted, str, "term:service", "web:services", MANAGE_SETTINGS)
LOCATION = Kind(Location.objects.with_deleted, str, "term:location", "web:locations", MANAGE_SETTINGS)
TYPE = Kind(
    CompletionType.objects.with_deleted,
    str,
    gettext_lazy("Completion types"),
    "web:completion_types",
    MANAGE_SETTINGS,
)
CLOSURE = Kind(Closure.objects.all, lambda row: row.name, gettext_lazy("Closures"), "web:closures", MANAGE_SCHEDULE)


@require_safe
@team_page()
def record(request: HttpRequest, kind: Kind, **gap: UUID) -> HttpResponse:
    """Every change of one record; its id is the one gap of the address. Those in the bin have theirs too."""
    request.actor.require(kind.permission)
    row: Model | None = kind.rows().filter(pk__in=gap.values()).first()
    if row is None:
        raise NotFound(what="record")
    entries = history(row.pk, business=request.business, words=business_words())
    label = str(kind.label)
    if label.startswith("term:"):
        label = capital(word(business_words(), label.removeprefix("term:"), "plural"))
    return _page(request, kind.name(row), label, reverse(kind.back), entries)


@require_safe
@team_page(MANAGE_SETTINGS)
def of_business(request: HttpRequest) -> HttpResponse:
    """Changes of the business's entry, its words, and what it asks of those who sign in."""
    request.actor.require_administrator()
    gone = (version.row_id for version in deletions("tenancy_term", limit=100))
    also = {*Term.objects.values_list("pk", flat=True), *gone, *SignInPolicy.objects.values_list("pk", flat=True)}
    entries = history(
        business_record_id(request.business.pk),
        business=request.business,
        words=business_words(),
        also=sorted(also),
    )
    return _page(request, request.business.name, _("Business"), reverse("web:business"), entries)


def _page(request: HttpRequest, title: str, back: str, url: str, entries: list[Entry]) -> HttpResponse:
    context = {"title": title, "back": back, "back_url": url, "entries": entries}
    return render_page(request, "web/settings/history.html", context)

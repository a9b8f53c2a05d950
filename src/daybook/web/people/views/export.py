"""A list of people as a file: as it is filtered, and every column that the reader may see."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from daybook.core.periods import local_date
from daybook.insights.people import chosen, ids_of
from daybook.ledger.queries.balances import balances_of
from daybook.people import queries
from daybook.people.models import Assignment, User
from daybook.people.permissions import MANAGE_ACCOUNTING, may_see_contact, may_see_notes
from daybook.ui.listing import Listing
from daybook.web.exports import table_file
from daybook.web.money.common import amount
from daybook.web.people.kinds import Kind
from daybook.web.people.views.lists import columns_of, narrowing_of, only_names, people_page

NAMES = ("id", "first_name", "last_name", "preferred_name", "role", "status")
CONTACT = ("email", "phone", "address", "birthday")
OF_TEAM = ("username", "tags", "practitioners", "agent")
DATES = ("inactive_on", "created_at")


@require_safe
@people_page
def export(request: HttpRequest, kind: Kind) -> HttpResponse:
    """CSV, or a workbook by `?format=xlsx`. The head is that of our own layout of imports."""
    actor = request.actor
    notes = may_see_notes(actor)
    money = actor.is_team and actor.may(MANAGE_ACCOUNTING) and kind.name in ("clients", "agents")
    people = list(_found(request, kind).select_related("agent").prefetch_related(_assigned()))
    balances = balances_of(user.pk for user in people) if money else {}

    def rows() -> Iterator[Sequence[object]]:
        for user in people:
            row = _cells(user, request)
            if notes:
                row.append(user.notes)
            if money:
                balance = balances.get(user.pk)
                row.append(amount(request, balance.balance if balance else 0))
            yield row

    more = (*(["notes"] if notes else []), *(["balance"] if money else []))
    return table_file(request, kind.name, [*NAMES, *CONTACT, *OF_TEAM, *DATES, *more], rows())


def _found(request: HttpRequest, kind: Kind) -> QuerySet[User]:
    """Those of the list, in its order."""
    listing = Listing.read(request, kind.name, columns_of(kind, request.actor), default="name")
    ids = RawSQL(*ids_of(chosen(request.actor, kind.roles, narrowing_of(request, kind))))
    orders = {
        "by_last": Lower("last_name"),
        "by_first": Lower("first_name"),
        "by_email": Lower("email"),
        "by_username": Lower("username"),
    }
    rows = User.objects.filter(pk__in=ids).annotate(**orders).order_by(*listing.ordering)
    if not listing.q:
        return rows
    if only_names(listing.q, request.actor):
        return queries.having_in_name(rows, listing.q)
    return queries.matching(rows, listing.q, roles=kind.roles)


def _assigned() -> Prefetch:
    assignments = Assignment.objects.filter(practitioner__deleted_at__isnull=True)
    return Prefetch("practitioner_assignments", assignments.select_related("practitioner").order_by("id"))


def _cells(user: User, request: HttpRequest) -> list[Any]:
    row: list[Any] = [getattr(user, name) for name in NAMES]
    row[0] = str(user.pk)
    row += [getattr(user, name) for name in CONTACT] if may_see_contact(request.actor, user) else [None] * len(CONTACT)
    if request.actor.is_team:
        row += [user.username, ", ".join(user.tags), _practitioners(user), user.agent.name if user.agent else None]
    else:
        row += [None] * len(OF_TEAM)
    return [*row, user.inactive_on, local_date(user.created_at, request.business.time_zone)]


def _practitioners(user: User) -> str:
    return ", ".join(each.practitioner.name for each in user.practitioner_assignments.all())

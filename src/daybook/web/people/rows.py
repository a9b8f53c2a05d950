"""Rows of a list of people, with what other tables say of them: a fixed number of queries for any page."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Q

from daybook.ledger.queries.balances import balances_of
from daybook.people.models import Assignment, User
from daybook.people.permissions import MANAGE_ACCOUNTING, may_manage, may_see_contact
from daybook.tenancy.actor import Actor
from daybook.web.people.kinds import Kind


@dataclass(slots=True)
class PersonRow:
    """A person as a row shows it. `balance` is in minor units, None where the reader may not see it."""

    user: User
    url: str
    contact: bool
    editable: bool
    practitioners: list[str] = field(default_factory=list)
    agent: str = ""
    clients: int = 0
    balance: int | None = None


def rows_of(users: Sequence[User], kind: Kind, actor: Actor, shows: Mapping[str, bool]) -> list[PersonRow]:
    """Rows of a page of one list, with what its columns show."""
    ids = [user.pk for user in users]
    names = _practitioner_names(ids) if shows.get("practitioners") else {}
    agents = _agent_names(users) if shows.get("agent") else {}
    clients = _client_counts(ids, kind) if shows.get("clients") else {}
    money = bool(shows.get("balance")) and actor.is_team and actor.may(MANAGE_ACCOUNTING)
    balances = balances_of(ids) if money else {}
    return [
        PersonRow(
            user=user,
            url=kind.record(user),
            contact=may_see_contact(actor, user),
            editable=may_manage(actor, user),
            practitioners=names.get(user.pk, []),
            agent=agents.get(user.agent_id, "") if user.agent_id else "",
            clients=clients.get(user.pk, 0),
            balance=(balances[user.pk].balance if user.pk in balances else 0) if money else None,
        )
        for user in users
    ]


def _practitioner_names(client_ids: list[UUID]) -> dict[UUID, list[str]]:
    names: dict[UUID, list[str]] = defaultdict(list)
    rows = Assignment.objects.filter(client_id__in=client_ids, practitioner__deleted_at__isnull=True)
    columns = ("client_id", "practitioner__first_name", "practitioner__last_name")
    for client_id, first, last in rows.order_by("practitioner__last_name", "id").values_list(*columns):
        names[client_id].append(f"{first} {last}".strip())
    return names


def _agent_names(users: Sequence[User]) -> dict[UUID, str]:
    ids = {user.agent_id for user in users if user.agent_id}
    found = User.objects.filter(pk__in=ids).values_list("pk", "first_name", "last_name") if ids else []
    return {key: f"{first} {last}".strip() for key, first, last in found}


def _client_counts(ids: list[UUID], kind: Kind) -> dict[UUID, int]:
    if kind.name == "agents":
        found = User.objects.filter(agent_id__in=ids).order_by().values_list("agent_id").annotate(n=Count("id"))
    else:
        live = Q(practitioner_id__in=ids, client__deleted_at__isnull=True)
        found = Assignment.objects.filter(live).order_by().values_list("practitioner_id").annotate(n=Count("id"))
    return dict(found)

"""What may be on the calendar, and who may put whom there."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from daybook.core.errors import FieldProblem, InvalidInput, Notice, NotPermitted
from daybook.core.texts import text_problem
from daybook.people.errors import ClientNotActive, NotAssigned
from daybook.scheduling.errors import PractitionerNotActive
from daybook.scheduling.rules.facts import Facts, PractitionerFacts
from daybook.tenancy.actor import Actor

MAX_MINUTES = 24 * 60
MAX_CLIENTS = 100
MAX_ASSISTANTS = 20
MAX_NOTE = 5_000
FIRST_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)
LAST_INSTANT = datetime(2100, 1, 1, tzinfo=UTC)


def check_period(starts_at: datetime, ends_at: datetime) -> None:
    """Raise InvalidInput unless the period is aware, forward, a minute to a day long, and in this century."""
    problems = []
    for field, value in (("starts_at", starts_at), ("ends_at", ends_at)):
        if not isinstance(value, datetime) or value.tzinfo is None:
            problems.append(FieldProblem(field, "not_an_instant"))
        elif not FIRST_INSTANT <= value <= LAST_INSTANT:
            problems.append(FieldProblem(field, "out_of_range", {"first": "2000", "last": "2100"}))
    if not problems:
        if ends_at <= starts_at:
            problems.append(FieldProblem("ends_at", "end_before_start"))
        elif ends_at - starts_at < timedelta(minutes=1):
            problems.append(FieldProblem("ends_at", "too_short"))
        elif ends_at - starts_at > timedelta(minutes=MAX_MINUTES):
            problems.append(FieldProblem("ends_at", "longer_than_a_day"))
    if problems:
        raise InvalidInput(problems)


def check_notes(**notes: str) -> None:
    """Raise InvalidInput for a note that is too long or holds what a text cannot."""
    problems = [
        FieldProblem(field, found[0], found[1])
        for field, text in notes.items()
        if (found := text_problem(text, longest=MAX_NOTE))
    ]
    if problems:
        raise InvalidInput(problems)


def check_clients(client_ids: Iterable[UUID]) -> tuple[UUID, ...]:
    """The clients, each once, in the order given. Raises InvalidInput for none and for too many."""
    once = tuple(dict.fromkeys(client_ids))
    if not once:
        raise InvalidInput(field="clients", problem="required")
    if len(once) > MAX_CLIENTS:
        raise InvalidInput(field="clients", problem="too_many", most=MAX_CLIENTS)
    return once


def check_assistants(practitioner_id: UUID, assistant_ids: Iterable[UUID]) -> tuple[UUID, ...]:
    """Who is there beside the leading practitioner, each once, in the order given. Raises InvalidInput for too many."""
    once = tuple(each for each in dict.fromkeys(assistant_ids) if each != practitioner_id)
    if len(once) > MAX_ASSISTANTS:
        raise InvalidInput(field="assistants", problem="too_many", most=MAX_ASSISTANTS)
    return once


def check_may_add(actor: Actor, facts: Facts, *, newcomers: Collection[UUID]) -> None:
    """Who may be put into a session by whom (requirements 1.8): permission, then assignment, then status.

    `newcomers` are the clients that are not in the session yet: only of those are assignment and status asked.
    Raises NotPermitted, NotAssigned, ClientNotActive, PractitionerNotActive.
    """
    if not actor.is_team:
        actor.require("add_sessions")
        if facts.practitioner.id != actor.user_id:
            raise NotPermitted(permission="others_sessions")
        if facts.assistants:
            raise NotPermitted(permission="several_practitioners")
    _check_clients(actor, facts, newcomers)
    _check_practitioners(facts.practitioners)


def check_may_change(
    actor: Actor, facts: Facts, *, newcomers: Collection[UUID], practitioners_before: Sequence[UUID]
) -> None:
    """As check_may_add, but that a practitioner be active is asked only of those who were not in the session before
    (`practitioners_before`, the leading one first). Only the team changes who they are.

    The permission to change it was asked when it was locked.
    """
    after = [each.id for each in facts.practitioners]
    if not actor.is_team and after != list(practitioners_before):
        moved = after[0] != practitioners_before[0]
        raise NotPermitted(permission="others_sessions" if moved else "several_practitioners")
    _check_clients(actor, facts, newcomers)
    _check_practitioners(each for each in facts.practitioners if each.id not in practitioners_before)


def _check_clients(actor: Actor, facts: Facts, newcomers: Collection[UUID]) -> None:
    coming = [client for client in facts.clients if client.id in newcomers]
    if not actor.is_team:
        unknown = {client_id for practitioner_id, client_id in facts.strangers() if practitioner_id == actor.user_id}
        if strangers := [client.name for client in coming if client.id in unknown]:
            raise NotAssigned(field="clients", clients=strangers)
    if idle := [client for client in coming if client.status != "active"]:
        raise ClientNotActive(
            field="clients",
            clients=[client.name for client in idle],
            statuses=sorted({client.status for client in idle}),
        )


def _check_practitioners(coming: Iterable[PractitionerFacts]) -> None:
    for each in coming:
        if each.status != "active":
            raise PractitionerNotActive(field="practitioner", name=each.name)


def notices(facts: Facts) -> tuple[Notice, ...]:
    """What the team is told beside a session that goes through: clients elsewhere, a full room, a closure."""
    found = [
        Notice("client_overlap", {"client": client.name, "starts_at": client.overlap[0], "ends_at": client.overlap[1]})
        for client in facts.clients
        if client.overlap
    ]
    room = facts.location
    if room and room.capacity and room.capacity > 1 and room.taken + len(facts.clients) > room.capacity:
        found.append(
            Notice(
                "room_full", {"room": room.name, "capacity": room.capacity, "people": room.taken + len(facts.clients)}
            )
        )
    found += [Notice("on_closure", {"closure": name}) for name in facts.closures]
    return tuple(found)

"""A session of a file: its instants, how it is saved, what it costs, whose time it would take."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from daybook.core.periods import local_date, local_instant
from daybook.imports.rules.items import Place, SessionItem
from daybook.imports.rules.plan import Known, RowRefused, Step
from daybook.imports.rules.timetable import Taken, Timetable
from daybook.scheduling.rules import (
    Facts,
    Outcome,
    PlaceOutcome,
    Span,
    charge_of,
    check_period,
    modifier_of,
    occupied,
    session_minutes,
    wage_of,
)


def settled(place: Place, ends_at: datetime, known: Known) -> Place:
    """The place with an outcome of its own, where the old system kept none."""
    if place.status != "auto":
        return place
    return replace(place, status="completed" if ends_at <= known.now else "open")


def span_of(item: SessionItem, known: Known) -> tuple[datetime, datetime]:
    """The instants of a session's wall clock; an end that is not after the start is on the next day. Raises InvalidInput."""
    starts_at = local_instant(item.day, item.start, known.zone)
    ends_at = local_instant(item.day, item.end, known.zone)
    if item.end <= item.start:
        ends_at = local_instant(item.day + timedelta(days=1), item.end, known.zone)
    check_period(starts_at, ends_at)
    return starts_at, ends_at


def outcome_of(
    item: SessionItem, facts: Facts, places: list[Place], starts_at: datetime, ends_at: datetime, known: Known
) -> Outcome | None:
    """How the session is saved; None for an open one. Costs that the file names hold as if set by hand. Raises RowRefused."""
    statuses = [place.status for place in places]
    if all(status == "open" for status in statuses):
        _check_active(facts, places)
        return None
    if "open" in statuses:
        raise RowRefused("status", "mixed_outcomes")
    status = next(each for each in ("completed", "missed", "canceled") if each in statuses)
    if status != "canceled" and starts_at > known.now:
        raise RowRefused("status", "not_begun", starts_at=starts_at.isoformat(), status=status)
    to = known.types[status]
    minutes, currency, day = session_minutes(starts_at, ends_at), known.currency, local_date(starts_at, known.home_zone)
    saved = []
    for client, place in zip(facts.clients, places, strict=True):
        kind = known.types[place.status]
        modifier = modifier_of(kind.modifier, kind.client_modifier, kind.label, currency_digits=known.currency_digits)
        charge = charge_of(
            facts.service, client.rates, minutes=minutes, day=day, currency=currency,
            modifier=modifier, override_minor=place.cost_minor,
        )  # fmt: skip
        saved.append(PlaceOutcome(client.id, kind, charge))
    share = modifier_of(to.modifier, to.practitioner_modifier, to.label, currency_digits=known.currency_digits)
    wage, *others = (
        wage_of(
            facts.service, each.rates, minutes=minutes, day=day, currency=currency, modifier=share,
            override_minor=item.wage_minor if each is facts.practitioner else None,
        )
        for each in facts.practitioners
    )  # fmt: skip
    return Outcome(to, wage, tuple(saved), tuple(others))


def _check_active(facts: Facts, places: list[Place]) -> None:
    """Only who is active can be put on the calendar."""
    for client, place in zip(facts.clients, places, strict=True):
        if client.status != "active":
            said = {"clients": [client.name], "statuses": [client.status]}
            raise RowRefused("clients", "client_not_active", row=place.row, **said)
    for each in facts.practitioners:
        if each.status != "active":
            raise RowRefused("practitioner", "practitioner_not_active", name=each.name)


def scheduled_of(
    facts: Facts, outcome: Outcome | None, starts_at: datetime, ends_at: datetime, known: Known
) -> list[int]:
    """What each place stands for on the account while the session is open."""
    if outcome is not None:
        return [0] * len(facts.clients)
    minutes, day = session_minutes(starts_at, ends_at), local_date(starts_at, known.home_zone)
    return [
        charge_of(facts.service, client.rates, minutes=minutes, day=day, currency=known.currency).total_minor
        for client in facts.clients
    ]


def clash_refusal(facts: Facts, resource_id: UUID, taken: Taken) -> RowRefused:
    """Who is taken, when, and by what."""
    is_room = facts.location is not None and resource_id == facts.location.id
    taken_name = next((each.name for each in facts.practitioners if each.id == resource_id), "")
    name = facts.location.name if is_room and facts.location else taken_name
    code = "time_taken_in_file" if taken.row else "time_taken"
    return RowRefused(
        "location" if is_room else "start", code, name=name, other_row=taken.row,
        starts_at=taken.starts_at.isoformat(), ends_at=taken.ends_at.isoformat(),
    )  # fmt: skip


def own_clash(step: Step, spans: Iterable[Span]) -> tuple[UUID, Taken] | None:
    """A clash with another session of the same row."""
    own = Timetable()
    for session in step.sessions:
        if session.is_taking_time:
            own.take(occupied(session.facts, session.starts_at, session.ends_at), step.row.number)
    return own.clash(spans)

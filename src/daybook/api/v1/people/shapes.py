"""People as they are answered, with what the caller may not see left out."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from daybook.api.fields import amount_text, clock_text, instant_text
from daybook.catalog.models import WageRate
from daybook.catalog.permissions import sees_wages
from daybook.people.models import User
from daybook.people.permissions import may_see_contact, may_see_notes
from daybook.people.queries import Related, related_of
from daybook.people.rules import DAY_END, DAYS, Window
from daybook.tenancy.actor import Actor

Shape = Callable[[User, Related, Actor], dict[str, Any]]


def shaped(people: Iterable[User], actor: Actor, shape: Shape) -> list[dict[str, Any]]:
    """Many people in a number of queries that does not depend on how many."""
    users = list(people)
    related = related_of([user.pk for user in users], actor=actor)
    return [shape(user, related[user.pk], actor) for user in users]


def person_out(user: User, related: Related, actor: Actor) -> dict[str, Any]:
    contact = may_see_contact(actor, user)
    inside = actor.is_team or actor.user_id == user.pk
    return {
        "id": str(user.pk),
        "first_name": user.first_name,
        "last_name": user.last_name,
        "preferred_name": user.preferred_name,
        "email": user.email if contact else None,
        "phone": user.phone if contact else None,
        "address": user.address if contact else None,
        "birthday": user.birthday.isoformat() if contact and user.birthday else None,
        "status": user.status,
        "username": user.username if inside else None,
        "notes": user.notes if may_see_notes(actor) else None,
        "tags": user.tags if actor.is_team else [],
        "custom": user.custom if actor.is_team else {},
        "availability": [window_out(window) for window in related.availability],
        "last_login": _instant(user.last_login) if inside else None,
        "created_at": instant_text(user.created_at),
    }


def client_out(user: User, related: Related, actor: Actor) -> dict[str, Any]:
    return person_out(user, related, actor) | {
        "inactive_on": user.inactive_on.isoformat() if actor.is_team and user.inactive_on else None,
        "calendar_color": related.calendar_color,
        "hide_costs": related.hide_costs,
        "practitioners": _ids(related.practitioner_ids),
        "agent": str(related.agent_id) if related.agent_id else None,
    }


def practitioner_shape(users: Sequence[User], actor: Actor) -> Shape:
    """The shape of practitioners, with the wage rates of all of them read once."""
    seen = [user.pk for user in users if sees_wages(actor) and (actor.is_team or actor.user_id == user.pk)]
    rates: dict[UUID, list[dict[str, str]]] = {each: [] for each in seen}
    for rate in WageRate.objects.filter(practitioner_id__in=seen).order_by("service_id", "starts_on"):
        rates[rate.practitioner_id].append(
            {
                "service": str(rate.service_id),
                "wage": amount_text(rate.wage_minor),
                "starts_on": rate.starts_on.isoformat(),
            }
        )

    def practitioner_out(user: User, related: Related, actor: Actor) -> dict[str, Any]:
        own = rates.get(user.pk)
        return person_out(user, related, actor) | {
            "clients": _ids(related.client_ids),
            "services": list(dict.fromkeys(rate["service"] for rate in own or [])),
            "wage_rates": own,
        }

    return practitioner_out


def agent_out(user: User, related: Related, actor: Actor) -> dict[str, Any]:
    return person_out(user, related, actor) | {"clients": _ids(related.client_ids)}


def staff_out(user: User, related: Related, actor: Actor) -> dict[str, Any]:
    return person_out(user, related, actor) | {"role": user.role}


def window_out(window: Window) -> dict[str, str]:
    return {"day": DAYS[window.day], "start": clock_text(window.start), "end": _end_text(window.end)}


def _end_text(end: time) -> str:
    return "24:00" if end == DAY_END else clock_text(end)


def _ids(ids: Iterable[UUID]) -> list[str]:
    return [str(each) for each in ids]


def _instant(at: datetime | None) -> str | None:
    return instant_text(at) if at else None

"""People, services, rooms and completion types to make sessions of; in the open scope, with nothing a test did not ask for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from daybook.catalog.models import Location, Service
from daybook.people.actors import actor_of
from daybook.people.models import PermissionSwitch, User
from daybook.scheduling.models import CompletionType
from daybook.tenancy.actor import Actor
from daybook.workflows.add_session import add_session
from daybook.workflows.results import SessionResult

_numbers = count(1)

# A Monday in winter: Berlin is one hour ahead of UTC.
NOW = datetime(2026, 1, 12, 8, 0, tzinfo=UTC)


def at(hour: int, minute: int = 0, *, day: int = 0) -> datetime:
    """A time on the Monday of NOW, or `day` days later, in UTC."""
    return NOW.replace(hour=hour, minute=minute) + timedelta(days=day)


def make_person(role: str, **fields: Any) -> User:
    number = next(_numbers)
    values: dict[str, Any] = {"role": role, "first_name": f"{role.title()}", "last_name": f"No{number}"}
    user = User(**values | fields)
    user.set_unusable_password()
    user.save()
    return user


def make_client(**fields: Any) -> User:
    return make_person("client", **fields)


def make_practitioner(**fields: Any) -> User:
    return make_person("practitioner", **fields)


def make_service(**fields: Any) -> Service:
    values: dict[str, Any] = {
        "name": f"Service {next(_numbers)}",
        "kind": "hourly",
        "cost_minor": 6000,
        "wage_minor": 2500,
        "tax_rate": Decimal(0),
    }
    return Service.objects.create(**values | fields)


def make_location(**fields: Any) -> Location:
    return Location.objects.create(**{"name": f"Room {next(_numbers)}", "capacity": 1} | fields)


def make_completion_types() -> dict[str, CompletionType]:
    """The three defaults that every business has."""
    return {
        status: CompletionType.objects.create(
            status=status, label=status.title(), client_modifier=share, practitioner_modifier=share, is_default=True
        )
        for status, share in (("canceled", 0), ("missed", 100), ("completed", 100))
    }


def actor_with(user: User, **permissions: bool) -> Actor:
    """The actor of a user, with permissions switched."""
    for name, granted in permissions.items():
        PermissionSwitch.objects.create(user=user, permission=name, granted=granted)
    return actor_of(user)


def add(actor: Actor, service: Service, practitioner: User, *clients: User, **fields: Any) -> SessionResult:
    """Add a session; an hour from 10:00 UTC unless told."""
    starts_at = fields.pop("starts_at", at(10))
    values: dict[str, Any] = {"now": NOW, "ends_at": starts_at + timedelta(hours=1)}
    return add_session(
        actor=actor,
        service_id=service.pk,
        practitioner_id=practitioner.pk,
        client_ids=[client.pk for client in clients],
        starts_at=starts_at,
        **values | fields,
    )

"""Which clients a practitioner works with (requirements 1.8)."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from daybook.core.errors import NotFound
from daybook.people.models import Assignment, User
from daybook.people.permissions import MANAGE_CLIENTS, MANAGE_PRACTITIONERS
from daybook.tenancy.actor import Actor
from daybook.tenancy.scope import set_verb


@transaction.atomic
def assign(*, actor: Actor, practitioner_id: UUID, client_ids: Iterable[UUID], source: str = "preassigned") -> None:
    """Assign clients to a practitioner; those already assigned stay as they are.

    `source` is `preassigned`, or `session` when the team's first session does it. Raises NotPermitted, NotFound.
    """
    _authorise(actor, source)
    clients = _known("client", "clients", client_ids)
    _known("practitioner", "practitioners", [practitioner_id])
    set_verb("assign_clients") if source == "preassigned" else None
    _add([Assignment(practitioner_id=practitioner_id, client_id=client, source=source) for client in clients])


@transaction.atomic
def unassign(*, actor: Actor, practitioner_id: UUID, client_ids: Iterable[UUID]) -> None:
    """Take clients from a practitioner. Raises NotPermitted."""
    _authorise(actor, "preassigned")
    set_verb("unassign_clients")
    Assignment.objects.filter(practitioner_id=practitioner_id, client_id__in=list(client_ids)).delete()


@transaction.atomic
def set_practitioners(*, actor: Actor, client_id: UUID, practitioner_ids: Iterable[UUID]) -> None:
    """Make these the client's practitioners, no others. Raises NotPermitted, NotFound on `practitioners`."""
    _authorise(actor, "preassigned")
    wanted = _known("practitioner", "practitioners", practitioner_ids)
    there = Assignment.objects.filter(client_id=client_id)
    there.exclude(practitioner_id__in=wanted).delete()
    _add([Assignment(practitioner_id=each, client_id=client_id) for each in wanted])


@transaction.atomic
def set_clients(*, actor: Actor, practitioner_id: UUID, client_ids: Iterable[UUID]) -> None:
    """Make these the practitioner's clients, no others. Raises NotPermitted, NotFound on `clients`."""
    _authorise(actor, "preassigned")
    wanted = _known("client", "clients", client_ids)
    there = Assignment.objects.filter(practitioner_id=practitioner_id)
    there.exclude(client_id__in=wanted).delete()
    _add([Assignment(practitioner_id=practitioner_id, client_id=each) for each in wanted])


def _authorise(actor: Actor, source: str) -> None:
    actor.require_team()
    if source == "preassigned" and not actor.may(MANAGE_PRACTITIONERS):
        actor.require(MANAGE_CLIENTS)


def _known(role: str, field: str, ids: Iterable[UUID]) -> list[UUID]:
    """The ids in order, each once, all of people of that role. Raises NotFound on `field`."""
    wanted = sorted(set(ids))
    found = User.objects.filter(pk__in=wanted, role=role).count() if wanted else 0
    if found != len(wanted):
        raise NotFound(what=role, field=field)
    return wanted


def _add(rows: list[Assignment]) -> None:
    # Two may assign the same at once: the second finds it done.
    if rows:
        Assignment.objects.bulk_create(rows, ignore_conflicts=True)

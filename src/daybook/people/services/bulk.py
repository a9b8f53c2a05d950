"""Adding many people at once: by imports, whose rows were checked by the same rules beforehand."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from daybook.core.ids import new_id
from daybook.people.models import Assignment, User
from daybook.people.permissions import require_manage
from daybook.tenancy.actor import Actor
from daybook.tenancy.rows import insert_rows
from daybook.tenancy.scope import set_verb


@transaction.atomic
def add_people(*, actor: Actor, now: datetime, people: Sequence[tuple[UUID, Mapping[str, Any]]]) -> list[User]:
    """Write people of any role, in a few statements. Their columns come from `rules.clean_person` and `rules.search_text`.

    Nobody gets a password. Raises NotPermitted.
    """
    for role in {str(values["role"]) for _, values in people}:
        require_manage(actor, role)
    set_verb("add_people")
    rows = [User(id=person_id, created_at=now, password=make_password(None), **values) for person_id, values in people]
    return list(User.objects.bulk_create(rows, batch_size=1000))


@transaction.atomic
def assign_many(*, actor: Actor, now: datetime, pairs: Mapping[tuple[UUID, UUID], str]) -> None:
    """Assign clients to practitioners, (practitioner, client) → source; those already assigned stay as they are."""
    actor.require_team()
    rows = [
        {"id": new_id(), "practitioner_id": practitioner, "client_id": client, "source": source, "created_at": now}
        for (practitioner, client), source in pairs.items()
    ]
    insert_rows(Assignment, rows, skip_known=True)

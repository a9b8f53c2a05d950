"""One verb on many sessions. Those that are refused stay as they are; the others go through."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction

from daybook.core.errors import DomainError, InvalidInput
from daybook.tenancy.actor import Actor
from daybook.workflows.complete_session import CompletionChoice, complete_many
from daybook.workflows.delete_session import delete_many, recover_session
from daybook.workflows.session_locks import Refusals

Action = Literal["complete", "cancel", "miss", "delete", "recover"]
ACTIONS: tuple[Action, ...] = ("complete", "cancel", "miss", "delete", "recover")
MOST = 2_000

_SAVES_AS = {"complete": "completed", "cancel": "canceled", "miss": "missed"}


def bulk_sessions(
    *, actor: Actor, now: datetime, ids: Sequence[UUID], action: Action, completion_type: CompletionChoice = None
) -> list[tuple[UUID, DomainError | None]]:
    """Each id once, in the order given, with why it was refused or None. `completion_type` overrules the action's own."""
    once = list(dict.fromkeys(ids))
    if not once:
        raise InvalidInput(field="ids", problem="required")
    if len(once) > MOST:
        raise InvalidInput(field="ids", problem="too_many", most=MOST)
    if action in _SAVES_AS:
        choice = completion_type or _SAVES_AS[action]
        refused = complete_many(actor=actor, now=now, session_ids=once, completion_type=choice)
    elif action == "delete":
        refused = delete_many(actor=actor, now=now, session_ids=once)
    elif action == "recover":
        refused = _recover_many(actor, now, once)
    else:
        raise InvalidInput(field="action", problem="unknown_choice", choices=", ".join(ACTIONS))
    return [(session_id, refused.get(session_id)) for session_id in once]


def _recover_many(actor: Actor, now: datetime, session_ids: Sequence[UUID]) -> Refusals:
    """One by one, each on its own savepoint: the time of one may have been taken meanwhile, even by another of them."""
    refused: Refusals = {}
    for session_id in session_ids:
        try:
            with transaction.atomic():
                recover_session(actor=actor, now=now, session_id=session_id)
        except DomainError as refusal:
            refused[session_id] = refusal
    return refused

"""Who may read the outbox."""

from django.db.models import QuerySet

from daybook.core.errors import NotFound
from daybook.core.ids import parse_id
from daybook.messaging.models import Message
from daybook.people.permissions import MANAGE_COMMUNICATIONS
from daybook.tenancy.actor import Actor


def visible_messages(actor: Actor) -> QuerySet[Message]:
    """The team with communications sees all; everybody else what was sent to them. Without attachments; unordered."""
    rows = Message.objects.defer("attachment").select_related("to_user")
    if actor.is_team:
        return rows if actor.may(MANAGE_COMMUNICATIONS) else rows.none()
    return rows.filter(to_user_id=actor.user_id)


def access_message(actor: Actor, message_id: object, *, lock: bool = False) -> Message:
    """The message, row-locked if asked. Raises NotFound also for one that the actor may not know of."""
    key = parse_id(message_id)
    rows = visible_messages(actor)
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(pk=key).first() if key else None
    if found is None:
        raise NotFound(what="message")
    return found

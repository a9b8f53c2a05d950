"""Who may read the outbox."""

from django.db.models import Q, QuerySet

from daybook.core.errors import NotFound
from daybook.core.ids import parse_id
from daybook.messaging.models import Message
from daybook.people.permissions import MANAGE_COMMUNICATIONS, MANAGE_ROLE, hides_costs, may_manage_role
from daybook.tenancy.actor import Actor

# What they carry: a link by which one chooses the password of whom it is for; amounts.
LOGIN_EVENTS = ("welcome", "password")
MONEY_EVENTS = ("invoice", "receipt")


def visible_messages(actor: Actor) -> QuerySet[Message]:
    """The team with communications sees all but the logins of those whom it may not change; everybody else what was
    sent to them, without amounts where costs are hidden. Without attachments; unordered.
    """
    rows = Message.objects.defer("attachment").select_related("to_user")
    if not actor.is_team:
        mine = rows.filter(to_user_id=actor.user_id)
        return mine.exclude(event__in=MONEY_EVENTS) if hides_costs(actor) else mine
    if not actor.may(MANAGE_COMMUNICATIONS):
        return rows.none()
    others = [role for role in MANAGE_ROLE if not may_manage_role(actor, role)]
    return rows.exclude(Q(event__in=LOGIN_EVENTS, to_user__role__in=others) & ~Q(to_user_id=actor.user_id))


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

"""Writing to the outbox and sending from it."""

from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F

from daybook.messaging.errors import NoAddress
from daybook.messaging.models import Message
from daybook.messaging.permissions import access_message
from daybook.people.models import User
from daybook.people.permissions import MANAGE_COMMUNICATIONS
from daybook.tenancy.actor import Actor
from daybook.tenancy.background import defer_here
from daybook.tenancy.scope import current_business

SEND = "messaging.send"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A PDF that goes along."""

    name: str
    content: bytes


def can_send() -> bool:
    """Whether this installation knows a mail server. Without one, messages wait in the outbox, readable."""
    return bool(getattr(settings, "MAIL_IS_SET_UP", False))


def queue_message(
    *,
    to_user: User,
    event: str,
    subject: str,
    body: str,
    attachment: Attachment | None = None,
    about_id: UUID | None = None,
) -> Message:
    """Put an e-mail into the outbox, in the caller's transaction; a job sends it once that has committed.

    Somebody without an address gets a failed message, to be sent again once there is one.
    """
    message = Message(
        to_user=to_user,
        to_address=to_user.email,
        event=event,
        subject=" ".join(subject.split())[:300],
        body=body,
        about_id=about_id,
    )
    if attachment:
        message.attachment_name, message.attachment = attachment.name, attachment.content
    if not to_user.email:
        message.status, message.error = Message.Status.FAILED, NoAddress.code
    message.save(force_insert=True)
    if message.status == Message.Status.WAITING:
        _defer(message)
    return message


def resend_message(*, actor: Actor, message_id: UUID) -> Message:
    """Send a message again, to the address that the person has now. Raises NotFound, NotPermitted, NoAddress."""
    actor.require(MANAGE_COMMUNICATIONS)
    with transaction.atomic():
        message = access_message(actor, message_id)
        if message.to_user is not None:
            message.to_address = message.to_user.email
        if not message.to_address:
            raise NoAddress(name=message.to_user.name if message.to_user else "")
        message.status, message.error = Message.Status.WAITING, ""
        message.save(update_fields=["to_address", "status", "error"])
        _defer(message)
    return message


def deliver(message_id: UUID, *, now: datetime) -> None:
    """Hand a waiting message to the mail server. What was sent is not sent again; a refusal is kept with the message."""
    message = Message.objects.select_for_update().filter(pk=message_id, status=Message.Status.WAITING).first()
    if message is None or not can_send():
        return
    mail = EmailMessage(message.subject, message.body, _sender(), [message.to_address])
    if message.attachment:
        mail.attach(message.attachment_name, bytes(message.attachment), "application/pdf")
    try:
        mail.send()
    except (SMTPException, OSError, ValueError) as error:
        Message.objects.filter(pk=message.pk).update(
            status=Message.Status.FAILED, error=str(error)[:500], attempts=F("attempts") + 1
        )
        return
    Message.objects.filter(pk=message.pk).update(
        status=Message.Status.SENT, error="", sent_at=now, attempts=F("attempts") + 1
    )


def _sender() -> str:
    name = current_business().name.replace('"', "").replace("\n", " ")
    return f'"{name}" <{settings.DEFAULT_FROM_EMAIL}>'


def _defer(message: Message) -> None:
    if can_send():
        defer_here(SEND, message_id=message.pk)


def defer_waiting() -> int:
    """Defer what has waited: messages from the time before there was a mail server, or whose job was lost."""
    if not can_send():
        return 0
    waiting = list(Message.objects.filter(status=Message.Status.WAITING).values_list("pk", flat=True)[:500])
    for message_id in waiting:
        defer_here(SEND, message_id=message_id)
    return len(waiting)

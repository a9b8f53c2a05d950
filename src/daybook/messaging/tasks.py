"""Sending in the background."""

from uuid import UUID

from django.utils.timezone import now

from daybook.messaging import services
from daybook.tenancy.background import each_business, tenant_task


@tenant_task(services.SEND)
def send(message_id: str) -> None:
    """Hand one message to the mail server."""
    services.deliver(UUID(message_id), now=now())


@each_business("messaging.send_waiting", cron="*/10 * * * *")
def send_waiting() -> None:
    """Whatever still waits, if there is a mail server by now."""
    services.defer_waiting()

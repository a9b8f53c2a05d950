"""The chain is made in the background, so that writers never wait for it."""

from django.utils.timezone import now

from daybook.ledger.services import seal
from daybook.tenancy.background import each_business


@each_business("ledger.seal", cron="*/5 * * * *")
def seal_entries() -> None:
    """Seal what no seal covers yet."""
    seal(now=now())

"""Change what the business is: its currency only while no amount is kept in it."""

from typing import Any

from django.db import connection

from daybook.tenancy.actor import Actor
from daybook.tenancy.errors import CurrencyLocked
from daybook.tenancy.models import Business
from daybook.tenancy.scope import current_business
from daybook.tenancy.services import update_business

# Amounts are whole minor units, so another currency would change what each of them says.
_HOLDS_MONEY = """
    select exists (select from catalog_service where cost_minor > 0 or wage_minor > 0)
        or exists (select from catalog_clientrate) or exists (select from catalog_wagerate)
        or exists (select from scheduling_session) or exists (select from billing_invoice)
        or exists (select from payments_payment) or exists (select from ledger_journalentry)
"""


def change_business(*, actor: Actor, **changes: Any) -> Business:
    """Change settings of the open business. Raises NotPermitted, InvalidInput, CurrencyLocked."""
    actor.require_administrator()
    business = current_business()
    if changes.get("currency", business.currency) != business.currency and is_currency_locked():
        raise CurrencyLocked(field="currency", currency=business.currency)
    return update_business(actor=actor, **changes)


def is_currency_locked() -> bool:
    """Whether any amount is kept: a price, a rate, a session, an invoice, a payment, an entry (one query)."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDS_MONEY)
        return bool(cursor.fetchone()[0])

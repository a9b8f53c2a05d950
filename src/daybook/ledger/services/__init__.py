"""Writing to the ledger. Called by workflows, which have authorised: these take ids and minor units."""

from daybook.ledger.services.accounts import account_ids, add_scheduled, adding_scheduled, lock_accounts
from daybook.ledger.services.posting import post, reverse, reverse_sources
from daybook.ledger.services.sealing import seal

__all__ = [
    "account_ids",
    "add_scheduled",
    "adding_scheduled",
    "lock_accounts",
    "post",
    "reverse",
    "reverse_sources",
    "seal",
]

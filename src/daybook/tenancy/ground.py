"""What others build on: services, locations, rates, people. Who builds holds it still; who changes it goes alone.

A price that changes while a session is added, a client who is deleted while one is booked: neither transaction would
see the other. So the verbs that build take the business's ground together, before they read what they decide on, and
the verbs that change it take it alone. It comes before the locks of accounts, time and rows, so nobody waits in a circle.
"""

from collections.abc import Sequence
from typing import Any

from daybook.tenancy.prepared import fetch_prepared
from daybook.tenancy.scope import current_business_id

_CLASS = 0x1348
_TOGETHER = "select pg_advisory_xact_lock_shared(%s::int, %s::int)"
_ALONE = "select pg_advisory_xact_lock(%s::int, %s::int)"


def holding_ground() -> tuple[str, Sequence[Any]]:
    """The statement of `hold_ground`, for those who send several at once. What is read must be read by a later one."""
    return _TOGETHER, _values()


def hold_ground() -> None:
    """Until the transaction ends nobody changes a price, a buffer, a status, or deletes what is built on."""
    fetch_prepared(*holding_ground())


def change_ground() -> None:
    """Wait until nobody builds, and have everybody wait who would begin to, until the transaction ends."""
    fetch_prepared(_ALONE, _values())


def _values() -> list[int]:
    return [_CLASS, current_business_id() % 2**31]

"""Row ids out of a seed: UUIDv7 in the order of their making, so that one seed gives one set of ids."""

from collections.abc import Callable
from datetime import datetime
from random import Random
from uuid import UUID


def id_stream(rng: Random, start: datetime) -> Callable[[], UUID]:
    """A source of ascending ids whose time begins at `start` and moves by a 4096th of a millisecond each."""
    stamp = int(start.timestamp() * 1000) << 12
    bits = rng.getrandbits

    def next_id() -> UUID:
        nonlocal stamp
        stamp += 1
        return UUID(int=(stamp >> 12) << 80 | 7 << 76 | (stamp & 0xFFF) << 64 | 2 << 62 | bits(62))

    return next_id

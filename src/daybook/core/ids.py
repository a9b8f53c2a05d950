"""Row identifiers: UUID version 7, so that new rows sort by the time of their making."""

import os
import threading
import time
import uuid

_lock = threading.Lock()
_last_stamp = 0


def new_id() -> uuid.UUID:
    """A new UUIDv7: 48 bits of Unix milliseconds, 12 bits that keep order within one, 62 random bits.

    Strictly increasing within a process, also when the clock is set back.
    """
    global _last_stamp
    stamp = time.time_ns() * 4096 // 1_000_000  # milliseconds, with 12 bits of fraction
    with _lock:
        if stamp <= _last_stamp:
            stamp = _last_stamp + 1
        _last_stamp = stamp
    random_bits = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    value = (stamp >> 12 & ((1 << 48) - 1)) << 80 | 7 << 76 | (stamp & 0xFFF) << 64 | 2 << 62 | random_bits
    return uuid.UUID(int=value)


def parse_id(text: object) -> uuid.UUID | None:
    """The id that `text` spells, or None: an id that cannot exist is one that is not there."""
    if isinstance(text, uuid.UUID):
        return text
    if not isinstance(text, str) or not 32 <= len(text) <= 36:
        return None
    try:
        return uuid.UUID(text)
    except ValueError:
        return None

"""A rate for each token, kept in the memory of each web process: a brake on runaway programs, not a quota."""

import threading
import time
from collections import OrderedDict

from django.conf import settings

_MOST_TOKENS = 10_000
_lock = threading.Lock()
_buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()


def allow(token: str) -> bool:
    """Take one request from the token's bucket, which fills by the rate a second and holds two seconds' worth."""
    rate = settings.API_RATE
    now = time.monotonic()
    with _lock:
        left, since = _buckets.get(token, (rate * 2.0, now))
        left = min(rate * 2.0, left + (now - since) * rate)
        _buckets[token] = (left - 1 if left >= 1 else left, now)
        _buckets.move_to_end(token)
        if len(_buckets) > _MOST_TOKENS:
            _buckets.popitem(last=False)
    return left >= 1

"""The rate limit of signing in: failed tries count for a while, by hashed subjects."""

import hashlib
from datetime import datetime, timedelta

from daybook.people.errors import TooManyAttempts
from daybook.people.models import SignInAttempt

WINDOW = timedelta(minutes=15)
# Failed tries within the window: of one name from one address, of one name from anywhere, from one address.
MOST_OF_BOTH, MOST_OF_NAME, MOST_OF_ADDRESS = 5, 30, 60


def hashed(*parts: str) -> str:
    """A subject of the limit, which names nobody to who reads the table."""
    return hashlib.sha256("\x1f".join(parts).encode(errors="replace")).hexdigest()


def refuse_too_many(subjects: dict[str, int], now: datetime) -> None:
    """Raise TooManyAttempts where a subject has failed as often as it may within WINDOW."""
    tries: dict[str, list[datetime]] = {subject: [] for subject in subjects}
    recent = SignInAttempt.objects.filter(subject__in=list(subjects), at__gt=now - WINDOW).order_by("at")
    for subject, at in recent.values_list("subject", "at"):
        tries[subject].append(at)
    for subject, most in subjects.items():
        if len(tries[subject]) >= most:
            wait = tries[subject][-most] + WINDOW - now
            raise TooManyAttempts(minutes=max(1, -(-int(wait.total_seconds()) // 60)))


def forget_old_attempts(now: datetime) -> int:
    """Delete failed tries that no longer count."""
    return SignInAttempt.objects.filter(at__lte=now - WINDOW).delete()[0]

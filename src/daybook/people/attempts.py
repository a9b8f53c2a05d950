"""The rate limits of signing in and of signing up: tries count for a while, by hashed subjects."""

import hashlib
from datetime import datetime, timedelta

from daybook.people.errors import TooManyAttempts
from daybook.people.models import SignInAttempt
from daybook.tenancy.models import SignUpAttempt

WINDOW = timedelta(minutes=15)
# Failed tries within the window: of one name from one address, of one name from anywhere, from one address.
MOST_OF_BOTH, MOST_OF_NAME, MOST_OF_ADDRESS = 5, 30, 60
# Businesses that may be made, or tried to be made, from one address.
SIGN_UP_WINDOW = timedelta(hours=1)
MOST_SIGN_UPS = 10


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


def count_sign_up(*, address: str, now: datetime) -> None:
    """Count a try to make a business from `address`, whatever comes of it. Raises TooManyAttempts after MOST_SIGN_UPS.

    Counted before it is judged, so that many at once cannot pass together; a refused one counts no further.
    """
    subject = hashed("sign up", address)
    SignUpAttempt.objects.filter(at__lte=now - SIGN_UP_WINDOW).delete()
    mine = SignUpAttempt.objects.create(subject=subject, at=now)
    tries = list(SignUpAttempt.objects.filter(subject=subject).order_by("at").values_list("at", flat=True))
    if len(tries) > MOST_SIGN_UPS:
        mine.delete()
        wait = tries[-MOST_SIGN_UPS - 1] + SIGN_UP_WINDOW - now
        raise TooManyAttempts(minutes=max(1, -(-int(wait.total_seconds()) // 60)), what="sign_up")


def forget_old_attempts(now: datetime) -> int:
    """Delete failed tries that no longer count."""
    return SignInAttempt.objects.filter(at__lte=now - WINDOW).delete()[0]

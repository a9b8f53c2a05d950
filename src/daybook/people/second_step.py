"""The second step of signing in: a code of the app, or a recovery code, each once and at a limited rate."""

from collections.abc import MutableMapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from daybook.people import codes
from daybook.people.attempts import MOST_OF_BOTH, MOST_OF_NAME, hashed, refuse_too_many
from daybook.people.errors import BadCode
from daybook.people.models import SecondFactor, SignInAttempt, User
from daybook.tenancy.actor import Actor
from daybook.tenancy.scope import set_actor, set_verb

# Where a login waits for the secret that its app was shown and has not confirmed yet.
PENDING = "pending_second_factor"


def pass_second_step(*, user: User, code: str, address: str, now: datetime) -> None:
    """Let somebody through who knew the password of `user`. Raises TooManyAttempts, BadCode."""
    set_actor(Actor(kind="user", role=user.role, user_id=user.pk, name=user.name))  # type: ignore[arg-type]
    spend_code(user.pk, code, address=address, now=now)


def spend_code(user_id: UUID, code: str, *, address: str, now: datetime) -> None:
    """Use up a code of the person's app, or one of its recovery codes. Raises TooManyAttempts, BadCode.

    A wrong one is kept and counts: not to be called inside a savepoint that the refusal would take back.
    """
    factor = SecondFactor.objects.select_for_update().filter(user_id=user_id).first()
    subjects = {
        hashed("second step", str(user_id), address): MOST_OF_BOTH,
        hashed("second step", str(user_id)): MOST_OF_NAME,
    }
    refuse_too_many(subjects, now)  # behind the row's lock: tries at once are counted one after the other
    if factor is None or not _spend(factor, codes.plain(code), now):
        SignInAttempt.objects.bulk_create(SignInAttempt(subject=subject, at=now) for subject in subjects)
        raise BadCode(field="code")
    SignInAttempt.objects.filter(subject=next(iter(subjects))).delete()


def _spend(factor: SecondFactor, code: str, now: datetime) -> bool:
    if codes.is_time_code(code):
        step = step_of(factor.secret, factor.user_id, code, now=now, after=factor.last_step)
        if step is None:
            return False
        factor.last_step = step
        factor.save(update_fields=["last_step"])
        return True
    digest = codes.recovery_digest(code, factor.user_id)
    if digest not in factor.recovery_digests:
        return False
    factor.recovery_digests.remove(digest)
    set_verb("use_recovery_code")
    factor.save(update_fields=["recovery_digests"])
    return True


def step_of(sealed: str, user_id: UUID, code: str, *, now: datetime, after: int = 0) -> int | None:
    """The step of time of a plain code under a sealed secret; None for a wrong code or an unreadable secret."""
    secret = codes.unseal(sealed, key=settings.SECRET_KEY, user_id=user_id)
    return codes.matching_step(secret, code, now=now, after=after) if secret else None


def pending_secret(session: MutableMapping[str, Any], user_id: UUID) -> str:
    """The secret that this login is setting up, in clear for the page that shows it; kept sealed in the session."""
    secret = codes.unseal(session.get(PENDING, ""), key=settings.SECRET_KEY, user_id=user_id)
    if secret is None:
        secret = codes.new_secret()
        session[PENDING] = codes.seal(secret, key=settings.SECRET_KEY, user_id=user_id)
    return secret

"""The second step of signing in: a passkey, a code of the app, or a recovery code, each once and at a limited rate."""

from collections.abc import MutableMapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from daybook.people import codes
from daybook.people.attempts import MOST_OF_BOTH, MOST_OF_NAME, hashed, refuse_too_many
from daybook.people.errors import BadCode, BadPasskey, PasskeyCopied
from daybook.people.models import Passkey, SecondFactor, SignInAttempt, User
from daybook.people.passkeys import PasskeyAnswer, credential_id_of, read_proof
from daybook.tenancy.actor import Actor
from daybook.tenancy.scope import set_actor, set_verb

# Where a login waits for the secret that its app was shown and has not confirmed yet.
PENDING = "pending_second_factor"


# A code as it was typed, or what a passkey answered.
Proof = str | PasskeyAnswer


def pass_second_step(*, user: User, proof: Proof, address: str, now: datetime) -> None:
    """Let somebody through who knew the password of `user`. Raises as `spend_proof` does."""
    set_actor(Actor(kind="user", role=user.role, user_id=user.pk, name=user.name))  # type: ignore[arg-type]
    spend_proof(user.pk, proof, address=address, now=now)


def spend_proof(user_id: UUID, proof: Proof, *, address: str, now: datetime) -> None:
    """Use up a code of the person's app, one of its recovery codes, or the answer of one of its passkeys.

    A wrong one is kept and counts: not to be called inside a savepoint that the refusal would take back.
    Raises TooManyAttempts, BadCode, BadPasskey, PasskeyCopied.
    """
    factor = SecondFactor.objects.select_for_update().filter(user_id=user_id).first()
    subjects = {
        hashed("second step", str(user_id), address): MOST_OF_BOTH,
        hashed("second step", str(user_id)): MOST_OF_NAME,
    }
    refuse_too_many(subjects, now)  # behind the row's lock: tries at once are counted one after the other
    try:
        if factor is None:
            raise BadCode(field="code")
        if isinstance(proof, PasskeyAnswer):
            _spend_answer(user_id, proof, now)
        elif not _spend(factor, codes.plain(proof), now):
            raise BadCode(field="code")
    except (BadCode, BadPasskey, PasskeyCopied):
        SignInAttempt.objects.bulk_create(SignInAttempt(subject=subject, at=now) for subject in subjects)
        raise
    SignInAttempt.objects.filter(subject=next(iter(subjects))).delete()


def _spend_answer(user_id: UUID, answer: PasskeyAnswer, now: datetime) -> None:
    passkey = Passkey.objects.filter(user_id=user_id, credential_id=credential_id_of(answer)).first()
    if passkey is None or passkey.site != answer.site.name:
        raise BadPasskey
    if passkey.copied_at:
        raise PasskeyCopied
    try:
        passkey.sign_count = read_proof(
            answer, user_id=user_id, public_key=bytes(passkey.public_key), sign_count=passkey.sign_count
        )
    except PasskeyCopied:
        set_verb("distrust_passkey")
        passkey.copied_at = now
        passkey.save(update_fields=["copied_at"])
        raise
    passkey.last_used_at = now
    passkey.save(update_fields=["sign_count", "last_used_at"])


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

"""Setting up a second factor, its recovery codes, taking it away, and who must have one."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from daybook.core.errors import NotFound, NotPermitted
from daybook.people import codes
from daybook.people.errors import BadCode, SecondFactorSet
from daybook.people.models import SecondFactor, SignInPolicy
from daybook.people.permissions import access_user
from daybook.people.second_step import spend_code
from daybook.people.services.logins import end_logins
from daybook.tenancy.actor import Actor
from daybook.tenancy.scope import set_verb


@transaction.atomic
def set_up_second_factor(*, actor: Actor, secret: str, code: str, now: datetime) -> list[str]:
    """Keep the secret of one's own app, proven by a first code; gives the recovery codes, this once.

    Every open login ends (the caller signs this one in again). Raises BadCode, SecondFactorSet.
    """
    user = access_user(actor, actor.user_id, lock=True)
    step = codes.matching_step(secret, codes.plain(code), now=now, after=0)
    if step is None:
        raise BadCode(field="code")
    fresh = codes.new_recovery_codes()
    set_verb("set_up_second_factor")
    try:
        with transaction.atomic():
            SecondFactor.objects.create(
                user=user,
                secret=codes.seal(secret, key=settings.SECRET_KEY, user_id=user.pk),
                last_step=step,
                recovery_digests=_digests(fresh, user.pk),
                created_at=now,
            )
    except IntegrityError as error:
        raise SecondFactorSet from error
    end_logins([user.pk])
    return fresh


def renew_recovery_codes(*, actor: Actor, code: str, now: datetime) -> list[str]:
    """Ten new recovery codes of one's own, for a code; those before are void. Raises TooManyAttempts, BadCode."""
    user = access_user(actor, actor.user_id)
    spend_code(user.pk, code, address="", now=now)
    with transaction.atomic():
        fresh = codes.new_recovery_codes()
        set_verb("renew_recovery_codes")
        SecondFactor.objects.filter(user=user).update(recovery_digests=_digests(fresh, user.pk))
    return fresh


def turn_off_second_factor(*, actor: Actor, code: str, now: datetime) -> None:
    """Take one's own second factor away, for a code. Raises TooManyAttempts, BadCode."""
    user = access_user(actor, actor.user_id)
    spend_code(user.pk, code, address="", now=now)
    with transaction.atomic():
        set_verb("turn_off_second_factor")
        SecondFactor.objects.filter(user=user).delete()


@transaction.atomic
def reset_second_factor(*, actor: Actor, user_id: UUID) -> None:
    """Take away the second factor of somebody who lost it, and end their logins: by an administrator, for others.

    Raises NotPermitted, NotFound.
    """
    actor.require_administrator()
    user = access_user(actor, user_id, lock=True)
    if user.pk == actor.user_id:
        raise NotPermitted(permission="administrator")  # one's own goes with a code only
    set_verb("reset_second_factor")
    gone, _ = SecondFactor.objects.filter(user=user).delete()
    if not gone:
        raise NotFound(what="second_factor")
    end_logins([user.pk])


@transaction.atomic
def require_second_factor(*, actor: Actor, of_administrators: bool) -> None:
    """Whether administrators must have a second factor. Raises NotPermitted."""
    actor.require_administrator()
    set_verb("require_second_factor")
    SignInPolicy.objects.update_or_create(defaults={"second_factor_for_administrators": of_administrators})


def _digests(fresh: list[str], user_id: UUID) -> list[str]:
    return [codes.recovery_digest(each, user_id) for each in fresh]

"""Setting up a second factor (an app, passkeys), its recovery codes, taking it away, and who must have one."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from daybook.core.errors import FieldProblem, InvalidInput, NotFound, NotPermitted
from daybook.core.texts import text_problem
from daybook.people import codes
from daybook.people.errors import BadCode, ConfirmFirst, PasskeyKnown, SecondFactorSet, TooManyPasskeys
from daybook.people.models import Passkey, SecondFactor, SignInPolicy, User
from daybook.people.passkeys import PasskeyAnswer, read_new
from daybook.people.permissions import access_user
from daybook.people.second_step import Proof, spend_proof
from daybook.people.services.logins import end_logins
from daybook.tenancy.actor import Actor
from daybook.tenancy.scope import set_verb

MOST_PASSKEYS = 20
LONGEST_NAME = 60


@transaction.atomic
def set_up_second_factor(
    *, actor: Actor, secret: str, code: str, now: datetime, is_confirmed: bool = False
) -> list[str]:
    """Keep the secret of one's own app, proven by a first code; gives the recovery codes, this once.

    With passkeys there already, the login must have confirmed itself and the recovery codes stay: none are given.
    Every open login ends (the caller signs this one in again). Raises BadCode, SecondFactorSet, ConfirmFirst.
    """
    user = access_user(actor, actor.user_id, lock=True)
    factor = SecondFactor.objects.select_for_update().filter(user=user).first()
    if factor and factor.has_app:
        raise SecondFactorSet
    _require_confirmed(factor, is_confirmed)
    step = codes.matching_step(secret, codes.plain(code), now=now, after=0)
    if step is None:
        raise BadCode(field="code")
    sealed = codes.seal(secret, key=settings.SECRET_KEY, user_id=user.pk)
    fresh: list[str] = []
    if factor is None:
        set_verb("set_up_second_factor")
        fresh = _new_factor(user, now, secret=sealed, last_step=step)
    else:
        set_verb("add_app")
        factor.secret, factor.last_step = sealed, step
        factor.save(update_fields=["secret", "last_step"])
    end_logins([user.pk])
    return fresh


@transaction.atomic
def add_passkey(
    *, actor: Actor, name: str, answer: PasskeyAnswer, now: datetime, is_confirmed: bool = False
) -> list[str]:
    """Keep a passkey that one's own browser just made; gives the recovery codes where it is the first second factor.

    Then every open login ends (the caller signs this one in again); with a second factor there already, the login
    must have confirmed itself. Raises InvalidInput on `name`, BadPasskey, PasskeyKnown, TooManyPasskeys, ConfirmFirst.
    """
    user = access_user(actor, actor.user_id, lock=True)
    factor = SecondFactor.objects.select_for_update().filter(user=user).first()
    _require_confirmed(factor, is_confirmed)
    name = _checked_name(name)
    if Passkey.objects.filter(user=user).count() >= MOST_PASSKEYS:
        raise TooManyPasskeys(most=MOST_PASSKEYS)
    made = read_new(answer)
    set_verb("add_passkey")
    fresh: list[str] = []
    try:
        with transaction.atomic():
            Passkey.objects.create(
                user=user,
                name=name,
                site=answer.site.name,
                credential_id=made.credential_id,
                public_key=made.public_key,
                sign_count=made.sign_count,
                transports=made.transports,
                created_at=now,
            )
    except IntegrityError as error:
        raise PasskeyKnown from error
    if factor is None:
        fresh = _new_factor(user, now)
        end_logins([user.pk])
    return fresh


@transaction.atomic
def rename_passkey(*, actor: Actor, passkey_id: UUID, name: str) -> None:
    """Raises NotFound, InvalidInput on `name`."""
    passkey = access_passkey(actor, passkey_id)
    set_verb("rename_passkey")
    passkey.name = _checked_name(name)
    passkey.save(update_fields=["name"])


def remove_passkey(*, actor: Actor, passkey_id: UUID, proof: Proof, now: datetime, address: str = "") -> None:
    """Take one of one's own passkeys away, for a proof. With the last one and no app, sign-in is in one step again.

    Raises NotFound, and as `spend_proof` does.
    """
    passkey = access_passkey(actor, passkey_id)
    spend_proof(passkey.user_id, proof, address=address, now=now)
    with transaction.atomic():
        set_verb("remove_passkey")
        Passkey.objects.filter(pk=passkey.pk).delete()
        _tidy(passkey.user_id)


def remove_app(*, actor: Actor, proof: Proof, now: datetime, address: str = "") -> None:
    """Take one's own app away, for a proof. Without passkeys, sign-in is in one step again. Raises as `spend_proof` does."""
    user = access_user(actor, actor.user_id)
    spend_proof(user.pk, proof, address=address, now=now)
    with transaction.atomic():
        set_verb("remove_app")
        SecondFactor.objects.filter(user=user).update(secret="", last_step=0)
        _tidy(user.pk)


def access_passkey(actor: Actor, passkey_id: UUID) -> Passkey:
    """One of the actor's own. Raises NotFound."""
    passkey = Passkey.objects.filter(pk=passkey_id, user_id=actor.user_id).first()
    if passkey is None:
        raise NotFound(what="passkey")
    return passkey


def renew_recovery_codes(*, actor: Actor, proof: Proof, now: datetime, address: str = "") -> list[str]:
    """Ten new recovery codes of one's own, for a proof; those before are void. Raises as `spend_proof` does."""
    user = access_user(actor, actor.user_id)
    spend_proof(user.pk, proof, address=address, now=now)
    with transaction.atomic():
        fresh = codes.new_recovery_codes()
        set_verb("renew_recovery_codes")
        SecondFactor.objects.filter(user=user).update(recovery_digests=_digests(fresh, user.pk))
    return fresh


def turn_off_second_factor(*, actor: Actor, proof: Proof, now: datetime, address: str = "") -> None:
    """Take one's own app and passkeys away, for a proof. Raises as `spend_proof` does."""
    user = access_user(actor, actor.user_id)
    spend_proof(user.pk, proof, address=address, now=now)
    with transaction.atomic():
        set_verb("turn_off_second_factor")
        _take_all(user.pk)


def confirm(*, actor: Actor, proof: Proof, now: datetime, address: str = "") -> None:
    """Show a second factor again, before another one is added. Raises as `spend_proof` does."""
    spend_proof(access_user(actor, actor.user_id).pk, proof, address=address, now=now)


@transaction.atomic
def reset_second_factor(*, actor: Actor, user_id: UUID) -> None:
    """Take away app and passkeys of somebody who lost them, and end their logins: by an administrator, for others.

    Raises NotPermitted, NotFound.
    """
    actor.require_administrator()
    user = access_user(actor, user_id, lock=True)
    if user.pk == actor.user_id:
        raise NotPermitted(permission="administrator")  # one's own goes for a proof only
    set_verb("reset_second_factor")
    if not _take_all(user.pk):
        raise NotFound(what="second_factor")
    end_logins([user.pk])


@transaction.atomic
def require_second_factor(*, actor: Actor, of_administrators: bool) -> None:
    """Whether administrators must have a second factor. Raises NotPermitted."""
    actor.require_administrator()
    set_verb("require_second_factor")
    SignInPolicy.objects.update_or_create(defaults={"second_factor_for_administrators": of_administrators})


def _require_confirmed(factor: SecondFactor | None, is_confirmed: bool) -> None:
    """Who takes over an open login must not make a second factor of their own."""
    if factor and not is_confirmed:
        raise ConfirmFirst


def _checked_name(name: str) -> str:
    found = text_problem(name, longest=LONGEST_NAME, required=True)
    if found:
        raise InvalidInput([FieldProblem("name", *found)])
    return name.strip()


def _new_factor(user: User, now: datetime, *, secret: str = "", last_step: int = 0) -> list[str]:
    """Gives the recovery codes that come with it."""
    fresh = codes.new_recovery_codes()
    digests = _digests(fresh, user.pk)
    SecondFactor.objects.create(user=user, secret=secret, last_step=last_step, recovery_digests=digests, created_at=now)
    return fresh


def _take_all(user_id: UUID) -> bool:
    """Whether there was anything."""
    Passkey.objects.filter(user_id=user_id).delete()
    gone, _ = SecondFactor.objects.filter(user_id=user_id).delete()
    return bool(gone)


def _tidy(user_id: UUID) -> None:
    """Recovery codes alone are no second factor."""
    if not Passkey.objects.filter(user_id=user_id).exists():
        SecondFactor.objects.filter(user_id=user_id, secret="").delete()


def _digests(fresh: list[str], user_id: UUID) -> list[str]:
    return [codes.recovery_digest(each, user_id) for each in fresh]

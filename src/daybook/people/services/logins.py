"""Passwords, open logins and API tokens."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybook.core.errors import FieldProblem, InvalidInput, NotFound
from daybook.core.texts import text_problem
from daybook.people.actors import issue_token
from daybook.people.errors import WrongPassword
from daybook.people.models import ApiToken, LoginSession, User
from daybook.people.permissions import access_user, require_manage
from daybook.people.rules import LONGEST_PASSWORD, password_problem
from daybook.tenancy.actor import Actor
from daybook.tenancy.scope import set_verb


def end_logins(user_ids: Iterable[UUID]) -> None:
    """End every open login of these people at once."""
    LoginSession.objects.filter(user_id__in=list(user_ids)).delete()


def revoke_tokens(user_id: UUID, *, now: datetime) -> None:
    """End every key to the API of somebody whose login was taken away."""
    ApiToken.objects.filter(user_id=user_id, revoked_at=None).update(revoked_at=now)


def forget_ended_logins(*, now: datetime) -> int:
    """Delete logins whose time has run out."""
    return LoginSession.objects.filter(expire_date__lte=now).delete()[0]


def put_password(user: User, password: str, *, actor: Actor) -> None:
    """Set the password on the row (not saved). The command line may set any; people are held to the rule.

    Raises InvalidInput on `password`.
    """
    broken = text_problem(password, longest=LONGEST_PASSWORD, required=True)
    weak = None if actor.kind == "command" else broken or password_problem(password, username=user.username or "")
    problem = broken[0] if broken else weak
    if problem:
        raise InvalidInput(field="password", problem=str(problem))
    user.set_password(password)


@transaction.atomic
def change_password(*, actor: Actor, current: str, new: str) -> User:
    """A person's own new password; every open login ends (the caller signs this one in again). Raises WrongPassword, InvalidInput."""
    user = access_user(actor, actor.user_id, lock=True)
    if len(current) > LONGEST_PASSWORD or not user.check_password(current):
        raise WrongPassword(field="current_password")
    set_verb("change_password")
    put_password(user, new, actor=actor)
    user.save(update_fields=["password"])
    end_logins([user.pk])
    return user


@transaction.atomic
def issue_own_token(*, actor: Actor, now: datetime, name: str = "") -> str:
    """A new API token of whoever acts, in clear. Raises InvalidInput on `name`."""
    user = access_user(actor, actor.user_id)
    found = text_problem(name, longest=80)
    if found:
        raise InvalidInput([FieldProblem("name", *found)])
    set_verb("issue_token")
    return issue_token(user_id=user.pk, now=now, name=name.strip())


@transaction.atomic
def revoke_token(*, actor: Actor, token_id: UUID, now: datetime) -> None:
    """Make a token useless: one's own, or that of a person whom the actor manages. Raises NotFound, NotPermitted."""
    token = ApiToken.objects.select_for_update(of=("self",)).select_related("user").filter(pk=token_id).first()
    if token is None:
        raise NotFound(what="token")
    if token.user_id != actor.user_id:
        access_user(actor, token.user_id)
        require_manage(actor, token.user.role)
    if token.revoked_at is None:
        set_verb("revoke_token")
        token.revoked_at = now
        token.save(update_fields=["revoked_at"])

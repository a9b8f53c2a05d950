"""Signing in: by user name or e-mail address, at a limited rate, without telling which names exist."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db.models import Q

from daybook.people.attempts import (
    MOST_OF_ADDRESS,
    MOST_OF_BOTH,
    MOST_OF_NAME,
    WINDOW,
    forget_old_attempts,
    hashed,
    refuse_too_many,
)
from daybook.people.errors import LoginNotActive, SignInRefused
from daybook.people.models import SignInAttempt, User
from daybook.people.rules import LONGEST_PASSWORD
from daybook.people.services.logins import end_logins, put_password
from daybook.tenancy.actor import Actor
from daybook.tenancy.scope import set_actor, set_verb

__all__ = [
    "MOST_OF_ADDRESS",
    "MOST_OF_BOTH",
    "WINDOW",
    "ask_for_password",
    "authenticate",
    "forget_old_attempts",
    "person_of_link",
    "set_password_by_link",
]

MOST_OF_ONE_EMAIL = 5  # people of a family may share an address; each password tried costs a hash


def authenticate(*, name: str, password: str, address: str, now: datetime) -> User:
    """The active user that `name` (user name or e-mail) and password belong to.

    Takes about as long for an unknown name as for a known one. A failed try is kept and counts for WINDOW.
    Raises TooManyAttempts, SignInRefused, LoginNotActive (only to one who knows the password).
    """
    name = name.strip()[:254].replace("\x00", "")
    subjects = _subjects(name, address)
    refuse_too_many(subjects, now)
    user = _matching(name, password[: LONGEST_PASSWORD + 1])
    if user is None:
        SignInAttempt.objects.bulk_create(SignInAttempt(subject=subject, at=now) for subject in subjects)
        raise SignInRefused
    if not user.is_active:
        raise LoginNotActive(status=user.status)
    SignInAttempt.objects.filter(subject=next(iter(subjects))).delete()
    User.objects.filter(pk=user.pk).update(last_login=now)
    user.last_login = now
    return user


def _matching(name: str, password: str) -> User | None:
    by_name = Q(username__iexact=name)
    by_email = Q(email__iexact=name, username__isnull=False) if "@" in name else Q(pk__in=())
    # The active ones first: a former login of the same address and password is in nobody's way.
    found = list(User.objects.filter(by_name | by_email).order_by("status", "id")[:MOST_OF_ONE_EMAIL]) if name else []
    usable = [user for user in found if user.has_usable_password()]
    if not usable:
        make_password(password)  # the work of one comparison
        return None
    return next((user for user in usable if user.check_password(password)), None)


def _subjects(name: str, address: str) -> dict[str, int]:
    """Hashed subjects of the limit, the narrowest first, and how many failures each may have."""
    known_as = name.casefold()
    return {
        hashed("both", known_as, address): MOST_OF_BOTH,
        hashed("name", known_as): MOST_OF_NAME,
        hashed("address", address): MOST_OF_ADDRESS,
    }


def ask_for_password(*, name: str, address: str, now: datetime) -> list[User]:
    """Active people with a login and an address, by user name or e-mail, to whom a link is to be sent; mostly one or none.

    Counts as a try, so that nobody's mailbox is flooded. Raises TooManyAttempts.
    """
    name = name.strip()[:254].replace("\x00", "")
    subjects = {hashed("link", name.casefold()): MOST_OF_BOTH, hashed("link from", address): MOST_OF_NAME}
    refuse_too_many(subjects, now)
    SignInAttempt.objects.bulk_create(SignInAttempt(subject=subject, at=now) for subject in subjects)
    named = Q(username__iexact=name) | (Q(email__iexact=name) if "@" in name else Q(pk__in=()))
    people = User.objects.filter(named, username__isnull=False, status="active").exclude(email="")
    return list(people.order_by("id")[:MOST_OF_ONE_EMAIL])


def person_of_link(user_id: UUID) -> User | None:
    """The active person that a password link names, if it has a login."""
    return User.objects.filter(pk=user_id, status="active", username__isnull=False).first()


def set_password_by_link(*, user: User, password: str, now: datetime) -> User:
    """Keep the password that somebody chose who came by a checked link; other logins end. Raises InvalidInput."""
    set_actor(Actor(kind="user", role=user.role, user_id=user.pk, name=user.name))  # type: ignore[arg-type]
    set_verb("change_password")
    put_password(user, password, actor=Actor(kind="user", role=user.role, user_id=user.pk))  # type: ignore[arg-type]
    user.last_login = now
    user.save(update_fields=["password", "last_login"])
    end_logins([user.pk])
    return user

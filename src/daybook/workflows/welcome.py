"""Write to a person how to sign in (requirements 1.12). Passwords are never stored readable, so a link sets one."""

from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction

from daybook.core.errors import InvalidInput
from daybook.messaging.models import Message
from daybook.messaging.services import queue_message
from daybook.people.errors import ClientNotActive
from daybook.people.models import User
from daybook.people.permissions import access_user, require_manage
from daybook.tenancy.actor import Actor
from daybook.tenancy.scope import current_business


@transaction.atomic
def send_welcome(*, actor: Actor, user_id: UUID, base_url: str, role: str | None = None) -> Message:
    """Put the welcome e-mail into the outbox, with a link to choose a password.

    `base_url` is where this installation is reached. Raises NotFound, NotPermitted, ClientNotActive, InvalidInput
    (`username_required`).
    """
    user = access_user(actor, user_id, role=role)
    require_manage(actor, user.role)
    if not user.is_active:
        raise ClientNotActive(name=user.name)
    if not user.has_login:
        raise InvalidInput(field="username", problem="username_required")
    business = current_business()
    body = (
        f"Hello {user.preferred_name or user.first_name},\n\n"
        f"{business.name} made a login for you.\n\n"
        f"User name: {user.username}\n"
        f"Choose a password here: {password_link(user, base_url)}\n\n"
        f"After that, sign in at {business_url(base_url)}sign-in/\n\n{business.name}"
    )
    return queue_message(to_user=user, event="welcome", subject=f"Your login at {business.name}", body=body)


@transaction.atomic
def send_password_link(*, user: User, base_url: str) -> Message:
    """Put an e-mail with a link to set a new password into the outbox; the caller knows that it was asked for."""
    business = current_business()
    body = (
        f"Hello {user.preferred_name or user.first_name},\n\n"
        f"somebody, probably you, asked for a new password at {business.name}.\n\n"
        f"User name: {user.username}\n"
        f"Choose it here: {password_link(user, base_url)}\n\n"
        f"If it was not you, leave this message alone: nothing changes.\n\n{business.name}"
    )
    return queue_message(to_user=user, event="password", subject=f"A new password at {business.name}", body=body)


def password_link(user: User, base_url: str) -> str:
    """A link that lets this person set a password once; it ends with the next sign-in, or after three days."""
    return f"{business_url(base_url)}set-password/{user.pk}/{default_token_generator.make_token(user)}/"


def business_url(base_url: str) -> str:
    """Where the open business's pages begin."""
    return urljoin(getattr(settings, "PUBLIC_URL", None) or base_url, f"/b/{current_business().slug}/")

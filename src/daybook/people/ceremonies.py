"""What a login keeps between asking a passkey and its answer, and that it showed a second factor a moment ago."""

from datetime import datetime, timedelta
from secrets import token_bytes
from typing import Literal

from django.contrib.sessions.backends.base import SessionBase

from daybook.people.errors import BadPasskey
from daybook.people.models import LoginSession, User
from daybook.people.passkeys import (
    ASK_SECONDS,
    PasskeyAnswer,
    Site,
    creation_options,
    decoded,
    encoded,
    request_options,
)
from daybook.people.queries import passkeys_for, passkeys_of
from daybook.people.second_step import Proof

Purpose = Literal["create", "get"]
CONFIRMED = "second_step_shown"
CONFIRMED_FOR = timedelta(minutes=10)
CHALLENGE_BYTES = 32


def ask_own(
    session: SessionBase, purpose: str | None, *, user: User, issuer: str, site: Site, now: datetime
) -> dict[str, object]:
    """What the browser needs for `purpose`: to make a passkey of one's own (`create`), or else to ask one.

    Raises PasskeysNotHere, BadPasskey.
    """
    if purpose == "create":
        return ask_to_create(session, user=user, issuer=issuer, site=site, now=now)
    return ask_for_proof(session, user=user, site=site, now=now)


def ask_to_create(session: SessionBase, *, user: User, issuer: str, site: Site, now: datetime) -> dict[str, object]:
    """What the browser needs to make a passkey of `user`. Raises PasskeysNotHere."""
    return creation_options(
        site,
        challenge=_new_challenge(session, "create", now),
        user_id=user.pk,
        account=user.username or user.name,
        name=user.name,
        issuer=issuer,
        known=[(each.credential_id, each.transports) for each in passkeys_of(user.pk) if each.site == site.name],
    )


def ask_for_proof(session: SessionBase, *, user: User, site: Site, now: datetime) -> dict[str, object]:
    """What the browser needs to ask one of the passkeys of `user`. Raises PasskeysNotHere, BadPasskey where there is none."""
    site.require_fit()
    known = [(each.credential_id, each.transports) for each in passkeys_for(user.pk, site)]
    if not known:
        raise BadPasskey
    return request_options(site, challenge=_new_challenge(session, "get", now), known=known)


def answer_of(session: SessionBase, text: str, *, purpose: Purpose, site: Site, now: datetime) -> PasskeyAnswer:
    """A browser's answer with the challenge that it should be to, which is used up by this."""
    return PasskeyAnswer(text, _take_challenge(session, purpose, now), site)


def proof_of(session: SessionBase, *, code: str, passkey: str, site: Site, now: datetime) -> Proof:
    """What a form brought: a passkey's answer where there is one, else the code that was typed."""
    return answer_of(session, passkey, purpose="get", site=site, now=now) if passkey else code


def _new_challenge(session: SessionBase, purpose: Purpose, now: datetime) -> bytes:
    challenge = token_bytes(CHALLENGE_BYTES)
    session[_place(purpose)] = [encoded(challenge), now.timestamp() + ASK_SECONDS]
    return challenge


def _take_challenge(session: SessionBase, purpose: Purpose, now: datetime) -> bytes | None:
    """Read behind the row's lock, so that of two answers at once one finds nothing."""
    row = LoginSession.objects.select_for_update().filter(session_key=session.session_key).first()
    kept = session.decode(row.session_data).get(_place(purpose)) if row else None
    if kept is None:
        return None
    session.pop(_place(purpose), None)
    session.save()
    challenge, until = kept
    return decoded(challenge) if now.timestamp() <= until else None


def _place(purpose: Purpose) -> str:
    return f"passkey_{purpose}"


def keep_confirmed(session: SessionBase, now: datetime) -> None:
    """This login has just shown a second factor: for a while another one may be added."""
    session[CONFIRMED] = (now + CONFIRMED_FOR).timestamp()


def is_confirmed(session: SessionBase, now: datetime) -> bool:
    return bool(session.get(CONFIRMED, 0) >= now.timestamp())

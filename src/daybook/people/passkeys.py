"""What a passkey is asked and what it answers: options for the browser, and the check of what comes back. No tables.

The library is imported where it is needed: it takes a fifth of a second, and few requests meet a passkey.
"""

import ipaddress
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from daybook.people.errors import BadPasskey, PasskeyCopied, PasskeysNotHere

ALGORITHMS = (-8, -7, -257)  # EdDSA, ES256, RS256: what every browser and authenticator has one of
ASK_SECONDS = 300
LONGEST_ANSWER = 32_000
LONGEST_ID = 1023  # bytes, by the standard
TRANSPORTS = ("internal", "hybrid", "usb", "nfc", "ble", "smart-card")
DEFAULT_PORTS = {"http": "80", "https": "443"}


@dataclass(frozen=True, slots=True)
class Site:
    """The place that a browser is at, as its request came: passkeys made at one host work at no other."""

    scheme: str
    host: str

    @property
    def name(self) -> str:
        """The host without its port: what a passkey belongs to."""
        return self._parts[0]

    @property
    def origin(self) -> str:
        """As browsers write it: a port only where it is not the scheme's own."""
        name, port = self._parts
        return f"{self.scheme}://{name}" + ("" if port in ("", DEFAULT_PORTS.get(self.scheme)) else f":{port}")

    @property
    def _parts(self) -> tuple[str, str]:
        host = self.host.lower()
        name, _, port = host.rpartition(":") if ":" in host and not host.endswith("]") else (host, "", "")
        return name, port

    @property
    def obstacle(self) -> str:
        """Why no browser takes part at such an address: `number` (no name), `not_secure`; empty where nothing is in the way."""
        if _is_number(self.name):
            return "number"
        is_own_machine = self.name == "localhost" or self.name.endswith(".localhost")
        return "" if self.scheme == "https" or is_own_machine else "not_secure"

    def require_fit(self) -> None:
        """Raises PasskeysNotHere."""
        if self.obstacle:
            raise PasskeysNotHere(obstacle=self.obstacle)


def site_at(scheme: str, host: str, *, public_url: str | None) -> Site:
    """Where a request came from; at the installation's own https address that counts, also where a proxy forgets to say so."""
    configured = urlsplit(public_url or "")
    ours = Site(configured.scheme, configured.netloc)
    return ours if ours.scheme == "https" and ours.origin == Site("https", host).origin else Site(scheme, host)


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class PasskeyAnswer:
    """What the browser sent (JSON), the challenge that this login was given (None: none, or too long ago), and where."""

    text: str
    challenge: bytes | None
    site: Site


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey that was just made."""

    credential_id: str
    public_key: bytes
    sign_count: int
    transports: list[str]


Known = Iterable[tuple[str, list[str]]]  # id and transports of each passkey


def creation_options(
    site: Site, *, challenge: bytes, user_id: UUID, account: str, name: str, issuer: str, known: Known
) -> dict[str, Any]:
    """What `navigator.credentials.create` is given, as JSON. Devices that hold a `known` one are left out. Raises PasskeysNotHere."""
    site.require_fit()
    return {
        "rp": {"id": site.name, "name": issuer},
        "user": {"id": encoded(user_id.bytes), "name": account, "displayName": name},
        "challenge": encoded(challenge),
        "pubKeyCredParams": [{"type": "public-key", "alg": algorithm} for algorithm in ALGORITHMS],
        "timeout": ASK_SECONDS * 1000,
        "excludeCredentials": _described(known),
        "authenticatorSelection": {"residentKey": "preferred", "userVerification": "preferred"},
        "attestation": "none",
    }


def request_options(site: Site, *, challenge: bytes, known: Known) -> dict[str, Any]:
    """What `navigator.credentials.get` is given, as JSON: one of the `known` ones is asked for. Raises PasskeysNotHere."""
    site.require_fit()
    return {
        "rpId": site.name,
        "challenge": encoded(challenge),
        "timeout": ASK_SECONDS * 1000,
        "allowCredentials": _described(known),
        "userVerification": "preferred",
    }


def _described(known: Known) -> list[dict[str, Any]]:
    return [{"type": "public-key", "id": name, "transports": transports} for name, transports in known]


def read_new(answer: PasskeyAnswer) -> NewPasskey:
    """The passkey that was made for this challenge at this site. Raises BadPasskey."""
    import webauthn
    from webauthn.helpers.cose import COSEAlgorithmIdentifier

    given, challenge = _given(answer)
    try:
        made = webauthn.verify_registration_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=answer.site.name,
            expected_origin=answer.site.origin,
            supported_pub_key_algs=[COSEAlgorithmIdentifier(algorithm) for algorithm in ALGORITHMS],
        )
    except Exception as error:  # the library's own refusals, and whatever its parsers raise at what is no answer at all
        raise BadPasskey from error
    if len(made.credential_id) > LONGEST_ID:
        raise BadPasskey
    return NewPasskey(
        encoded(made.credential_id), made.credential_public_key, made.sign_count, _transports(given.get("response"))
    )


def _transports(response: Any) -> list[str]:
    named = response.get("transports") if isinstance(response, dict) else None
    return [each for each in TRANSPORTS if each in named] if isinstance(named, list) else []


def read_proof(answer: PasskeyAnswer, *, user_id: UUID, public_key: bytes, sign_count: int) -> int:
    """The count of signatures with which the passkey proved itself; `sign_count` is the one before.

    Raises BadPasskey, and PasskeyCopied where the proof is right but the count went back.
    """
    import webauthn

    given, challenge = _given(answer)
    try:
        handle = given["response"].get("userHandle")
        proven = webauthn.verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=answer.site.name,
            expected_origin=answer.site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,  # compared below, where it can be told from a wrong proof
        )
    except Exception as error:  # as in read_new
        raise BadPasskey from error
    if handle is not None and decoded(handle) != user_id.bytes:
        raise BadPasskey
    if went_back(proven.new_sign_count, before=sign_count):
        raise PasskeyCopied
    return proven.new_sign_count


def went_back(count: int, *, before: int) -> bool:
    """Whether a count of signatures says that there is a copy. Passkeys that are kept in step between devices count nothing: 0."""
    return (count > 0 or before > 0) and count <= before


def credential_id_of(answer: PasskeyAnswer) -> str:
    """Which passkey an answer says it is of; nothing is proven by it. Raises BadPasskey."""
    given, _challenge = _given(answer)
    name = given.get("id")
    if not isinstance(name, str) or not name.isascii() or "\x00" in name:
        raise BadPasskey
    return name


def _given(answer: PasskeyAnswer) -> tuple[dict[str, Any], bytes]:
    if answer.challenge is None or answer.site.obstacle or len(answer.text) > LONGEST_ANSWER:
        raise BadPasskey
    try:
        given = json.loads(answer.text)
    except (ValueError, RecursionError) as error:
        raise BadPasskey from error
    if not isinstance(given, Mapping):
        raise BadPasskey
    return dict(given), answer.challenge


def encoded(value: bytes) -> str:
    """Bytes as web pages write them: base64url, without padding."""
    return urlsafe_b64encode(value).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """The bytes again; none for what is no base64url."""
    try:
        return urlsafe_b64decode(f"{text}===")
    except ValueError:
        return b""

"""What a second step is made of: time-based codes, recovery codes, and the seal that keeps a secret. Pure."""

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

STEP_SECONDS = 30
DRIFT = 1  # steps that a clock may be ahead or behind
RECOVERY_CODES = 10
RECOVERY_GROUPS, GROUP_LENGTH = 4, 4  # 79 bits: enough that a plain hash is safe
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that is read as something else

_TIME_CODE = re.compile(r"[0-9]{6}")


def new_secret() -> str:
    """A fresh secret for an authenticator app: 160 random bits in base 32."""
    return pyotp.random_base32()


def app_address(secret: str, *, account: str, issuer: str) -> str:
    """What the QR code says: `otpauth://totp/…`, with the names under which the app lists the code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def plain(code: str) -> str:
    """A code as it was meant: without spaces and hyphens, in small letters."""
    return re.sub(r"[\s\-‐-―]", "", code).casefold()


def is_time_code(code: str) -> bool:
    """Whether a plain code has the form of an app's code; any other can only be a recovery code."""
    return _TIME_CODE.fullmatch(code) is not None


def matching_step(secret: str, code: str, *, now: datetime, after: int) -> int | None:
    """The step of time that the plain code belongs to, one step early or late included; None if none.

    Steps up to `after` are used up: each code works once.
    """
    if not is_time_code(code):
        return None
    current = int(now.timestamp()) // STEP_SECONDS
    app = pyotp.TOTP(secret)
    steps = range(max(current - DRIFT, after + 1), current + DRIFT + 1)
    return next((step for step in steps if hmac.compare_digest(app.generate_otp(step), code)), None)


def new_recovery_codes() -> list[str]:
    """Ten codes such as `7kqm-x2vd-m9tf-hw4c`, to be shown once."""
    return [
        "-".join("".join(secrets.choice(_ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(RECOVERY_GROUPS))
        for _ in range(RECOVERY_CODES)
    ]


def recovery_digest(code: str, user_id: UUID) -> str:
    """The stored form of a recovery code of this person."""
    return sha256(f"{user_id}:{plain(code)}".encode(errors="replace")).hexdigest()


def seal(secret: str, *, key: str, user_id: UUID) -> str:
    """The secret encrypted and authenticated for one person, under a key derived from the installation's."""
    return _fernet(key, user_id).encrypt(secret.encode()).decode()


def unseal(sealed: str, *, key: str, user_id: UUID) -> str | None:
    """The secret again; None where it was sealed for another person, or under another key."""
    try:
        return _fernet(key, user_id).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _fernet(key: str, user_id: UUID) -> Fernet:
    info = b"daybook second factor " + user_id.bytes
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(key.encode())
    return Fernet(urlsafe_b64encode(derived))

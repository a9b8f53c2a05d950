"""An authenticator in software: makes passkeys and proves them as a device does, and as no honest one would."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_bytes
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from daybook.people.passkeys import decoded, encoded

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


@dataclass
class Device:
    """Holds one passkey. `count` is what it says to have signed; devices that say 0 for ever have `counts` off."""

    origin: str = "http://localhost"
    counts: bool = True
    count: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential: bytes = field(default_factory=lambda: token_bytes(32))
    user_handle: str = ""

    @property
    def id(self) -> str:
        return encoded(self.credential)

    def make(self, options: dict[str, Any], **client: Any) -> str:
        """What the browser sends for creation options; `client` changes what the browser says of itself."""
        self.user_handle = options["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        point = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + cbor2.dumps(point)
        data = self._data(options["rp"]["id"], PRESENT | VERIFIED | WITH_KEY) + attested
        response = {
            "clientDataJSON": encoded(self._client("webauthn.create", options, client)),
            "attestationObject": encoded(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})),
            "transports": ["internal", "carrier-pigeon"],
        }
        return self._sent(response)

    def prove(self, options: dict[str, Any], *, rp_id: str = "", flags: int = PRESENT | VERIFIED, **client: Any) -> str:
        """What the browser sends for request options."""
        self.count += 1
        data = self._data(rp_id or options["rpId"], flags)
        said = self._client("webauthn.get", options, client)
        signature = self.key.sign(data + sha256(said).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": encoded(said),
            "authenticatorData": encoded(data),
            "signature": encoded(signature),
            "userHandle": self.user_handle,
        }
        return self._sent(response)

    def _data(self, rp_id: str, flags: int) -> bytes:
        count = self.count if self.counts else 0
        return sha256(rp_id.encode()).digest() + bytes([flags]) + count.to_bytes(4, "big")

    def _client(self, kind: str, options: dict[str, Any], changes: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(said | changes).encode()

    def _sent(self, response: dict[str, Any]) -> str:
        return json.dumps({"id": self.id, "rawId": self.id, "type": "public-key", "response": response})


def changed(answer: str, **response: Any) -> str:
    """The same answer with parts of its response changed; None leaves a part out."""
    sent = json.loads(answer)
    sent["response"] = {name: part for name, part in (sent["response"] | response).items() if part is not None}
    return json.dumps(sent)


def flipped(text: str) -> str:
    """The same bytes but for the last one."""
    there = decoded(text)
    return encoded(there[:-1] + bytes([there[-1] ^ 1]))

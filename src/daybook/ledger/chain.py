"""The digest of the chain. Pure Python: any program can prove an exported ledger by these few lines."""

import hashlib
from collections.abc import Iterable

FIRST_DIGEST = "0" * 64
SEAL_SIZE = 2000


def chain_digest(previous: str, canonical: Iterable[str]) -> str:
    """SHA-256 (hex) over the digest before, then the SHA-256 of each entry's canonical JSON, in order."""
    whole = hashlib.sha256(previous.encode())
    for text in canonical:
        whole.update(hashlib.sha256(text.encode()).digest())
    return whole.hexdigest()

"""Doing a thing once: a key is a row written in the transaction of its effect (mechanisms: once)."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from daybook.core.errors import AlreadyUsed
from daybook.core.ids import new_id
from daybook.tenancy.prepared import Rows, fetch_prepared, fetch_together
from daybook.tenancy.scope import current_business_id

_CLAIM = """
    insert into tenancy_oncekey (id, business_id, user_id, key, digest, status, body, created_at)
    values (%s::uuid, %s::bigint, %s::uuid, %s::text, %s::text, 0, '', now())
    on conflict (business_id, user_id, key) do nothing returning id
"""
_FIRST = "select digest, status, body from tenancy_oncekey where user_id = %s::uuid and key = %s::text"
_KEEP = "update tenancy_oncekey set status = %s::smallint, body = %s::text where user_id = %s::uuid and key = %s::text"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the first caller was told: an HTTP status and a body (a page's address or a JSON text)."""

    status: int
    body: str


def digest_of(*parts: bytes | str) -> str:
    """A fingerprint of a request, for telling the same request from another one under the same key."""
    hashed = hashlib.sha256()
    for part in parts:
        hashed.update(part.encode() if isinstance(part, str) else part)
        hashed.update(b"\x00")
    return hashed.hexdigest()


def claim(*, user_id: UUID, key: str, digest: str) -> Answer | None:
    """Take the key for this transaction, or give the first answer again.

    A second caller waits here until the first has committed or failed. Raises AlreadyUsed when the key came
    before with another digest.
    """
    claimed = fetch_prepared(_CLAIM, [new_id(), current_business_id(), user_id, key, digest])
    return first_answer(claimed, user_id=user_id, key=key, digest=digest)


def first_answer(claimed: Rows, *, user_id: UUID, key: str, digest: str) -> Answer | None:
    """None where a claim gave a row; else what the first caller was told. Raises AlreadyUsed like `claim`."""
    if claimed:
        return None
    first = fetch_prepared(_FIRST, [user_id, key])
    if not first or first[0][0] != digest:
        raise AlreadyUsed(key=key)
    return Answer(first[0][1], first[0][2])


def keep(*, user_id: UUID, key: str, answer: Answer, commit: bool = False) -> None:
    """Store the answer beside the effect; with `commit` on the trip that ends the transaction, after which nothing may
    be asked in it.
    """
    fetch_together([(_KEEP, [answer.status, answer.body, user_id, key])], commit=commit)

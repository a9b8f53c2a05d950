"""Sealing entries: each batch's digest covers its entries in order and the batch before (mechanisms: chain)."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from daybook.core.ids import new_id
from daybook.ledger.chain import FIRST_DIGEST, SEAL_SIZE, chain_digest
from daybook.ledger.queries.chain import CANONICAL
from daybook.tenancy.scope import current_business_id

# Any number that no other lock of a business uses.
_LOCK_CLASS = 0x5EA1

_LAST = "select number, digest from ledger_seal where business_id = %s order by number desc limit 1"
_UNSEALED = f"""
    select e.id, {CANONICAL} from ledger_unsealed u join ledger_journalentry e on e.id = u.entry_id
    where u.business_id = %s and u.entry_id > %s order by u.entry_id limit %s
"""
_SEAL = """
    insert into ledger_seal (id, business_id, number, entries, previous_digest, digest, sealed_at)
    values (%s, %s, %s, %s, %s, %s, %s)
"""
_PLACES = """
    insert into ledger_sealedentry (entry_id, business_id, seal_id, position)
    select entry_id, %s, %s, position from unnest(%s::uuid[]) with ordinality as sealed (entry_id, position)
"""


def seal(*, now: datetime) -> int:
    """Seal all entries of the open business that no seal covers; answers how many. One sealer at a time.

    Entries still being written elsewhere are taken by the next seal.
    """
    business_id = current_business_id()
    sealed, last = 0, UUID(int=0)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [_LOCK_CLASS, business_id % 2**31])
        cursor.execute(_LAST, [business_id])
        number, digest = cursor.fetchone() or (0, FIRST_DIGEST)
        while True:
            cursor.execute(_UNSEALED, [business_id, last, SEAL_SIZE])
            rows = cursor.fetchall()
            if not rows:
                return sealed
            ids = [row[0] for row in rows]
            last = ids[-1]
            number, previous, seal_id = number + 1, digest, new_id()
            digest = chain_digest(previous, (row[1] for row in rows))
            cursor.execute(_SEAL, [seal_id, business_id, number, len(ids), previous, digest, now])
            cursor.execute(_PLACES, [business_id, seal_id, ids])
            cursor.execute("delete from ledger_unsealed where entry_id = any(%s)", [ids])
            sealed += len(ids)

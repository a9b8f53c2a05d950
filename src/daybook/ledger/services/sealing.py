"""Sealing entries: each batch's digest covers its entries in order and the batch before (mechanisms: chain)."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from daybook.core.ids import new_id
from daybook.ledger.chain import FIRST_DIGEST, SEAL_SIZE
from daybook.ledger.queries.chain import CANONICAL_POSTINGS, digest, fingerprint
from daybook.tenancy.scope import current_business_id

# Any number that no other lock of a business uses.
_LOCK_CLASS = 0x5EA1

_LAST = "select number, digest from ledger_seal where business_id = %s order by number desc limit 1"
# One snapshot reads the batch and ends its waiting: the range of ids holds just those entries, and unlike their list it is
# quick whatever the planner believes of a table that is empty most of the time.
_SEAL = f"""
    with batch as materialized (
        select e.id, u.position, {fingerprint(f"(select {CANONICAL_POSTINGS} from ledger_posting p where p.entry_id = e.id)")} as mark
        from (
            select entry_id, row_number() over (order by entry_id) as position from ledger_unsealed
            where business_id = %(business)s and entry_id > %(last)s order by entry_id limit %(size)s
        ) u join ledger_journalentry e on e.id = u.entry_id
    ), seal as (
        insert into ledger_seal (id, business_id, number, entries, previous_digest, digest, sealed_at)
        select %(seal)s, %(business)s, %(number)s, count(*), %(previous)s::text,
               {digest("%(previous)s::text", "string_agg(mark, '' order by position)")}, %(now)s
        from batch having count(*) > 0
        returning entries, digest
    ), places as (
        insert into ledger_sealedentry (entry_id, business_id, seal_id, position)
        select id, %(business)s, %(seal)s, position from batch
    ), newest as (
        select id from batch order by position desc limit 1
    ), done as (
        delete from ledger_unsealed
        where business_id = %(business)s and entry_id > %(last)s and entry_id <= (select id from newest)
    )
    select entries, digest, (select id from newest) from seal
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
        number, previous = cursor.fetchone() or (0, FIRST_DIGEST)
        while True:
            number += 1
            cursor.execute(
                _SEAL,
                {
                    "business": business_id, "seal": new_id(), "number": number, "previous": previous, "now": now,
                    "last": last, "size": SEAL_SIZE,
                },
            )  # fmt: skip
            made = cursor.fetchone()
            if made is None:
                return sealed
            entries, previous, last = made
            sealed += entries

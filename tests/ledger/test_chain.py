"""What a seal says can be proven without Daybook: from the rows, a JSON array an entry, and SHA-256."""

import hashlib
from collections.abc import Iterable

import pytest
from django.db import connection

from daybook.core.ids import new_id
from daybook.core.reasons import Reason
from daybook.ledger import rules
from daybook.ledger.chain import FIRST_DIGEST
from daybook.ledger.models import Seal
from daybook.ledger.services import post, reverse, seal
from daybook.tenancy.actor import COMMAND
from tests.factories.money import NOW, TODAY, make_client

pytestmark = pytest.mark.django_db

TEXTS = ("plain", 'quo"ted\\', "tab\tand\nline", "naïve – ünïcode 数学 🎻", "\x01\x7f</script>", "")

# An entry as JSON in PostgreSQL's own spelling, by id.
WRITTEN = """
    select jsonb_build_array(
        e.id, e.kind, e.occurred_on, to_char(e.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        e.actor_kind, e.actor_id, e.source_kind, e.source_id, e.description, e.reasons, e.reverses_id,
        (select jsonb_agg(jsonb_build_array(p.id, p.account_id, p.amount_minor, p.side, p.occurred_on) order by p.id)
         from ledger_posting p where p.entry_id = e.id)
    )::text
    from ledger_sealedentry i join ledger_journalentry e on e.id = i.entry_id
    where i.seal_id = %s order by i.position
"""


def chain_digest(previous: str, canonical: Iterable[str]) -> str:
    """SHA-256 (hex) over the digest before, then the SHA-256 of each entry's canonical JSON, in order."""
    whole = hashlib.sha256(previous.encode())
    for text in canonical:
        whole.update(hashlib.sha256(text.encode()).digest())
    return whole.hexdigest()


def test_digest_is_that_of_the_entries_as_json(business: object) -> None:
    client = make_client()
    charges = [
        rules.charge(
            payer_id=client.pk, cost_minor=1_000 + number, tax_minor=number, occurred_on=TODAY, source_id=new_id(),
            description=text, reasons=[Reason("minutes", {"text": text, "minutes": number, "half": 0.5})],
        )
        for number, text in enumerate(TEXTS)
    ]  # fmt: skip
    written = post(charges, now=NOW, actor=COMMAND)
    seal(now=NOW)
    reverse([written[0].pk], occurred_on=TODAY, now=NOW, actor=COMMAND)
    seal(now=NOW)
    previous = FIRST_DIGEST
    for made in Seal.objects.order_by("number"):
        with connection.cursor() as cursor:
            cursor.execute(WRITTEN, [made.pk])
            texts = [row[0] for row in cursor.fetchall()]
        assert len(texts) == made.entries
        assert made.digest == chain_digest(previous, texts)
        previous = made.digest
    assert previous != FIRST_DIGEST

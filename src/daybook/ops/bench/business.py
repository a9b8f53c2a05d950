"""The business that is measured: of a demo's size, under a name of its own, made once and used again."""

import sys
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from daybook.core.periods import day_span, local_date, month_span
from daybook.ops.demo.make import UNFINISHED, is_stale, make_demo
from daybook.ops.demo.remove import remove_demo
from daybook.ops.demo.shapes import SEED, SHAPES
from daybook.people.actors import actor_of
from daybook.people.models import User
from daybook.tenancy.actor import Actor
from daybook.tenancy.models import Business
from daybook.tenancy.scope import open_scope

_BUSIEST_PRACTITIONER = """
    select practitioner_id from scheduling_session where deleted_at is null and starts_at >= %s and starts_at < %s
    group by 1 order by count(*) desc, 1 limit 1
"""
_BUSIEST_CLIENT = """
    select a.owner_id from ledger_account a join ledger_posting p on p.account_id = a.id
    where a.kind = 'receivable' group by 1 order by count(*) desc, 1 limit 1
"""
_INVOICE = "select i.id from billing_invoice i join billing_invoiceline l on l.invoice_id = i.id where i.state = 'issued' group by 1 order by abs(count(*) - 6), 1 limit 1"


@dataclass(frozen=True, slots=True)
class Subject:
    """What the lines are about. `starts` and `ends` are instants around the month of today."""

    business: Business
    actor: Actor
    today: date
    first: date
    last: date
    starts: datetime
    ends: datetime
    practitioner_id: UUID
    client_id: UUID
    invoice_id: UUID
    names: tuple[str, ...]


def ensure(size: str, now: datetime) -> Business:
    """The business of that size, made if it is not there or was made weeks ago."""
    shape = replace(SHAPES[size], slug=f"bench-{size}", business=f"Bench {size}")
    found = Business.objects.filter(slug=shape.slug).first()
    if found and not is_stale(found, now.date()):
        return found
    if found:
        remove_demo(shape.slug)
    remove_demo(shape.slug + UNFINISHED)
    print(f"daybook: making a business of {shape.sessions:,} sessions to measure", file=sys.stderr, flush=True)
    return make_demo(shape, seed=SEED, now=now)


def subject_of(business: Business, now: datetime) -> Subject:
    today = local_date(now, business.time_zone)
    first, last = month_span(today)
    starts, ends = day_span(first, last, business.time_zone)
    with open_scope(business.pk):
        administrator = User.objects.get(username="admin")
        actor = actor_of(administrator)
        names = tuple(
            User.objects.filter(role="client").order_by("id").values_list("last_name", flat=True).distinct()[:400]
        )
        with connection.cursor() as cursor:
            cursor.execute(_BUSIEST_PRACTITIONER, [starts, ends])
            practitioner_id = cursor.fetchone()[0]
            cursor.execute(_BUSIEST_CLIENT)
            client_id = cursor.fetchone()[0]
            cursor.execute(_INVOICE)
            invoice_id = cursor.fetchone()[0]
    return Subject(
        business, actor, today, first, last, starts, ends, practitioner_id, client_id, invoice_id,
        tuple(dict.fromkeys(names)),
    )  # fmt: skip

"""The demo business in the database: its books prove, its calendar is alive, and everybody can sign in."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.db import connection, transaction
from django.db.models import Count, Q, Sum

from daybook.billing.models import Invoice
from daybook.ledger.models import Account, JournalEntry, Posting, Seal
from daybook.ledger.services import seal
from daybook.ops.demo.make import is_stale, make_demo
from daybook.ops.demo.shapes import PASSWORD, SHAPES, Shape
from daybook.payments.models import Payment, Refund
from daybook.people.models import PermissionSwitch, User
from daybook.scheduling.models import Occupancy, Participant, Session
from daybook.tenancy.actor import COMMAND
from daybook.tenancy.models import Business
from daybook.tenancy.scope import open_scope
from daybook.workflows.check_books import check_books

NOW = datetime(2025, 3, 26, 9, 30, tzinfo=UTC)
TINY = replace(SHAPES["small"], sessions=600, clients=40)


def make(shape: Shape = TINY, seed: int = 1, now: datetime = NOW) -> Business:
    return make_demo(shape, seed=seed, now=now)


@pytest.fixture
def demo(db: None) -> Iterator[Business]:
    with open_scope(make().pk) as business:
        yield business


def test_make_demo_balances_every_book(demo: Business) -> None:
    report = check_books(actor=COMMAND, now=NOW)

    assert report.problems == ()
    assert report.transactions > 500


def fingerprint(seed: int) -> dict[str, object]:
    """What a demo of that seed puts into the large tables, and the digest over its books; taken back again."""
    with transaction.atomic():
        business = make(seed=seed)
        with open_scope(business.pk), connection.cursor() as cursor:
            seal(now=NOW)
            found: dict[str, object] = {"books": Seal.objects.latest("number").digest}
            for table, left_out in RANDOM.items():
                cursor.execute(
                    f"select md5(string_agg(text, '' order by text)) from (select (to_jsonb(t) - %s::text[])::text as text from {table} t) rows",
                    [["business_id", *left_out]],
                )
                found[table] = cursor.fetchone()[0]
        transaction.set_rollback(True)
    return found


# Columns that name what is made with every business and has ids of its own: its administrator and completion types.
RANDOM = {
    "scheduling_session": ["completion_type_id", "deleted_by"],
    "scheduling_participant": ["completion_type_id", "reasons"],
    "scheduling_occupancy": [],
    "payments_payment": [],
    "payments_allocation": [],
    "billing_invoice": [],
    "billing_invoiceline": [],
}


def test_make_demo_of_same_seed_is_the_same_and_of_another_is_not(db: None) -> None:
    first = fingerprint(seed=1)

    assert fingerprint(seed=1) == first
    other = fingerprint(seed=2)
    assert all(other[name] != value for name, value in first.items())


def test_make_demo_fills_today_and_both_sides_of_it(demo: Business) -> None:
    today = Session.objects.filter(starts_at__date=NOW.date())

    assert demo.slug == "demo"
    assert demo.is_demo
    assert Session.objects.with_deleted().count() == TINY.sessions
    assert today.count() >= 6
    assert set(today.values_list("status", flat=True)) == {"open"}
    assert Session.objects.filter(starts_at__lt=NOW - timedelta(weeks=12)).exists()
    assert Session.objects.filter(starts_at__gt=NOW + timedelta(weeks=4)).exists()
    assert Session.objects.filter(status="open", ends_at__lt=NOW.replace(hour=0)).exists()


def test_make_demo_shows_what_a_business_meets(demo: Business) -> None:
    sizes = Participant.objects.values("session").annotate(size=Count("id"))

    assert set(Session.objects.values_list("status", flat=True)) == {"open", "canceled", "missed", "completed"}
    assert sizes.filter(size__gt=3).exists()
    assert Participant.objects.filter(status="canceled", cost_minor__gt=0).exists()
    assert Participant.objects.filter(tax_minor__gt=0).exists()
    assert Account.objects.filter(kind="receivable", balance_minor__gt=0).exists()
    assert Account.objects.filter(kind="receivable", balance_minor__lt=0).exists()
    assert {"draft", "issued"} <= set(Invoice.objects.values_list("state", flat=True))
    assert Invoice.objects.filter(state="issued", due_on__lt=NOW.date(), paid_minor=0).exists()
    assert len(set(Payment.objects.values_list("method", flat=True))) >= 4
    assert Refund.objects.exists()
    assert JournalEntry.objects.filter(reverses__isnull=False).exists()


def test_make_demo_takes_the_time_of_every_session_that_blocks(demo: Business) -> None:
    blocking = Session.objects.filter(service__is_concurrent=False).exclude(status="canceled")
    free = Session.objects.with_deleted().filter(Q(status="canceled") | Q(deleted_at__isnull=False))

    assert set(blocking.values_list("id", "practitioner_id")) <= set(
        Occupancy.objects.values_list("session_id", "resource_id")
    )
    assert not Occupancy.objects.filter(session__in=free).exists()
    assert Occupancy.objects.filter(
        resource_id__in=blocking.filter(location__capacity=1).values("location_id")
    ).exists()


def test_make_demo_puts_what_is_scheduled_on_the_accounts(demo: Business) -> None:
    scheduled = Participant.objects.aggregate(total=Sum("scheduled_minor"))["total"]

    assert scheduled > 0
    assert Account.objects.aggregate(total=Sum("scheduled_minor"))["total"] == scheduled
    assert Posting.objects.aggregate(total=Sum("amount_minor"))["total"] == 0


def test_make_demo_lets_every_role_sign_in(demo: Business) -> None:
    users = {user.username: user for user in User.objects.filter(username__isnull=False)}
    roles = {user.role for user in users.values()}

    assert users.keys() == {"admin", "staff", "practitioner", "client", "client-no-costs", "agent"}
    assert roles == set(User.Role.values)
    assert all(user.is_active and check_password(PASSWORD, user.password) for user in users.values())
    assert users["client-no-costs"].agent_id == users["agent"].pk
    assert PermissionSwitch.objects.get(user=users["client-no-costs"]).permission == "hide_costs"
    assert Session.objects.filter(practitioner=users["practitioner"], starts_at__date=NOW.date()).exists()
    assert Participant.objects.filter(client=users["client"]).exists()


def test_demo_that_is_weeks_old_is_stale() -> None:
    made = Business(created_at=NOW)

    assert not is_stale(made, NOW.date() + timedelta(days=20))
    assert is_stale(made, NOW.date() + timedelta(days=22))

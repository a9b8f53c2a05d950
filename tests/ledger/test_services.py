"""The ledger's writing: whole, balanced, kept totals, reversals, the chain; tampering is found and named."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from daybook.core.ids import new_id
from daybook.core.reasons import Reason
from daybook.ledger import rules
from daybook.ledger.errors import AlreadyReversed
from daybook.ledger.models import Account, JournalEntry, Posting
from daybook.ledger.queries import Balance, balance_of, check_ledger, statement, totals
from daybook.ledger.services import account_ids, add_scheduled, lock_accounts, post, reverse, reverse_sources, seal
from daybook.people.models import User

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = date(2026, 3, 2)


@pytest.fixture
def client(business):
    return User.objects.create(role="client", first_name="Leo")


@pytest.fixture
def practitioner(business):
    return User.objects.create(role="practitioner", first_name="Pia")


def charged(client, cost, tax=0, day=DAY):
    return rules.charge(payer_id=client.pk, cost_minor=cost, tax_minor=tax, occurred_on=day, source_id=new_id())


def paid(client, amount, day=DAY):
    return rules.payment(payer_id=client.pk, amount_minor=amount, method="cash", occurred_on=day, source_id=new_id())


def test_post_charge_and_payment_moves_kept_totals(admin, client):
    post([charged(client, 10_000, 1_900), paid(client, 5_000)], now=NOW, actor=admin)
    # 100.00 + 19.00 tax charged, 50.00 paid.
    assert balance_of(client.pk) == Balance(payments=5_000, costs=11_900)
    assert balance_of(client.pk).balance == -6_900


def test_post_wage_is_kept_as_earned(admin, practitioner):
    entry = rules.wage(practitioner_id=practitioner.pk, wage_minor=3_000, occurred_on=DAY, source_id=new_id())
    payout = rules.wage_payment(
        practitioner_id=practitioner.pk, amount_minor=1_000, occurred_on=DAY, source_id=new_id()
    )
    post([entry, payout], now=NOW, actor=admin)
    account = Account.objects.get(owner=practitioner, kind="wages_payable")
    assert (account.charged_minor, account.paid_minor, account.balance_minor) == (3_000, 1_000, -2_000)


def test_post_keeps_reasons_with_the_entry(admin, client):
    entry = rules.charge(
        payer_id=client.pk,
        cost_minor=100,
        occurred_on=DAY,
        source_id=new_id(),
        reasons=[Reason("hourly", {"minutes": 60})],
    )
    post([entry], now=NOW, actor=admin)
    assert JournalEntry.objects.get().reasons == [{"code": "hourly", "minutes": 60}]


def test_post_nothing_asks_nothing(admin, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert post([], now=NOW, actor=admin) == []


@pytest.mark.parametrize("rows", [1, 30])
def test_post_takes_two_queries_whatever_the_number(admin, client, rows, django_assert_num_queries):
    post([charged(client, 1)], now=NOW, actor=admin)
    with django_assert_num_queries(2):
        entries = post([charged(client, 100) for _ in range(rows)], now=NOW, actor=admin)
    assert len(entries) == rows


def test_charge_of_nothing_is_a_mistake(client):
    with pytest.raises(ValueError, match="nothing"):
        charged(client, 0)


def test_postings_out_of_balance_are_refused_by_the_database(admin, client):
    entry = post([charged(client, 100)], now=NOW, actor=admin)[0]
    account = Account.objects.get(owner=client)
    with pytest.raises(IntegrityError, match="sum to zero"), transaction.atomic():
        Posting.objects.create(entry=entry, account=account, amount_minor=5, occurred_on=DAY)


@pytest.mark.parametrize(
    "statement_text",
    [
        "update ledger_posting set amount_minor = 1",
        "delete from ledger_journalentry",
        "update ledger_account set balance_minor = 0",
        "delete from ledger_seal",
    ],
)
def test_the_application_cannot_change_what_was_written(admin, client, statement_text):
    post([charged(client, 100)], now=NOW, actor=admin)
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement_text)


def test_reverse_takes_back_exactly(admin, client):
    entries = post([charged(client, 10_000, 700), paid(client, 3_000)], now=NOW, actor=admin)
    reversals = reverse([entry.pk for entry in entries], occurred_on=DAY, now=NOW, actor=admin)
    assert [row.reverses_id for row in reversals] == [entry.pk for entry in entries]
    assert balance_of(client.pk) == Balance()


def test_reverse_twice_is_refused(admin, client):
    entry = post([charged(client, 100)], now=NOW, actor=admin)[0]
    reverse([entry.pk], occurred_on=DAY, now=NOW, actor=admin)
    with pytest.raises(AlreadyReversed):
        reverse([entry.pk], occurred_on=DAY, now=NOW, actor=admin)


def test_reverse_sources_takes_only_what_still_stands(admin, client):
    new = charged(client, 100)
    post([new], now=NOW, actor=admin)
    assert len(reverse_sources([new.source_id], occurred_on=DAY, now=NOW, actor=admin)) == 1
    post([new], now=NOW, actor=admin)
    assert balance_of(client.pk).costs == 100
    assert len(reverse_sources([new.source_id], occurred_on=DAY, now=NOW, actor=admin)) == 1
    assert balance_of(client.pk) == Balance()


def test_add_scheduled_makes_the_account_and_adds(admin, client, practitioner):
    add_scheduled({client.pk: 500, practitioner.pk: 0})
    add_scheduled({client.pk: -200})
    assert balance_of(client.pk) == Balance(scheduled=300)
    assert balance_of(client.pk).available_credit == -300
    assert totals() == Balance(scheduled=300)


def test_lock_accounts_makes_and_orders(admin, client, practitioner):
    found = lock_accounts([practitioner.pk, client.pk])
    assert found.keys() == {client.pk, practitioner.pk}
    assert account_ids([client.pk], "receivable") == {client.pk: found[client.pk].pk}


def test_statement_works_back_from_the_kept_balance(admin, client):
    post([charged(client, 100 * n, day=date(2026, 1, n)) for n in range(1, 6)], now=NOW, actor=admin)
    post([paid(client, 1_000, day=date(2026, 1, 10))], now=NOW, actor=admin)
    whole = statement(client.pk)
    # 100 + 200 + 300 + 400 + 500 charged, 1,000 paid.
    assert [line.balance_minor for line in whole.lines] == [-100, -300, -600, -1_000, -1_500, -500]
    assert (whole.opening_minor, whole.closing_minor, whole.older) == (0, -500, None)


def test_statement_pages_and_dates_agree_with_the_whole(admin, client):
    post([charged(client, 100 * n, day=date(2026, 1, n)) for n in range(1, 6)], now=NOW, actor=admin)
    last = statement(client.pk, limit=2)
    assert (last.opening_minor, [line.balance_minor for line in last.lines]) == (-600, [-1_000, -1_500])
    first = statement(client.pk, limit=2, before=last.older)
    assert (first.closing_minor, [line.balance_minor for line in first.lines]) == (-600, [-300, -600])
    middle = statement(client.pk, date_from=date(2026, 1, 2), date_to=date(2026, 1, 3))
    assert (middle.opening_minor, middle.closing_minor) == (-100, -600)
    assert statement(client.pk, date_to=date(2025, 1, 1)).closing_minor == 0
    after = statement(client.pk, date_from=date(2026, 2, 1))
    assert (after.opening_minor, after.closing_minor, after.lines) == (-1_500, -1_500, ())


def test_statement_of_one_who_has_no_account_is_empty(admin, client):
    assert statement(client.pk).lines == ()


def test_seal_covers_each_entry_once(admin, client):
    post([charged(client, 100) for _ in range(3)], now=NOW, actor=admin)
    assert seal(now=NOW) == 3
    assert seal(now=NOW) == 0
    post([paid(client, 100)], now=NOW, actor=admin)
    assert seal(now=NOW) == 1
    report = check_ledger()
    assert (report.balanced, report.transactions, report.entries, report.seals) == (True, 4, 8, 2), report.problems

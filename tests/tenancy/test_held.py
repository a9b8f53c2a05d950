"""Writes held back for the trip that ends the transaction: nothing in it can tell, and a refusal is met the second time."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from daybook.tenancy.models import Term
from daybook.tenancy.prepared import fetch_prepared, fetch_together, holding_back, send_held, write_together
from daybook.tenancy.scope import current_business_id

ADD = "insert into tenancy_term (id, business_id, term, singular, plural) values (gen_random_uuid(), %s::bigint, %s::text, 'a', 'b')"
COUNT = "select count(*) from tenancy_term"


def add(term: str) -> None:
    write_together([(ADD, [current_business_id(), term])])


def test_what_is_held_goes_on_the_next_trip_and_is_seen_by_it(business):
    with holding_back(), CaptureQueriesContext(connection) as asked:
        add("client")
        assert len(asked) == 0
        assert fetch_prepared(COUNT, []) == [(1,)]
        assert [each["sql"] for each in asked] == [ADD, COUNT]
        add("session")
        assert Term.objects.count() == 2


def test_what_is_held_is_written_when_the_transaction_ends_or_when_told(business):
    with holding_back():
        with transaction.atomic():
            add("client")
        assert fetch_prepared(COUNT, []) == [(1,)]
        add("session")
        send_held()
        send_held()
    assert Term.objects.count() == 2


def test_without_holding_back_a_write_is_made_at_once_and_a_refusal_undoes_it_alone(business):
    add("client")
    with pytest.raises(IntegrityError):
        add("client")
    assert fetch_prepared(COUNT, []) == [(1,)]


def test_what_is_held_goes_before_a_savepoint_that_follows(business):
    with holding_back():
        add("client")
        with pytest.raises(IntegrityError):
            fetch_together([(ADD, [current_business_id(), "client"])], savepoint=True)
        assert Term.objects.count() == 1


def test_what_is_held_goes_with_a_transaction_that_is_taken_back(business):
    with holding_back(), pytest.raises(ZeroDivisionError), transaction.atomic():
        add("client")
        raise ZeroDivisionError
    assert Term.objects.count() == 0

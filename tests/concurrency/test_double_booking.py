"""Forty callers want the same practitioner's time at once: one gets it, the others are told, nobody waits in a circle."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import connection, connections

from daybook.ledger.models import Account
from daybook.scheduling.errors import DoubleBooking
from daybook.scheduling.models import Occupancy, Participant, Session
from daybook.tenancy.actor import COMMAND
from daybook.tenancy.scope import open_scope
from tests.factories.businesses import make_business
from tests.factories.sessions import add, at, make_client, make_location, make_practitioner, make_service
from tests.support.databases import Database

CALLERS = 40


def test_simultaneous_adds_for_overlapping_times_let_one_through(real_database: Database) -> None:
    business = make_business()
    with open_scope(business.pk, actor=COMMAND):
        service, pia, room = make_service(buffer_after=5), make_practitioner(), make_location()
        clients = [make_client() for _ in range(CALLERS)]

    def call(number: int) -> str:
        try:
            with open_scope(business.pk, actor=COMMAND):
                starts_at = at(10) + timedelta(minutes=number)
                # Two wanted clients each, in turned order, so that accounts could be locked in a circle.
                pair = (clients[number], clients[-number - 1])
                add(COMMAND, service, pia, *pair, starts_at=starts_at, location_id=room.pk)
            return "added"
        except DoubleBooking as refusal:
            assert refusal.data["name"] == pia.name
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=CALLERS) as pool:
        answers = list(pool.map(call, range(CALLERS)))

    assert sorted(answers) == ["added"] + ["double_booking"] * (CALLERS - 1)
    with open_scope(business.pk):
        assert (Session.objects.count(), Participant.objects.count(), Occupancy.objects.count()) == (1, 2, 2)
        assert sum(Account.objects.values_list("scheduled_minor", flat=True)) == 2 * 6000
    connection.close()

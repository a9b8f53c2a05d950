"""What a list of people says of each."""

import pytest

from daybook.insights.people import Narrowing, chosen, people_page
from daybook.people.models import User
from daybook.people.queries import Wanted
from daybook.people.services import assign
from daybook.tenancy.actor import Actor
from tests.factories.money import NOW, make_client

pytestmark = pytest.mark.django_db


def test_practitioner_has_as_many_clients_as_are_assigned_and_not_deleted(admin: Actor) -> None:
    busy, idle = (User.objects.create(role="practitioner", first_name="Pia", last_name=name) for name in ("A", "B"))
    clients = [make_client() for _ in range(3)]
    assign(actor=admin, practitioner_id=busy.pk, client_ids=[client.pk for client in clients])
    User.objects.filter(pk=clients[0].pk).update(deleted_at=NOW)

    page = people_page(
        chosen(admin, ["practitioner"], Narrowing()), Wanted(), columns=["clients"], sort="name", descending=False,
        offset=0, limit=50, zone="Europe/Dublin",
    )  # fmt: skip

    assert [(row.id, row.clients) for row in page.rows] == [(str(busy.pk), 2), (str(idle.pk), 0)]

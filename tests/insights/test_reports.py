"""The reports of sessions: figures by client and service, narrowed, sorted, and shown page by page with sums of all."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client as Browser

from daybook.core.money import minor_to_text
from daybook.insights.reports import Filters, attendance, service_spending
from daybook.people.models import User
from tests.factories.money import make_client, make_session

pytestmark = pytest.mark.django_db

MARCH = Filters(date(2026, 3, 1), date(2026, 3, 31), "Europe/Dublin")


@pytest.fixture
def clients(business: object) -> list[User]:
    """Sixty clients; the one with number n has one session at n.00, each tenth a second one, missed, at 0.50."""
    made = [make_client(first_name=f"Kid{number:02}", last_name="") for number in range(1, 61)]
    for number, client in enumerate(made, start=1):
        make_session(client, cost=number * 100, starts_at=datetime(2026, 3, 3, 15, tzinfo=UTC))
        if number % 10 == 0:
            make_session(client, cost=50, status="missed", starts_at=datetime(2026, 3, 4, 15, tzinfo=UTC))
    return made


def test_figures_are_added_up_by_client_and_service(clients: list[User]) -> None:
    spent = service_spending(MARCH)
    assert len(spent.items) == 66  # every session of this factory is of a service of its own
    # 1 + 2 + … + 60 = 1,830.00 and six times 0.50
    assert spent.totals == {"sessions": 66, "minutes": 66 * 60, "cost": 183_000 + 300}
    ended = attendance(MARCH)
    assert ended.totals == {"completed": 60, "missed": 6, "canceled": 0, "open": 0}
    assert ended.ordered("rate").items[0]["rate"] == 50 and ended.ordered("rate").items[-1]["rate"] == 100


def test_narrowed_and_ordered(clients: list[User]) -> None:
    found = attendance(MARCH).narrowed("  KID1 ")
    assert [item["client"] for item in found.items] == [f"Kid{number}" for number in range(10, 20)]
    assert found.totals["missed"] == 1 and found.ordered("missed", descending=True).items[0]["client"] == "Kid10"
    assert attendance(MARCH).narrowed("nobody").items == []


def test_page_shows_fifty_rows_sums_of_all_and_exports_all(signed_in: Browser, clients: list[User]) -> None:
    def page(more: str = "") -> str:
        answer = signed_in.get(f"/reports/service-spending/?from=2026-03-01&to=2026-03-31{more}")
        assert answer.status_code == 200
        return answer.content.decode("utf-8-sig")

    first, second = page(), page("&page=2")
    assert [text.count("<td>Kid") for text in (first, second)] == [50, 16]
    total = minor_to_text(183_300, "EUR")
    assert all(f"{total[0]},{total[1:]}" in text for text in (first, second))
    assert page("&sort=-cost").index("Kid60") < page("&sort=-cost").index("Kid59")
    assert page("&q=kid07").count("<td>Kid") == 1
    assert page("&format=csv").count("\n") == 67 and page("&format=csv&page=2&q=kid07").count("\n") == 2

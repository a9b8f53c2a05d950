"""The help's pages: for whom, about which page, in whose words."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daybook.people.models import User
from daybook.tenancy.actor import Actor
from daybook.tenancy.models import Business, Term
from tests.factories.sessions import make_client, make_person, make_practitioner
from tests.support.logins import BusinessClient, signed_in


@pytest.fixture
def office(admin: Actor) -> BusinessClient:
    return signed_in(User.objects.get(pk=admin.user_id))


def read(browser: BusinessClient, path: str, **headers: str) -> str:
    answer = browser.get(path, headers=headers)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_every_page_has_the_button_and_it_leads_to_the_help(office: BusinessClient, business: Business) -> None:
    page = read(office, "/clients/")

    assert f'href="/b/{business.slug}/help/" data-drawer data-help' in page
    assert "All subjects" not in page


def test_the_articles_of_the_page_come_first(office: BusinessClient, business: Business) -> None:
    referer = f"http://testserver/b/{business.slug}/clients/?q=x"
    page = read(office, "/help/", Referer=referer)
    below = read(
        office, "/help/", Referer=f"http://testserver/b/{business.slug}/accounting/invoices/add/lines/preview/"
    )
    nowhere = read(office, "/help/", Referer="http://elsewhere/nothing/")

    assert page.index("About the page you came from") < page.index("/help/add-a-client/") < page.index("First steps")
    assert "/help/write-an-invoice/" in below.partition("First steps")[0]
    assert "About the page" not in nowhere


def test_the_panel_is_the_page_without_its_frame_and_stays_a_panel(office: BusinessClient) -> None:
    panel = read(office, "/help/", **{"HX-Request": "true"})
    article = read(office, "/help/completion-options/", **{"HX-Request": "true"})
    searched = read(office, "/help/?q=invoice&page=1", **{"HX-Request": "true"})

    assert "<html" not in panel
    assert 'href="/help/' not in panel  # addresses are the business's
    assert panel.count("data-drawer") > 50
    assert "data-drawer>Make completion types" in article.replace("\n", "")
    assert "write-an-invoice" in searched
    assert "data-drawer" not in searched


def test_articles_speak_the_words_of_the_business(office: BusinessClient, business: Business) -> None:
    before = read(office, "/help/add-a-client/")
    Term.objects.create(term="client", singular="in<b>fant", plural="in<b>fants")
    after = read(office, "/help/add-a-client/")

    assert "<h1>Add a client</h1>" in before
    assert "<h1>Add an in&lt;b&gt;fant</h1>" in after
    assert "<b>fant" not in after
    assert "in&lt;b&gt;fant in Daybook" in after


def test_links_lead_only_where_the_reader_may_go(admin: Actor, business: Business) -> None:
    office = read(signed_in(User.objects.get(pk=admin.user_id)), "/help/completion-options/")
    pia = read(signed_in(make_practitioner(username="pia")), "/help/completion-options/")

    assert f'href="/b/{business.slug}/settings/completion-types/"' in office
    assert "/settings/completion-types/" not in pia
    assert f'class="btn" href="/b/{business.slug}/sessions/"' in pia


def test_clients_and_agents_have_their_own_help(business: Business) -> None:
    for person, other in (
        (make_client(username="leo"), "my-clients"),
        (make_person("agent", username="clara"), "complete-a-session"),
    ):
        browser = signed_in(person)
        page = read(browser, "/my/help/")

        assert "/my/help/my-money/" in page
        assert other not in page
        assert browser.get(f"/my/help/{other}/").status_code == 404
        assert f'href="/b/{business.slug}/my/money/"' in read(browser, "/my/help/my-money/")
        assert browser.get("/help/")["Location"] == f"/b/{business.slug}/my/"


@pytest.mark.parametrize("slug", ["nothing", "my-money", "a" * 300])
def test_what_is_not_for_the_reader_is_not_there(office: BusinessClient, slug: str) -> None:
    assert office.get(f"/help/{slug}/").status_code == 404


@pytest.mark.parametrize("query", ["%00", "%22%3E%3Cscript%3E", "x" * 5000])
def test_a_search_for_nothing_sensible_is_answered(office: BusinessClient, query: str) -> None:
    page = read(office, f"/help/?q={query}")

    assert "<script>" not in page
    assert "All subjects" in page


def test_the_help_asks_the_database_nothing_of_its_own(office: BusinessClient) -> None:
    def queries(path: str) -> int:
        read(office, path)
        with CaptureQueriesContext(connection) as captured:
            read(office, path)
        return len(captured)

    frame = queries("/settings/")

    assert [queries(path) for path in ("/help/", "/help/?q=invoice", "/help/add-a-client/")] == [frame] * 3

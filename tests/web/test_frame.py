"""The frame of the team's pages: what of it is kept is kept apart, and shows at once what changed."""

from __future__ import annotations

import re

import pytest
from django.template import Context, Template
from django.template.base import NodeList
from django.test import Client

from daybook.people.models import PermissionSwitch, User
from daybook.tenancy.actor import Actor
from daybook.tenancy.models import Business, Term
from daybook.tenancy.scope import open_scope
from tests.factories.businesses import make_administrator, make_business
from tests.factories.sessions import make_person, make_practitioner
from tests.support.logins import signed_in


@pytest.fixture
def office(admin: Actor) -> Client:
    return signed_in(User.objects.get(pk=admin.user_id))


def frame(client: Client, path: str = "/clients/") -> str:
    """A page without its contents, and without what is new with each answer."""
    answer = client.get(path).content.decode()
    before, _, rest = answer.partition('<main id="main"')
    return re.sub(r'(value|data-csrf)="\w{64}"', "", before + rest.partition("</main>")[2])


def test_frame_is_the_same_again_and_again(office: Client) -> None:
    first = frame(office)
    assert first == frame(office) and "Practitioners" in first


def test_a_word_that_changes_shows_at_once(office: Client) -> None:
    assert "Learners" not in frame(office)
    Term.objects.create(term="client", singular="learner", plural="learners")
    after = frame(office)
    assert after.count("Learners") >= 4 and "New: learner" in after and "Clients" not in after


def test_a_name_that_changes_shows_at_once(office: Client, admin: Actor, business: Business) -> None:
    frame(office)
    User.objects.filter(pk=admin.user_id).update(first_name="Ada <Augusta>")
    Business.objects.filter(pk=business.pk).update(name="Scales & Sons")
    after = frame(office)
    assert "Ada &lt;Augusta&gt;" in after and "Scales &amp; Sons" in after


def test_a_permission_that_changes_shows_at_once(business: Business) -> None:
    browser = signed_in(sam := make_person("staff", username="sam"))
    assert "/accounting/" in frame(browser, "/")
    switch = PermissionSwitch.objects.create(user=sam, permission="manage_accounting", granted=False)
    assert "/accounting/" not in frame(browser, "/")
    switch.delete()
    assert "/accounting/" in frame(browser, "/")


def test_readers_see_their_own_frame(office: Client, business: Business) -> None:
    before = frame(office, "/")
    pia = signed_in(make_practitioner(username="pia", first_name="Pia", last_name="Own"))
    own = frame(pia, "/")
    assert "Pia Own" in own and "/settings/" not in own and "Pia Own" not in before
    assert frame(office, "/") == before


def test_each_business_has_its_own_addresses_and_names(office: Client, business: Business) -> None:
    before = frame(office)
    other = make_business(name="Somewhere else")
    with open_scope(other.pk):
        stranger = signed_in(make_administrator(first_name="Eve", last_name="Else"))
        theirs = frame(stranger)
    assert f"/b/{other.slug}/clients/" in theirs and f"/b/{business.slug}/" not in theirs
    assert "Somewhere else" in theirs and "Eve Else" in theirs
    assert frame(office) == before and "Somewhere else" not in before


def test_the_place_of_the_page_is_marked(office: Client, business: Business) -> None:
    def marked(path: str) -> list[str]:
        rail = frame(office, path).partition('<nav class="rail"')[2].partition("</nav>")[0]
        return re.findall(r'<a href="[^"]*?(/[^"/]*/?)" aria-current="page"', rail)

    assert marked("/clients/") == ["/clients/"]
    assert marked("/agents/") == ["/agents/"]
    assert marked("/") == [f"/{business.slug}/"]
    assert marked("/clients/") == ["/clients/"]


def test_appearance_follows_the_reader(office: Client) -> None:
    plain = frame(office)
    office.cookies["daybook_theme"] = "dark"
    office.cookies["daybook_rail"] = "closed"
    own = frame(office)
    assert 'data-theme="dark" aria-pressed="true"' in own and "rail-closed" in own and 'title="Clients"' in own
    del office.cookies["daybook_theme"], office.cookies["daybook_rail"]
    assert frame(office) == plain


def test_no_form_and_no_notice_stands_in_what_is_kept() -> None:
    from django.template.loader import get_template

    from daybook.ui.tags.kept import KeptNode

    def kept(nodes: NodeList) -> list[KeptNode]:
        return list(nodes.get_nodes_by_type(KeptNode))

    found = []
    for name in ("web/base.html", "ui/_layers.html"):
        found += kept(get_template(name).template.nodelist)
    sources = [repr([str(each) for each in node.inside.get_nodes_by_type(object)]) for node in found]
    assert len(found) == 6
    assert not any("CsrfToken" in source or "messages" in source for source in sources)


def test_kept_without_its_first_value_is_written_anew() -> None:
    template = Template("{% load daybook %}{% kept key name %}{{ name }}{{ other }}{% endkept %}")

    def said(**values: object) -> str:
        return template.render(Context(values))

    assert said(key=1, name="a", other=1) == said(key=1, name="a", other=2) == "a1"
    assert said(key=1, name="b", other=3) == "b3" and said(key=2, name="a", other=4) == "a4"
    assert said(name="a", other=5) == "a5" and said(key=None, name="a", other=6) == "a6"


def test_kept_holds_only_so_many() -> None:
    from daybook.ui.tags import kept

    template = Template("{% load daybook %}{% kept key %}{{ key }}{% endkept %}")
    for key in range(kept.MOST_KEPT + 5):
        assert template.render(Context({"key": key})) == str(key)
    node = template.nodelist.get_nodes_by_type(kept.KeptNode)[0]
    assert len(node.texts) == kept.MOST_KEPT

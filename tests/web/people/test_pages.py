"""Lists and records of people: who may open them, what they keep, what they refuse."""

import csv
import io
import json
import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from daybook.catalog.models import ClientRate
from daybook.people.models import Assignment, AvailabilityWindow, PermissionSwitch, User
from daybook.people.services import create_user, update_user
from tests.factories.sessions import NOW, add, make_client, make_person, make_practitioner, make_service
from tests.support.logins import signed_in

KINDS = [("clients", "client"), ("practitioners", "practitioner"), ("agents", "agent"), ("staff", "staff")]


@pytest.fixture
def ada(admin):
    return signed_in(User.objects.get(pk=admin.user_id))


def text(response):
    return response.content.decode()


# ── lists ──


@pytest.mark.parametrize(("name", "role"), KINDS)
def test_list_takes_as_many_queries_for_three_as_for_one(ada, name, role):
    counts = []
    for total in (1, 3):
        while User.objects.filter(role=role).count() < total:
            user = make_person(role)
            if role == "client":
                Assignment.objects.create(client=user, practitioner=make_practitioner())
        with CaptureQueriesContext(connection) as queries:
            assert ada.get(f"/{name}/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(("name", "role"), KINDS)
def test_empty_list_says_what_belongs_there(ada, name, role):
    User.objects.filter(role="staff").delete()
    answer = ada.get(f"/{name}/?q=zzzz")
    assert "fit this" in text(answer)


@pytest.mark.parametrize(
    "query",
    [
        "?q=%00",
        "?page=999999999999",
        "?page=-1",
        "?sort=password",
        "?status=gone",
        "?practitioner=x",
        "?tag=%00",
        "?q=" + "x" * 5000,
        "?sort=-name&page=2",
        "?agent=1",
    ],
)
def test_list_with_a_senseless_address_is_a_page(ada, query):
    make_client()
    assert ada.get(f"/clients/{query}").status_code == 200


def test_list_search_with_a_slip_says_so(ada, admin):
    create_user(actor=admin, role="client", now=NOW, first_name="Leo", last_name="Meier")
    answer = text(ada.get("/clients/?q=meire"))
    assert "These come close" in answer and "Leo Meier" in answer


@pytest.mark.parametrize("name", ["practitioner", "agent", "tag"])
def test_filter_offers_its_choices_when_asked(ada, name):
    leo = make_client(first_name="Leo", last_name="Away", tags=["<gone>"])
    found = {"tag": "adult & new"}.get(name)
    if found:
        mia = make_client(first_name="Mia", last_name="Here", tags=[found])
    else:
        of = make_person(name, first_name="Ann", last_name="O'Hara")
        mia = make_client(first_name="Mia", last_name="Here", agent=of if name == "agent" else None)
        if name == "practitioner":
            Assignment.objects.create(client=mia, practitioner=of)
    page = text(ada.get("/clients/?status=active&page=2"))
    there = re.search(rf'data-fetched="([^"]*choose/{name}/[^"]*)"', page)
    assert there and f'<a href="{there[1]}">' in page  # without scripts the menu leads to the same page
    choices = text(ada.get(unescape(there[1])))
    links = [
        unescape(link) for link in re.findall(r'<a href="([^"]*)" data-swap', choices.partition("data-choices")[2])
    ]
    assert "page=2" not in choices.partition("data-choices")[2] and "<gone>" not in choices
    chosen = next(link for link in links if (str(mia.agent_id) in link or f"{name}=" in link) and "gone" not in link)
    answer = text(ada.get(chosen))
    assert "Mia Here" in answer and "Leo Away" not in answer and "filter-set" in answer
    assert leo.pk != mia.pk


def test_filters_of_one_choice_are_not_there(ada):
    make_client(tags=[])
    assert "data-fetched" not in text(ada.get("/clients/"))


@pytest.mark.parametrize("sort", ["name", "email", "status", "birthday", "username", "last_login", "created_at"])
def test_list_sorts_by_each_column_both_ways(ada, sort):
    make_client(first_name="Zoe", last_name="Aa", email="z@example.org", birthday=date(2001, 2, 3))
    make_client(first_name="Ann", last_name="Zz", email="a@example.org", birthday=date(1999, 2, 3))
    first, last = (text(ada.get(f"/clients/?sort={sign}{sort}")) for sign in ("", "-"))
    order = [answer.index("Zoe Aa") < answer.index("Ann Zz") for answer in (first, last)]
    assert order[0] != order[1]


def test_list_says_everything_in_its_columns(ada):
    pia, oli = make_practitioner(first_name="Pia", last_name="P"), make_practitioner(first_name="Oli", last_name="O")
    anna = make_person("agent", first_name="Anna", last_name="G")
    mia = make_client(
        first_name="Mia",
        last_name="M",
        preferred_name="<Mimi>",
        tags=["x&y"],
        agent=anna,
        username="mia",
        phone="+49 1",
    )
    for each in (pia, oli):
        Assignment.objects.create(client=mia, practitioner=each)
    ada.cookies["daybook_columns_clients"] = "-"
    answer = text(ada.get("/clients/"))
    for shown in ("“&lt;Mimi&gt;”", "Oli O, Pia P", "Anna G", "x&amp;y", ">mia<", 'href="tel:+491"'):
        assert shown in answer
    ada.cookies["daybook_columns_agents"] = ada.cookies["daybook_columns_practitioners"] = "-"
    assert '<td class="num" data-label="Clients">1</td>' in text(ada.get("/agents/"))
    assert '<td class="num" data-label="Clients">1</td>' in text(ada.get("/practitioners/"))


def test_list_is_the_same_where_its_statement_is_not_prepared(ada, monkeypatch):
    make_client(first_name="Mia", last_name="Here", tags=["a"])
    make_client(first_name="Leo", last_name="Away", tags=["b"])
    addresses = ("", "?q=mia", "?q=miia", "?tag=a&sort=-email", "?page=3", "?status=active")
    before = [text(ada.get(f"/clients/{address}")).partition('id="list"')[2] for address in addresses]
    monkeypatch.setattr("daybook.insights.people.MOST_PREPARED", 0)
    monkeypatch.setattr("daybook.insights.people._prepared", set())
    after = [text(ada.get(f"/clients/{address}")).partition('id="list"')[2] for address in addresses]
    assert [plain(each) for each in after] == [plain(each) for each in before]


def plain(part):
    """Markup without what is new with each answer."""
    return re.sub(r'value="\w{64}"', "", part.partition("<dialog")[0])


def test_bulk_status_and_its_undo(ada):
    people = [make_client(), make_client()]
    answer = ada.post("/clients/status/", {"id": [str(user.pk) for user in people], "status": "inactive"}, follow=True)
    assert "2 are inactive now." in text(answer)
    undo = text(answer).partition('data-undo="')[2].partition('"')[0]
    assert set(User.objects.filter(role="client").values_list("status", flat=True)) == {"inactive"}
    assert "2 are as before." in text(ada.post(undo, follow=True))
    assert set(User.objects.filter(role="client").values_list("status", flat=True)) == {"active"}


@pytest.mark.parametrize("data", [{"status": "gone"}, {"status": ""}, {}])
def test_bulk_status_senseless_is_refused(ada, data):
    leo = make_client()
    assert ada.post("/clients/status/", data | {"id": str(leo.pk)}).status_code == 422
    assert User.objects.get(pk=leo.pk).status == "active"


def test_export_is_filtered_and_runs_no_formula(ada):
    make_client(first_name="=cmd()", status="inactive", phone="+49 171")
    make_client(first_name="Mia")
    answer = text(ada.get("/clients/export.csv?status=inactive"))
    assert "'=cmd()" in answer and "+49 171" in answer and "Mia" not in answer


def test_export_as_workbook_holds_what_the_reader_may_see(ada):
    pia, leo = (
        make_practitioner(first_name="Pia", last_name="Lang"),
        make_client(first_name="=Leo", notes="left-handed"),
    )
    Assignment.objects.create(client=leo, practitioner=pia)
    answer = ada.get("/clients/export.csv?format=xlsx")
    assert "clients.xlsx" in answer["Content-Disposition"]
    head, row = load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
    told = dict(zip(head, row, strict=True))
    assert (told["first_name"], told["practitioners"], told["notes"], told["balance"]) == (
        "=Leo",
        "Pia Lang",
        "left-handed",
        0,
    )
    sam = make_person("staff", username="sam")
    for permission in ("manage_accounting", "see_client_information", "see_contact_data"):
        PermissionSwitch.objects.create(user=sam, permission=permission, granted=False)
    head, row = csv.reader(io.StringIO(text(signed_in(sam).get("/clients/export.csv"))))
    assert not {"notes", "balance"} & set(head) and "left-handed" not in row


# ── records ──

TABS = ["", "edit/", "assigned/", "availability/", "permissions/", "history/"]


@pytest.mark.parametrize(("name", "role"), KINDS)
def test_every_tab_of_every_kind_opens(ada, name, role):
    user = make_person(role, username=f"{role}1", email="a@example.org")
    skipped = {"staff": {"assigned/", "availability/"}}
    for tab in TABS:
        if tab not in skipped.get(role, ()):
            assert ada.get(f"/{name}/{user.pk}/{tab}").status_code == 200, tab


def form_of(user, **changes):
    return {
        "first_name": user.first_name,
        "last_name": user.last_name,
        "status": user.status,
        "username": user.username or "",
    } | changes


def test_add_client_once_for_a_double_click(ada):
    pia = make_practitioner()
    data = {
        "first_name": "Leo",
        "last_name": "Brandt",
        "status": "active",
        "practitioners": [str(pia.pk)],
        "tags": "piano, voice",
        "hide_costs": "on",
        "once": "k1",
    }
    first, second = (ada.post("/clients/add/", data) for _ in range(2))
    leo = User.objects.get(role="client")
    assert first["Location"] == second["Location"]
    assert first["Location"].endswith(f"/clients/{leo.pk}/")
    assert leo.tags == ["piano", "voice"]
    assert Assignment.objects.get().practitioner_id == pia.pk
    assert PermissionSwitch.objects.get(user=leo).permission == "hide_costs"


def test_add_client_refused_keeps_what_was_typed_and_may_be_sent_again(ada):
    make_client(username="leo")
    data = {"first_name": "Leo", "status": "active", "username": "leo", "email": "nope", "once": "k1"}
    answer = ada.post("/clients/add/", data)
    assert answer.status_code == 422
    assert 'id="id_email-error"' in text(answer) and 'value="nope"' in text(answer)
    answer = ada.post("/clients/add/", data | {"email": ""})
    assert 'id="id_username-error"' in text(answer)
    assert ada.post("/clients/add/", data | {"email": "", "username": "leo2"}).status_code == 302


def test_edit_client_saves_and_tells_its_history(ada):
    leo = make_client(first_name="Leo")
    assert (
        ada.post(
            f"/clients/{leo.pk}/edit/", form_of(leo, first_name="Leonie", birthday="2015-02-03", notes="sings")
        ).status_code
        == 302
    )
    history = text(ada.get(f"/clients/{leo.pk}/history/"))
    assert "<del>Leo</del> → <ins>Leonie</ins>" in history
    assert "Feb 3, 2015" in history and "Ada Admin" in history


def test_history_of_assignment_names_the_practitioner(ada, admin):
    leo, pia = make_client(), make_practitioner(first_name="Pia", last_name="Vogel")
    update_user(actor=admin, user_id=leo.pk, now=NOW, practitioner_ids=[pia.pk])
    assert "Assignment: <ins>Pia Vogel</ins>" in text(ada.get(f"/clients/{leo.pk}/history/"))


def test_edit_staff_cannot_open_an_administrator(admin):
    sam = make_person("staff", username="sam")
    PermissionSwitch.objects.create(user=sam, permission="manage_staff", granted=True)
    browser = signed_in(sam)
    assert browser.get(f"/staff/{admin.user_id}/").status_code == 200
    assert browser.get(f"/staff/{admin.user_id}/edit/").status_code == 403
    assert browser.post(f"/staff/{admin.user_id}/edit/", {"first_name": "Eve", "status": "active"}).status_code == 403


def test_assigned_sets_exactly_the_chosen(ada):
    leo, pia, max_ = make_client(), make_practitioner(), make_practitioner()
    Assignment.objects.create(client=leo, practitioner=pia)
    ada.post(f"/clients/{leo.pk}/assigned/", {"people": [str(max_.pk)]})
    assert list(Assignment.objects.values_list("practitioner_id", flat=True)) == [max_.pk]
    ada.post(f"/practitioners/{pia.pk}/assigned/", {"people": [str(leo.pk)]})
    assert Assignment.objects.count() == 2
    assert ada.post(f"/clients/{leo.pk}/assigned/", {"people": [str(leo.pk)]}).status_code == 422


def test_availability_keeps_windows_and_inactive_date(ada):
    leo = make_client()
    data = {"windows-mon-start": ["09:00", "13:00"], "windows-mon-end": ["12:00", "18:00"], "inactive_on": "2199-01-01"}
    assert ada.post(f"/clients/{leo.pk}/availability/", data).status_code == 302
    assert AvailabilityWindow.objects.filter(user=leo).count() == 2
    leo.refresh_from_db()
    assert leo.inactive_on.year == 2199
    assert (
        ada.post(f"/clients/{leo.pk}/availability/", {"windows-mon-start": "x", "windows-mon-end": "12:00"}).status_code
        == 422
    )


def test_permissions_tab_switches_what_differs(ada):
    leo = make_client()
    ada.post(f"/clients/{leo.pk}/permissions/", {"hide_costs": "on"})
    switched = dict(PermissionSwitch.objects.filter(user=leo).values_list("permission", "granted"))
    assert switched["hide_costs"] is True and switched["pay"] is False


def test_delete_and_recover_from_the_notice(ada):
    leo = make_client(first_name="Leo", last_name="B")
    answer = ada.post(f"/clients/{leo.pk}/delete/", follow=True)
    assert "Leo B is deleted." in text(answer) and f"/clients/{leo.pk}/recover/" in text(answer)
    assert "Leo B" in text(ada.get("/clients/deleted/"))
    assert ada.get(f"/clients/{leo.pk}/").status_code == 404
    assert "Leo B is back." in text(ada.post(f"/clients/{leo.pk}/recover/", follow=True))


def test_delete_refused_says_which_and_how_many_and_offers_inactive(ada, admin):
    leo = make_client(first_name="Leo", last_name="B")
    add(admin, make_service(), make_practitioner(), leo)
    refused = ada.post(f"/clients/{leo.pk}/delete/", headers={"HX-Request": "true"})
    notice = json.loads(refused["HX-Trigger"])["daybook:notice"]
    assert refused.status_code == 409
    assert (
        notice["text"]
        == "Leo B still has 1 session and cannot be deleted. Make Leo B inactive or a prospect instead, or remove those first."
    )
    assert notice["undoLabel"] == "Make inactive"
    assert ada.post(notice["undo"]).status_code == 302
    leo.refresh_from_db()
    assert leo.status == "inactive"


def test_welcome_of_one_without_a_login_says_what_to_do(ada):
    answer = ada.post(f"/clients/{make_client().pk}/welcome/")
    assert answer.status_code == 422


# ── who may ──


def test_practitioner_sees_assigned_clients_and_changes_nothing(business):
    pia, leo, mia = (
        make_practitioner(username="pia"),
        make_client(first_name="Leo", email="leo@example.org"),
        make_client(first_name="Mia"),
    )
    Assignment.objects.create(practitioner=pia, client=leo)
    browser = signed_in(pia)
    listed = text(browser.get("/clients/"))
    assert "Leo" in listed and "Mia" not in listed and "leo@example.org" in listed
    assert browser.get(f"/clients/{leo.pk}/").status_code == 200
    assert browser.get(f"/clients/{mia.pk}/").status_code == 404
    for path in (
        f"/clients/{leo.pk}/edit/",
        f"/clients/{leo.pk}/history/",
        f"/clients/{leo.pk}/assigned/",
        "/clients/add/",
        "/practitioners/",
        "/staff/",
        "/settings/permissions/",
        "/clients/deleted/",
    ):
        assert browser.get(path).status_code == 403, path
    for path in ("/clients/status/", f"/clients/{leo.pk}/delete/", f"/clients/{leo.pk}/availability/"):
        assert browser.post(path, {"id": str(leo.pk), "status": "inactive"}).status_code == 403, path


def test_practitioner_without_contact_permission_sees_and_exports_none(business):
    pia, leo = make_practitioner(username="pia"), make_client(email="leo@example.org", notes="secret")
    Assignment.objects.create(practitioner=pia, client=leo)
    PermissionSwitch.objects.create(user=pia, permission="see_contact_data", granted=False)
    browser = signed_in(pia)
    for path in ("/clients/", f"/clients/{leo.pk}/", "/clients/export.csv"):
        answer = text(browser.get(path))
        assert "leo@example.org" not in answer and "secret" not in answer


def test_form_says_all_that_is_wrong_at_once_and_keeps_what_was_typed(ada):
    form = {"first_name": "", "email": "nope", "username": "two words", "status": "active", "notes": "typed this"}
    answer = ada.post("/clients/add/", form)
    assert answer.status_code == 422
    page = text(answer)
    assert all(f'value="{value}"' in page for value in ("nope", "two words")) and "typed this" in page
    assert page.count("field-error") == 3


def test_history_and_edit_form_show_no_more_than_the_page(admin):
    pia, leo = make_practitioner(), make_client(email="old@example.org")
    rate = ClientRate.objects.create(client=leo, service=make_service(), cost_minor=7777, starts_on="2026-01-01")
    ClientRate.objects.filter(pk=rate.pk).update(cost_minor=8888)
    update_user(
        actor=admin, user_id=leo.pk, now=NOW, notes="secret", email="new@example.org", practitioner_ids=[pia.pk]
    )
    sam = make_person("staff", username="sam")
    seen = [text(signed_in(sam).get(f"/clients/{leo.pk}/{tab}/")) for tab in ("history", "edit")]
    for permission in ("manage_accounting", "see_client_information", "see_contact_data"):
        PermissionSwitch.objects.create(user=sam, permission=permission, granted=False)
    unseen = [text(signed_in(sam).get(f"/clients/{leo.pk}/{tab}/")) for tab in ("history", "edit")]
    for word in ("new@example.org", "secret", "88.88"):
        assert word in "".join(seen) and word not in "".join(unseen), word
    assert "Assignment" in unseen[0]
    form = {"first_name": "Leonard", "status": "active", "calendar_color": ""}
    assert signed_in(sam).post(f"/clients/{leo.pk}/edit/", form).status_code == 302
    leo.refresh_from_db()
    assert (leo.first_name, leo.email, leo.notes) == ("Leonard", "new@example.org", "secret")


def test_staff_without_the_menu_area_is_refused(business):
    sam = make_person("staff", username="sam")
    PermissionSwitch.objects.create(user=sam, permission="manage_clients", granted=False)
    browser = signed_in(sam)
    assert browser.get("/clients/").status_code == 403
    assert browser.get("/practitioners/").status_code == 200
    assert browser.get("/settings/permissions/").status_code == 403


def test_person_of_another_business_is_not_found(ada):
    from daybook.tenancy.scope import open_scope
    from tests.factories.businesses import make_business

    with open_scope(make_business().pk):
        stranger = make_client()
    for tab in TABS:
        assert ada.get(f"/clients/{stranger.pk}/{tab}").status_code == 404
    assert ada.post(f"/clients/{stranger.pk}/delete/").status_code == 404


# ── account and settings ──


def test_account_pages_save(ada, admin):
    user = User.objects.get(pk=admin.user_id)
    assert ada.post("/account/", {"first_name": "Ada", "last_name": "King", "phone": "1"}).status_code == 302
    assert ada.post("/account/", {"first_name": ""}).status_code == 422
    user.refresh_from_db()
    assert user.last_name == "King"
    answer = text(ada.post("/account/tokens/", {"name": "sync"}))
    assert "daybook_" in answer
    assert "daybook_test" not in text(ada.get("/account/tokens/"))
    token = user.tokens.get()
    ada.post(f"/account/tokens/{token.pk}/revoke/")
    token.refresh_from_db()
    assert token.revoked_at


def test_account_password_keeps_this_login_and_ends_others(ada, admin):
    other = signed_in(User.objects.get(pk=admin.user_id))
    assert (
        ada.post("/account/password/", {"current_password": "wrong", "password": "battery staple"}).status_code == 422
    )
    assert (
        ada.post("/account/password/", {"current_password": "correct horse", "password": "battery staple"}).status_code
        == 302
    )
    assert ada.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302


def test_permission_matrix_and_bulk(ada):
    people = [make_practitioner(), make_practitioner()]
    assert "Practitioners" in text(ada.get("/settings/permissions/"))
    url = "/settings/permissions/practitioner/"
    assert "0 of 2 have it." in text(ada.get(f"{url}?permission=add_sessions"))
    ada.post(url, {"permission": "add_sessions", "id": str(people[0].pk), "value": "on"})
    assert "1 of 2 have it." in text(ada.get(f"{url}?permission=add_sessions"))
    ada.post(url, {"permission": "add_sessions", "all": "on"})
    page = text(ada.get(f"{url}?permission=add_sessions"))
    assert "2 of 2 have it." in page
    undo = re.search(r"/settings/permissions/practitioner/undo/[0-9a-f-]{36}/\?permission=add_sessions", page)
    assert undo and ada.post(undo.group()).url.endswith(f"{url}?permission=add_sessions")
    assert "1 of 2 have it." in text(ada.get(f"{url}?permission=add_sessions"))
    assert ada.get(f"{url}?permission=nonsense").status_code == 404
    assert ada.get("/settings/permissions/owner/").status_code == 404

"""Calendar, sessions, the bin, completion types and closures on the team's screens."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from daybook.catalog.models import Location
from daybook.core.ids import new_id
from daybook.people.models import User
from daybook.scheduling.models import Closure, CompletionType, Session
from daybook.tenancy.actor import Actor
from tests.factories.sessions import (
    actor_with,
    add,
    at,
    make_client,
    make_completion_types,
    make_location,
    make_person,
    make_practitioner,
    make_service,
)
from tests.support.logins import signed_in

SWAP = {"HX-Request": "true"}
FEED = "/calendar/feed/?from=2026-01-12&to=2026-01-19"
PAGES = [
    "/calendar/",
    FEED,
    "/sessions/",
    "/sessions/?view=all",
    "/sessions/?view=unsaved",
    "/sessions/export.csv",
    "/sessions/add/",
    "/communications/deleted-sessions/",
    "/settings/completion-types/",
    "/settings/completion-types/add/",
    "/settings/closures/",
    "/settings/closures/add/",
]


@pytest.fixture
def office(admin: Actor) -> Client:
    make_completion_types()
    return signed_in(User.objects.get(pk=admin.user_id))


@pytest.fixture
def session(admin: Actor) -> Session:
    pia, leo = make_practitioner(first_name="Pia", last_name="Berg"), make_client(first_name="Leo", last_name="Fox")
    return add(admin, make_service(name="Piano"), pia, leo, public_note="Bring the score").session


def form_for(pia: User, *clients: User, **fields) -> dict:
    return {
        "clients": [str(client.pk) for client in clients],
        "service": str(make_service(name=f"S{new_id()}").pk),
        "practitioner": str(pia.pk),
        "day": "2026-01-12",
        "start": "11:00",
        "end": "12:00",
        "location": "",
        "public_note": "",
        "internal_note": "",
    } | fields


@pytest.mark.parametrize("path", PAGES)
def test_pages_open_empty_and_with_a_session(office: Client, admin: Actor, path: str) -> None:
    assert office.get(path).status_code == 200
    add(admin, make_service(), make_practitioner(), make_client(), make_client())
    assert office.get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_clients_and_strangers_are_sent_away(office: Client, path: str) -> None:
    assert signed_in(make_person("client", username="leo")).get(path).status_code == 302
    assert "/sign-in/" in Client().get(path)["Location"]


@pytest.mark.parametrize("rest", ["", "?tab=history", "popup/", "edit/", "complete/"])
def test_record_and_its_parts_open(office: Client, session: Session, rest: str) -> None:
    answer = office.get(f"/sessions/{session.pk}/{rest}")
    assert answer.status_code == 200
    assert "Leo Fox" in answer.content.decode()
    assert office.get(f"/sessions/{new_id()}/{rest}").status_code == 404


@pytest.fixture
def together(admin: Actor) -> Session:
    """Pia Berg leads, Ben Low and Eva Oak assist."""
    pia, ben, eva = (
        make_practitioner(first_name=first, last_name=last)
        for first, last in (("Pia", "Berg"), ("Ben", "Low"), ("Eva", "Oak"))
    )
    leo = make_client(first_name="Leo", last_name="Fox")
    return Session.objects.get(
        pk=add(admin, make_service(name="Trio"), pia, leo, assistant_ids=[ben.pk, eva.pk]).session.pk
    )


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/sessions/?view=all", 'title="Pia Berg, Ben Low, Eva Oak">Pia Berg +2<'),
        ("/sessions/export.csv?view=all", '"Pia Berg, Ben Low, Eva Oak"'),
        ("/sessions/{}/", "Also with"),
        ("/sessions/{}/popup/", "Pia Berg, Ben Low, Eva Oak"),
        ("/sessions/{}/edit/", "Also with"),
        ("/sessions/{}/complete/", "of Ben Low by hand"),
        ("/sessions/{}/?tab=history", "Eva Oak"),
    ],
)
def test_several_are_named(office: Client, together: Session, path: str, told: str) -> None:
    assert told in office.get(path.format(together.pk)).content.decode()


def test_the_feed_names_who_assists(office: Client, together: Session) -> None:
    [row] = office.get(FEED).json()["rows"]
    assert row[-1] == ",".join(str(each.practitioner_id) for each in together.assistants.all())


def test_the_form_names_several_and_says_who_is_taken(office: Client, admin: Actor, together: Session) -> None:
    eva, new = User.objects.get(first_name="Eva"), make_practitioner()
    form = form_for(new, make_client(), assistants=[str(eva.pk)])
    assert "Eva Oak is with Leo" in office.post("/sessions/preview/", form).content.decode()
    assert "Eva Oak is with Leo" in office.post("/sessions/add/", form | {"once": "a"}).content.decode()
    assert office.post("/sessions/add/", form | {"once": "b", "start": "14:00", "end": "15:00"}).status_code == 302
    assert Session.objects.get(practitioner=new).assistant_count == 1


def test_a_practitioners_form_has_no_others(admin: Actor, together: Session) -> None:
    make_completion_types()
    own = signed_in(User.objects.get(pk=actor_with(User.objects.get(first_name="Ben"), edit_sessions=True).user_id))
    page = own.get(f"/sessions/{together.pk}/edit/").content.decode()
    assert "Pia Berg" in page
    assert "Also with" not in page
    assert "Eva Oak" in own.get("/calendar/").content.decode()
    form = form_for(together.practitioner, *[place.client for place in together.participants.all()])
    form |= {"service": str(together.service_id), "public_note": "Both parts", "once": "a"}
    assert own.post(f"/sessions/{together.pk}/edit/", form).status_code == 302
    changed = Session.objects.get()
    assert (changed.public_note, changed.assistant_count) == ("Both parts", 2)


def test_wages_of_each_by_hand(office: Client, together: Session) -> None:
    ben = together.assistants.first()
    page = f"/sessions/{together.pk}/complete/"
    kind = CompletionType.objects.get(status="completed")
    form = {"completion_type": str(kind.pk), "wage": "1.00", f"wage-{ben.practitioner_id}": "2.00", "once": "a"}
    assert office.post(page, form).status_code == 302
    ben.refresh_from_db()
    assert (Session.objects.get().wage_minor, ben.wage_minor) == (100, 200)
    assert office.get(f"/sessions/{together.pk}/explain/?practitioner={ben.practitioner_id}").status_code == 200


@pytest.mark.parametrize(
    ("dragged", "onto", "left"),
    [
        ("Pia", "New", ["New", "Ben", "Eva"]),
        ("Ben", "New", ["Pia", "Eva", "New"]),
        ("Ben", "Pia", ["Pia", "Eva"]),
        ("Pia", "Ben", ["Ben", "Eva"]),
    ],
)
def test_dragging_to_another_column_changes_the_one_that_it_was_dragged_from(
    office: Client, together: Session, dragged: str, onto: str, left: list[str]
) -> None:
    make_practitioner(first_name="New")
    ids = dict(User.objects.filter(role="practitioner").values_list("first_name", "pk"))
    times = {"start": "2026-01-12T13:00", "end": "2026-01-12T14:00"}
    move = f"/sessions/{together.pk}/move/"

    def people() -> list[str]:
        row = Session.objects.get()
        return [row.practitioner.first_name, *(each.practitioner.first_name for each in row.assistants.order_by("id"))]

    before = office.post(move, times | {"practitioner": str(ids[onto]), "from": str(ids[dragged])}).json()["before"]
    assert people() == left
    assert (
        office.post(f"{move}?start=2026-01-12T11:00&end=2026-01-12T12:00&practitioners={','.join(before)}").status_code
        == 302
    )
    assert sorted(people()) == ["Ben", "Eva", "Pia"]
    assert people()[0] == "Pia"


@pytest.mark.parametrize("path", ["/sessions/?view=all", FEED, "/communications/deleted-sessions/"])
def test_lists_take_as_many_queries_for_three_rows_as_for_one(office: Client, admin: Actor, path: str) -> None:
    service, pia = make_service(), make_practitioner()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert office.get(path).status_code == 200
        return len(captured)

    def made(day: int) -> None:
        row = add(admin, service, pia, make_client(), make_client(), starts_at=at(10, day=day)).session
        if "deleted" in path:
            assert office.post(f"/sessions/{row.pk}/delete/", headers=SWAP).status_code == 204

    made(0)
    one = queries()
    made(1)
    made(2)
    assert queries() == one


def test_feed_gives_rows_by_the_business_clock_and_closures(office: Client, session: Session) -> None:
    Closure.objects.create(name="Winter", starts_on=at(0).date(), ends_on=at(0).date())
    body = office.get(FEED).json()
    [row] = body["rows"]
    assert row[:4] == [str(session.pk), "2026-01-12T11:00", "2026-01-12T12:00", "open"]
    assert row[8:] == ["Leo Fox", None, 1, None]
    assert body["closures"][0]["name"] == "Winter"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("practitioner={pia}", 1),
        ("practitioner=nobody", 0),
        ("status=open", 1),
        ("status=missed", 0),
        ("client={leo}", 1),
    ],
)
def test_feed_is_narrowed_by_the_address(office: Client, session: Session, query: str, found: int) -> None:
    leo = session.participants.all()[0].client_id
    url = f"{FEED}&{query.format(pia=session.practitioner_id, leo=leo)}"
    assert len(office.get(url).json()["rows"]) == found


@pytest.mark.parametrize(
    "query", ["", "?from=x&to=y", "?from=2026-01-12&to=2027-01-12", "?from=0001-01-01&to=0001-01-08"]
)
def test_feed_refuses_periods_that_make_no_sense(office: Client, query: str) -> None:
    assert office.get(f"/calendar/feed/{query}").status_code == 422


def test_practitioner_sees_own_sessions_alone(office: Client, admin: Actor, session: Session) -> None:
    add(admin, make_service(), make_practitioner(), make_client())
    pia = User.objects.get(pk=session.practitioner_id)
    User.objects.filter(pk=pia.pk).update(username="pia")
    browser = signed_in(User.objects.get(pk=pia.pk))
    assert len(browser.get(FEED).json()["rows"]) == 1
    assert len(office.get(FEED).json()["rows"]) == 2
    assert browser.get("/sessions/add/").status_code == 403
    assert browser.get(f"/sessions/{session.pk}/edit/").status_code == 403
    actor_with(pia, add_sessions=True)
    assert browser.get("/sessions/add/").status_code == 200


def test_a_session_is_added_once_though_sent_twice(office: Client) -> None:
    body = form_for(make_practitioner(), make_client(), make_client(), once="k")
    for _ in range(2):
        assert office.post("/sessions/add/", body).status_code == 302
    added = Session.objects.get()
    assert added.starts_at == at(10)
    assert added.participants.count() == 2


@pytest.mark.parametrize(
    "change",
    [
        {"clients": []},
        {"service": "x"},
        {"end": "10:00"},
        {"day": "2026-02-30"},
        {"start": ""},
        {"public_note": "a\x00b"},
        {"day": "9999-12-31"},
    ],
)
def test_a_refused_form_keeps_what_was_typed(office: Client, change: dict) -> None:
    answer = office.post(
        "/sessions/add/", form_for(make_practitioner(), make_client(), internal_note="keep me") | change
    )
    assert answer.status_code == 422
    assert "keep me" in answer.content.decode()
    assert Session.objects.count() == 0


def test_a_double_booking_by_form_says_who_has_the_time_and_sets_nothing_aside(
    office: Client, session: Session
) -> None:
    leo = make_client()
    answer = office.post("/sessions/add/", form_for(User.objects.get(pk=session.practitioner_id), leo, once="x"))
    assert answer.status_code == 422
    assert "Pia Berg is with Leo until" in answer.content.decode()
    assert not leo.accounts.filter(scheduled_minor__gt=0).exists()


def test_preview_shows_price_and_clash_before_saving(office: Client, session: Session) -> None:
    body = form_for(User.objects.get(pk=session.practitioner_id), make_client(), end="12:30")
    text = office.post("/sessions/preview/", body, headers=SWAP).content.decode()
    assert "€90.00" in text
    assert "Pia Berg is with Leo" in text
    assert office.post("/sessions/preview/", {"day": "x"}, headers=SWAP).status_code == 200


def test_preview_tells_a_clash_before_clients_are_chosen(office: Client, session: Session) -> None:
    body = form_for(User.objects.get(pk=session.practitioner_id))
    text = office.post("/sessions/preview/", body, headers=SWAP).content.decode()
    assert "Pia Berg is with Leo" in text


def test_clash_of_a_move_is_told_without_moving(office: Client, admin: Actor, session: Session) -> None:
    pia = User.objects.get(pk=session.practitioner_id)
    other = add(admin, make_service(), pia, make_client(), starts_at=at(14)).session

    def asked(start: str, end: str) -> str:
        url = f"/sessions/{other.pk}/clash/?start=2026-01-12T{start}&end=2026-01-12T{end}"
        return json.loads(office.get(url).content)["sentence"]

    assert "Pia Berg is with Leo" in asked("11:30", "12:30")
    assert asked("12:00", "13:00") == ""
    assert asked("15:15", "16:00") == ""  # it does not stand in its own way
    assert Session.objects.get(pk=other.pk).starts_at == at(14)


def test_calendar_knows_breaks_and_rooms_for_one(office: Client) -> None:
    make_service(buffer_before=5, buffer_after=10, is_concurrent=True)
    make_location(capacity=1)
    text = office.get("/calendar/").content.decode()
    assert '"before": 5, "after": 10, "beside": true' in text
    assert '"alone": true' in text


def test_the_bin_goes_with_the_calendar_in_menu_and_page(admin: Actor) -> None:
    sam = make_person("staff", username="sam")
    page = signed_in(sam).get("/communications/deleted-sessions/")
    assert (
        page.status_code,
        "/communications/deleted-sessions/" in signed_in(sam).get("/account/").content.decode(),
    ) == (200, True)
    actor_with(sam, manage_schedule=False)
    assert signed_in(sam).get("/communications/deleted-sessions/").status_code == 403
    assert "/communications/deleted-sessions/" not in signed_in(sam).get("/account/").content.decode()


def test_edit_moves_and_a_saved_one_takes_notes_only(office: Client, session: Session) -> None:
    leo = User.objects.get(pk=session.participants.all()[0].client_id)
    pia = User.objects.get(pk=session.practitioner_id)
    body = form_for(pia, leo, service=str(session.service_id), start="13:00", end="14:00")
    assert office.post(f"/sessions/{session.pk}/edit/", body, headers=SWAP).status_code == 204
    assert Session.objects.get().starts_at == at(12)
    office.post(f"/sessions/{session.pk}/save/", {"type": "completed"}, headers=SWAP)
    body |= {"start": "15:00", "end": "16:00", "public_note": "Well done"}
    assert office.post(f"/sessions/{session.pk}/edit/", body, headers=SWAP).status_code == 204
    saved = Session.objects.get()
    assert (saved.starts_at, saved.public_note, saved.status) == (at(12), "Well done", "completed")


def test_deeds_of_one_click_and_their_undo(office: Client, session: Session) -> None:
    def post(verb: str, **values) -> dict:
        answer = office.post(f"/sessions/{session.pk}/{verb}/", values, headers=SWAP)
        assert answer.status_code == 204
        return json.loads(answer["HX-Trigger"])["daybook:notice"]

    assert post("save", type="missed")["undo"].endswith(f"/sessions/{session.pk}/reopen/")
    assert Session.objects.get().status == "missed"
    refused = office.post(f"/sessions/{session.pk}/delete/", headers=SWAP)
    assert (refused.status_code, "Reopen it first" in refused["HX-Trigger"]) == (409, True)
    post("reopen")
    assert post("delete")["undo"].endswith(f"/sessions/{session.pk}/recover/")
    assert Session.objects.count() == 0
    post("recover")
    assert Session.objects.get().status == "open"


def test_drag_moves_and_a_clash_goes_back_with_its_sentence(office: Client, admin: Actor, session: Session) -> None:
    pia = User.objects.get(pk=session.practitioner_id)
    add(admin, make_service(), pia, make_client(first_name="Mia"), starts_at=at(14))
    url = f"/sessions/{session.pk}/move/"
    assert office.post(url, {"start": "2026-01-12T12:00", "end": "2026-01-12T13:00"}).status_code == 200
    assert Session.objects.get(pk=session.pk).starts_at == at(11)
    refused = office.post(url, {"start": "2026-01-12T14:30", "end": "2026-01-12T15:30"})
    assert refused.status_code == 409
    assert refused.json()["sentence"].startswith("Pia Berg is with Mia")
    undo = office.post(f"{url}?start=2026-01-12T11:00&end=2026-01-12T12:00", headers=SWAP)
    assert (undo.status_code, Session.objects.get(pk=session.pk).starts_at) == (204, at(10))
    other = make_practitioner()
    office.post(url, {"start": "2026-01-12T11:00", "end": "2026-01-12T12:00", "practitioner": str(other.pk)})
    assert Session.objects.get(pk=session.pk).practitioner_id == other.pk
    for values in ({"start": "x", "end": "y"}, {"start": "0001-01-01T00:00", "end": "9999-12-31T00:00"}, {}):
        assert office.post(url, values).status_code == 422


def test_completing_by_form_takes_types_for_some_and_amounts_by_hand(office: Client, admin: Actor) -> None:
    leo, mia = make_client(), make_client()
    row = add(admin, make_service(), make_practitioner(), leo, mia).session
    types = {kind.status: str(kind.pk) for kind in CompletionType.objects.all()}
    body = {"completion_type": types["completed"], f"place-{mia.pk}": types["canceled"], "cost": "12.50", "wage": ""}
    assert office.post(f"/sessions/{row.pk}/complete/", body, headers=SWAP).status_code == 204
    costs = dict(row.participants.model.objects.values_list("client", "cost_minor"))
    assert costs == {leo.pk: 1250, mia.pk: 0}
    why = office.get(f"/sessions/{row.pk}/explain/?client={leo.pk}", headers=SWAP)
    assert (why.status_code, "12.50" in why.content.decode()) == (200, True)
    assert office.get(f"/sessions/{row.pk}/explain/", headers=SWAP).status_code == 200


def test_bulk_says_how_many_and_why_not_the_others(office: Client, admin: Actor) -> None:
    service, pia = make_service(), make_practitioner()
    past = add(admin, service, pia, make_client()).session
    soon = timezone.now() + timedelta(days=2)
    coming = add(admin, service, pia, make_client(), starts_at=soon, ends_at=soon + timedelta(hours=1)).session
    saved = add(admin, service, make_practitioner(), make_client()).session
    office.post("/sessions/bulk/", {"id": [str(saved.pk)], "action": "complete"}, headers=SWAP)
    answer = office.post("/sessions/bulk/", {"id": [str(past.pk), str(saved.pk)], "action": "complete"}, headers=SWAP)
    notice = json.loads(answer["HX-Trigger"])["daybook:notice"]
    assert notice["text"].startswith("1 is saved. 1 is not:")
    answer = office.post("/sessions/bulk/", {"id": [str(coming.pk)], "action": "delete"}, headers=SWAP)
    undo = json.loads(answer["HX-Trigger"])["daybook:notice"]["undo"]
    assert office.post(undo, headers=SWAP).status_code == 204
    assert Session.objects.count() == 3
    assert office.post("/sessions/bulk/", {"action": "complete"}, headers=SWAP).status_code == 422


def test_export_holds_the_filtered_rows_and_no_formulas(office: Client, admin: Actor) -> None:
    add(admin, make_service(), make_practitioner(), make_client(first_name="=SUM(A1)", last_name=""))
    text = office.get("/sessions/export.csv?view=all").content.decode()
    assert "2026-01-12,11:00,12:00,'=SUM(A1)" in text
    assert "SUM" not in office.get("/sessions/export.csv?view=all&q=nobody").content.decode()


@pytest.mark.parametrize(
    "query",
    ["?view=x&sort=x&page=999999", "?from=x&to=9999-99-99", "?practitioner=x", "?q=%25_%5C", "?sort=-service&q=pia"],
)
def test_list_takes_any_address(office: Client, session: Session, query: str) -> None:
    assert office.get(f"/sessions/{query}").status_code == 200


def test_completion_types_are_kept_in_settings(office: Client) -> None:
    body = {
        "label": "Late",
        "status": "canceled",
        "modifier": "percentage",
        "client_modifier": "50",
        "practitioner_modifier": "0",
        "is_enabled": "on",
    }
    assert office.post("/settings/completion-types/add/", body).status_code == 302
    late = CompletionType.objects.get(label="Late")
    assert office.post("/settings/completion-types/add/", body).status_code == 422
    assert office.post(f"/settings/completion-types/{late.pk}/", body | {"client_modifier": "40"}).status_code == 302
    assert office.post(f"/settings/completion-types/{late.pk}/switch/", headers=SWAP).status_code == 204
    late.refresh_from_db()
    assert (late.client_modifier, late.is_enabled) == (40, False)
    assert office.post(f"/settings/completion-types/{late.pk}/delete/", headers=SWAP).status_code == 204
    assert office.get(f"/settings/completion-types/{late.pk}/").status_code == 404
    assert signed_in(make_person("staff", username="staff")).get("/settings/completion-types/").status_code == 403


def test_closures_are_kept_in_settings(office: Client) -> None:
    room = make_location()
    body = {"name": "Painting", "starts_on": "2026-01-12", "ends_on": "", "location_id": str(room.pk)}
    assert office.post("/settings/closures/add/", body).status_code == 302
    closure = Closure.objects.get()
    assert (closure.ends_on, closure.location_id) == (closure.starts_on, room.pk)
    assert office.post(f"/settings/closures/{closure.pk}/", body | {"ends_on": "2026-01-01"}).status_code == 422
    assert office.post(f"/settings/closures/{closure.pk}/", body | {"name": "Floor"}).status_code == 302
    assert office.post(f"/settings/closures/{closure.pk}/delete/", headers=SWAP).status_code == 204
    assert Closure.objects.count() == 0


def test_combobox_finds_active_clients_by_part_of_a_name(office: Client) -> None:
    make_client(first_name="Leonie", last_name="Fox", search_text="leonie fox")
    make_client(first_name="Leonie", last_name="Gone", status="inactive", search_text="leonie gone")
    items = office.get("/sessions/clients/?q=leon").json()["items"]
    assert [item["label"] for item in items] == ["Leonie Fox"]


@pytest.mark.parametrize("what", ["practitioner", "service", "location"])
def test_filters_offer_their_choices_when_asked(office: Client, session: Session, what: str) -> None:
    there = f"/sessions/choose/{what}/"
    make_location(name="Attic")
    page = office.get("/sessions/?view=all&page=3").content.decode()
    assert f"{there}?view=all" in page
    choices = office.get(f"{there}?view=all").content.decode().partition("data-choices")[2]
    key = getattr(session, f"{what}_id") or Location.objects.get(name="Attic").pk
    assert f"/sessions/?view=all&amp;{what}={key}" in choices and "page=" not in choices
    chosen = office.get(f"/sessions/?view=all&{what}={key}").content.decode()
    assert "filter-set" in chosen and (str(session.pk) in chosen or what == "location")
    assert "filter-set" not in office.get(f"/sessions/?view=all&{what}={new_id()}").content.decode()


def test_a_long_list_is_not_counted_to_its_end(office: Client, admin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    service, pia = make_service(is_concurrent=True), make_practitioner()
    for _ in range(3):
        add(admin, service, pia, make_client())
    assert '<span class="count">3</span>' in office.get("/sessions/?view=unsaved").content.decode()
    monkeypatch.setattr("daybook.scheduling.queries.rows.MOST_COUNTED", 2)
    monkeypatch.setattr("daybook.web.scheduling.views.sessions.MOST_COUNTED", 2)
    page = office.get("/sessions/?view=unsaved").content.decode()
    assert '<span class="count">2+</span>' in page
    assert "1–3" in page and "1–3 of" not in page

"""`/sessions` and what belongs to it, as programs use it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daybook.core.ids import new_id
from daybook.people.models import Assignment, User
from daybook.scheduling.models import Session
from daybook.tenancy.actor import Actor
from tests.api.client import Caller, caller_for
from tests.factories.sessions import (
    actor_with,
    add,
    at,
    make_client,
    make_completion_types,
    make_person,
    make_practitioner,
    make_service,
)


@pytest.fixture(autouse=True)
def types(admin: Actor) -> None:
    make_completion_types()


@pytest.fixture
def pia(admin: Actor) -> User:
    return make_practitioner(first_name="Pia", last_name="Berg")


@pytest.fixture
def leo(admin: Actor) -> User:
    return make_client(first_name="Leo", last_name="Fox")


def body_for(pia: User, *clients: User, **fields) -> dict:
    service = fields.pop("service_row", None) or make_service(name=f"Piano {new_id()}")
    return {
        "service": str(service.pk),
        "practitioner": str(pia.pk),
        "clients": [str(client.pk) for client in clients],
        "starts_at": "2026-01-12T11:00:00+01:00",
        "ends_at": "2026-01-12T12:25:00+01:00",
    } | fields


def test_post_adds_a_session_and_get_shows_it(api: Caller, pia: User, leo: User) -> None:
    added = api.post("/sessions", body_for(pia, leo, public_note="Scales"))
    assert added.status == 201
    assert added.body["starts_at"] == "2026-01-12T11:00:00+01:00"
    assert added.body["clients"] == [str(leo.pk)]
    # 60.00 × 85 / 60
    assert added.body["participants"][0]["scheduled"] == "85.00"
    assert (added.body["status"], added.body["wage"], added.body["warnings"]) == ("open", None, [])
    shown = api.get(f"/sessions/{added.body['id']}").body
    for name in added.body.keys() - {"participants", "warnings"}:
        assert shown[name] == added.body[name], name


def test_post_on_taken_time_is_a_double_booking_with_a_sentence(api: Caller, pia: User, leo: User) -> None:
    api.post("/sessions", body_for(pia, leo))
    refused = api.post("/sessions", body_for(pia, make_client(), starts_at="2026-01-12T11:30:00+01:00"))
    assert (refused.status, refused.code) == (409, "double_booking")
    assert refused.body["detail"].startswith("Pia Berg is with Leo until")
    assert Session.objects.count() == 1


def test_post_warns_of_a_clients_overlap(api: Caller, pia: User, leo: User) -> None:
    api.post("/sessions", body_for(pia, leo))
    added = api.post("/sessions", body_for(make_practitioner(), leo))
    assert added.status == 201
    assert [warning["code"] for warning in added.body["warnings"]] == ["client_overlap"]


@pytest.mark.parametrize(
    "change, status",
    [
        ({"starts_at": "2026-01-12T11:00:00"}, 422),
        ({"starts_at": "yesterday"}, 422),
        ({"ends_at": "2026-01-12T11:00:00+01:00"}, 422),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, 422),
        ({"ends_at": "9999-12-31T23:59:59-12:00"}, 422),
        ({"clients": []}, 422),
        ({"clients": ["nobody"]}, 404),
        ({"clients": "all"}, 422),
        ({"service": None}, 422),
        ({"service": str(new_id())}, 404),
        ({"location": str(new_id())}, 404),
        ({"public_note": "x" * 9_000}, 422),
        ({"unknown": 1}, 422),
    ],
)
def test_post_with_wrong_values_is_refused(api: Caller, pia: User, leo: User, change: dict, status: int) -> None:
    assert api.post("/sessions", body_for(pia, leo) | change).status == status
    assert Session.objects.count() == 0


def test_the_same_key_adds_one_session(api: Caller, pia: User, leo: User) -> None:
    body = body_for(pia, leo)
    first, second = api.post("/sessions", body, key="k1"), api.post("/sessions", body, key="k1")
    assert (first.status, second.status, first.body) == (201, 201, second.body)
    assert api.post("/sessions", body | {"public_note": "x"}, key="k1").code == "idempotency_conflict"
    assert Session.objects.count() == 1


def test_patch_moves_a_session_and_names_its_warnings(api: Caller, pia: User, leo: User) -> None:
    added = api.post("/sessions", body_for(pia, leo)).body
    moved = api.patch(f"/sessions/{added['id']}", {"starts_at": "2026-01-12T11:30:00+01:00"})
    assert (moved.status, moved.body["starts_at"]) == (200, "2026-01-12T11:30:00+01:00")
    assert moved.body["participants"][0]["scheduled"] == "55.00"
    assert api.patch(f"/sessions/{added['id']}", {"status": "completed"}).status == 422
    assert api.patch(f"/sessions/{new_id()}", {"public_note": "x"}).status == 404


def test_complete_and_reopen(api: Caller, pia: User, leo: User) -> None:
    path = "/sessions/" + api.post("/sessions", body_for(pia, leo)).body["id"]
    saved = api.post(f"{path}/complete", {"override": {"cost": "70.00"}})
    assert (saved.status, saved.body["status"], saved.body["wage"]) == (200, "completed", "35.42")
    place = saved.body["participants"][0]
    assert (place["cost"], place["status"], [reason["code"] for reason in place["explain"]]) == (
        "70.00",
        "completed",
        ["cost_override"],
    )
    assert [reason["code"] for reason in saved.body["explain_wage"]] == ["service_wage", "hourly", "rounded"]
    assert api.post(f"{path}/complete", {}).code == "already_completed"
    assert api.delete(path).code == "has_history"
    assert api.patch(path, {"ends_at": "2026-01-12T13:00:00+01:00"}).code == "already_completed"
    opened = api.post(f"{path}/reopen")
    assert (opened.body["status"], opened.body["participants"][0]["cost"]) == ("open", None)
    assert api.post(f"{path}/reopen").code == "not_saved"


@pytest.mark.parametrize(
    "body, status",
    [
        ({"completion_type": "exploded"}, 404),
        ({"completion_type": str(new_id())}, 404),
        ({"override": {"cost": "-1"}}, 422),
        ({"override": {"cost": "1.005"}}, 422),
        ({"override": {"cost": 5}}, 422),
        ({"participants": [{"client": str(new_id()), "completion_type": "missed"}]}, 404),
    ],
)
def test_complete_with_wrong_values_is_refused(api: Caller, pia: User, leo: User, body: dict, status: int) -> None:
    path = "/sessions/" + api.post("/sessions", body_for(pia, leo)).body["id"]
    assert api.post(f"{path}/complete", body).status == status


def test_complete_names_each_client_once(api: Caller, pia: User, leo: User) -> None:
    path = "/sessions/" + api.post("/sessions", body_for(pia, leo)).body["id"]
    twice = [{"client": str(leo.pk), "completion_type": name} for name in ("missed", "canceled")]
    answer = api.post(f"{path}/complete", {"participants": twice})
    assert (answer.status, answer.fields) == (422, {"participants"})


def test_delete_puts_into_the_bin_and_recover_takes_out(api: Caller, pia: User, leo: User) -> None:
    session_id = api.post("/sessions", body_for(pia, leo)).body["id"]
    assert api.delete(f"/sessions/{session_id}").status == 204
    assert api.get(f"/sessions/{session_id}").status == 404
    [binned] = api.get("/deleted-sessions").body["items"]
    assert (binned["id"], binned["deleted_by"] is not None) == (session_id, True)
    assert api.post(f"/deleted-sessions/{session_id}/recover").status == 200
    assert api.post(f"/deleted-sessions/{session_id}/recover").status == 404


def test_bulk_answers_per_id(api: Caller, pia: User, leo: User) -> None:
    session_id = api.post("/sessions", body_for(pia, leo)).body["id"]
    answer = api.post("/sessions/bulk", {"ids": [session_id, "nonsense"], "action": "complete"})
    assert [(item["ok"], item["problem"] and item["problem"]["code"]) for item in answer.body["items"]] == [
        (True, None),
        (False, "not_found"),
    ]
    assert api.post("/sessions/bulk", {"ids": [], "action": "complete"}).status == 422
    assert api.post("/sessions/bulk", {"ids": [session_id], "action": "explode"}).status == 422


def test_list_filters_and_pages(api: Caller, admin: Actor, pia: User, leo: User) -> None:
    service, mia = make_service(), make_client()
    for day in range(5):
        add(admin, service, pia, leo if day % 2 else mia, starts_at=at(10, day=day))
    assert len(api.get("/sessions").body["items"]) == 5
    assert len(api.get("/sessions", client=str(leo.pk)).body["items"]) == 2
    assert len(api.get("/sessions", **{"from": "2026-01-13", "to": "2026-01-14"}).body["items"]) == 2
    assert (
        len(
            api.get("/sessions", **{"from": "2026-01-13T11:00:00+01:00", "to": "2026-01-14T11:00:00+01:00"}).body[
                "items"
            ]
        )
        == 1
    )
    assert api.get("/sessions", practitioner="nobody").body["items"] == []
    assert api.get("/sessions", status="missed").body["items"] == []
    seen, cursor = [], None
    while True:
        page = api.get("/sessions", limit=2, **({"cursor": cursor} if cursor else {})).body
        seen += [item["starts_at"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == sorted(seen)
    assert len(seen) == 5
    assert api.get("/sessions", cursor="nonsense").status == 422
    assert api.get("/sessions", status="exploded").status == 422


def test_list_takes_the_same_number_of_statements_for_one_row_and_for_three(
    api: Caller, admin: Actor, pia: User
) -> None:
    service = make_service()
    add(admin, service, pia, make_client())
    with CaptureQueriesContext(connection) as one:
        api.get("/sessions")
    for day in (1, 2):
        add(admin, service, pia, make_client(), make_client(), starts_at=at(10, day=day))
    with CaptureQueriesContext(connection) as three:
        api.get("/sessions")
    assert len(one) == len(three)


def test_each_role_sees_its_own(api: Caller, admin: Actor, pia: User, leo: User) -> None:
    agent = make_person("agent")
    leo.agent = agent
    leo.save()
    mia = make_client()
    session = add(admin, make_service(), pia, leo, mia, internal_note="late payer").session
    other = add(admin, make_service(), make_practitioner(), mia).session

    def seen(user: User) -> list[dict]:
        return caller_for(user).get("/sessions").body["items"]

    [as_client] = seen(leo)
    assert (as_client["id"], as_client["clients"], as_client["internal_note"]) == (str(session.pk), [str(leo.pk)], None)
    [as_agent] = seen(agent)
    assert as_agent["clients"] == [str(leo.pk)]
    [as_practitioner] = seen(pia)
    assert as_practitioner["internal_note"] == "late payer"
    assert as_practitioner["participants"][0]["scheduled"] is None
    for user in (leo, agent, pia):
        assert caller_for(user).get(f"/sessions/{other.pk}").status == 404
    actor_with(leo, hide_costs=True)
    assert seen(leo)[0]["participants"][0]["scheduled"] is None
    for user in (leo, agent):
        assert caller_for(user).delete(f"/sessions/{session.pk}").status in (403, 404)
        assert caller_for(user).post(f"/sessions/{session.pk}/complete").status in (403, 404)


def test_the_bin_is_not_for_clients_and_agents(api: Caller, admin: Actor, pia: User, leo: User) -> None:
    leo.agent = make_person("agent")
    leo.save()
    session = add(admin, make_service(), pia, leo).session
    api.delete(f"/sessions/{session.pk}")
    for user in (leo, leo.agent):
        assert caller_for(user).get("/deleted-sessions").status == 403
    assert len(caller_for(pia).get("/deleted-sessions").body["items"]) == 1
    sam = make_person("staff")
    assert len(caller_for(sam).get("/deleted-sessions").body["items"]) == 1
    actor_with(sam, manage_schedule=False)
    assert caller_for(sam).get("/deleted-sessions").status == 403


def test_a_client_looks_back_with_the_permission_alone(api: Caller, admin: Actor, pia: User, leo: User) -> None:
    past = add(admin, make_service(), pia, leo).session
    coming = add(admin, make_service(), pia, leo, starts_at=at(10, day=25_000)).session
    assert len(caller_for(leo).get("/sessions").body["items"]) == 2
    actor_with(leo, see_history=False)
    assert [row["id"] for row in caller_for(leo).get("/sessions").body["items"]] == [str(coming.pk)]
    assert caller_for(leo).get(f"/sessions/{past.pk}").status == 404


def test_an_empty_override_needs_no_permission(api: Caller, admin: Actor, pia: User, leo: User) -> None:
    session = add(admin, make_service(), pia, leo).session
    nothing = {"override": {"cost": None, "wage": None}}
    assert caller_for(pia).post(f"/sessions/{session.pk}/complete", nothing).status == 200


def test_practitioner_is_told_which_of_the_three_failed(api: Caller, pia: User, leo: User) -> None:
    body = body_for(pia, leo)
    assert caller_for(pia).post("/sessions", body).code == "not_permitted"
    actor_with(pia, add_sessions=True)
    assert caller_for(pia).post("/sessions", body).code == "not_assigned"
    Assignment.objects.create(practitioner=pia, client=leo)
    User.objects.filter(pk=leo.pk).update(status="inactive")
    assert caller_for(pia).post("/sessions", body).code == "client_not_active"
    User.objects.filter(pk=leo.pk).update(status="active")
    assert caller_for(pia).post("/sessions", body).status == 201

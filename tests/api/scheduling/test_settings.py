"""`/completion-types` and `/closures`."""

import pytest

from daybook.scheduling.models import CompletionType
from daybook.tenancy.actor import Actor
from tests.api.client import Caller, caller_for
from tests.factories.sessions import (
    add,
    make_client,
    make_completion_types,
    make_location,
    make_practitioner,
    make_service,
)


@pytest.fixture(autouse=True)
def types(admin: Actor) -> dict[str, CompletionType]:
    return make_completion_types()


def test_completion_types_are_made_changed_and_removed(api: Caller) -> None:
    made = api.post("/completion-types", {"status": "canceled", "label": "Late cancel", "client_modifier": 50})
    assert (made.status, made.body["practitioner_modifier"], made.body["default"]) == (201, 100, False)
    path = f"/completion-types/{made.body['id']}"
    assert api.patch(path, {"client_modifier": 40, "enabled": False}).body["client_modifier"] == 40
    assert [item["label"] for item in api.get("/completion-types", enabled="false").body["items"]] == ["Late cancel"]
    assert api.delete(path).status == 204
    assert api.get(path).status == 404


@pytest.mark.parametrize(
    "change",
    [
        {"label": "Sixteen letters!"},
        {"label": " "},
        {"client_modifier": -1},
        {"client_modifier": 12.5},
        {"status": "open"},
        {"label": "Missed"},
    ],
)
def test_completion_types_with_wrong_values_are_refused(api: Caller, change: dict) -> None:
    assert api.post("/completion-types", {"status": "missed", "label": "No show"} | change).status == 422


def test_defaults_can_be_switched_off_but_not_removed_nor_all_at_once(
    api: Caller, types: dict[str, CompletionType]
) -> None:
    assert api.delete(f"/completion-types/{types['missed'].pk}").code == "default_type_stays"
    answers = [api.patch(f"/completion-types/{types[name].pk}", {"enabled": False}) for name in ("missed", "canceled")]
    assert [answer.status for answer in answers] == [200, 200]
    assert api.patch(f"/completion-types/{types['completed'].pk}", {"enabled": False}).code == "last_completion_type"


def test_closures_mark_the_sessions_on_them(api: Caller, admin: Actor) -> None:
    room = make_location()
    made = api.post("/closures", {"name": "Painting", "starts_on": "2026-01-12", "location": str(room.pk)})
    assert (made.status, made.body["ends_on"]) == (201, "2026-01-12")
    inside = add(admin, make_service(), make_practitioner(), make_client(), location_id=room.pk).session
    outside = add(admin, make_service(), make_practitioner(), make_client()).session
    shown = {item["id"]: item["on_closure"] for item in api.get("/sessions").body["items"]}
    assert shown == {str(inside.pk): True, str(outside.pk): False}
    path = f"/closures/{made.body['id']}"
    assert api.patch(path, {"ends_on": "2026-01-11"}).status == 422
    assert api.patch(path, {"location": None}).body["location"] is None
    assert len(api.get("/closures", **{"from": "2026-01-12", "to": "2026-01-12"}).body["items"]) == 1
    assert api.get("/closures", **{"from": "2026-01-13"}).body["items"] == []
    assert api.delete(path).status == 204


def test_clients_see_closures_and_change_nothing(api: Caller) -> None:
    api.post("/closures", {"name": "Winter", "starts_on": "2026-01-12", "ends_on": "2026-01-20"})
    leo = caller_for(make_client())
    [closure] = leo.get("/closures").body["items"]
    assert leo.delete(f"/closures/{closure['id']}").status == 403
    assert leo.post("/closures", {"name": "x", "starts_on": "2026-01-12"}).status == 403
    assert leo.post("/completion-types", {"status": "missed", "label": "x"}).status == 403

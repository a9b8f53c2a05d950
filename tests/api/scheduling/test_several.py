"""Several practitioners in one session, as programs say it."""

import pytest

from daybook.core.ids import new_id
from daybook.people.models import Assignment, User
from daybook.scheduling.models import Assistant, Session
from daybook.tenancy.actor import Actor
from tests.api.client import Caller, caller_for
from tests.factories.sessions import actor_with, make_client, make_completion_types, make_practitioner, make_service


@pytest.fixture(autouse=True)
def types(admin: Actor) -> None:
    make_completion_types()


@pytest.fixture
def people(admin: Actor) -> tuple[str, str, str]:
    return tuple(str(make_practitioner(first_name=name).pk) for name in ("Pia", "Ben", "Eva"))


def body_for(**fields: object) -> dict:
    return {
        "service": str(make_service(name=f"Duet {new_id()}").pk),
        "clients": [str(make_client().pk)],
        "starts_at": "2026-01-12T11:00:00+01:00",
        "ends_at": "2026-01-12T12:00:00+01:00",
    } | fields


def who(body: dict) -> list[str]:
    assert body["practitioner"] == body["practitioners"][0]
    return body["practitioners"]


def test_either_field_or_both_say_who_is_there(api: Caller, people: tuple[str, str, str]) -> None:
    pia, ben, _ = people
    for day, given, expected in (
        (12, {"practitioner": pia}, [pia]),
        (13, {"practitioners": [pia]}, [pia]),
        (14, {"practitioners": [pia, ben]}, [pia, ben]),
        (15, {"practitioner": ben, "practitioners": [ben, pia]}, [ben, pia]),
    ):
        times = {name: f"2026-01-{day}T{hour}:00:00+01:00" for name, hour in (("starts_at", 11), ("ends_at", 12))}
        added = api.post("/sessions", body_for(**times, **given))
        assert (added.status, who(added.body)) == (201, expected)
        assert added.body["wages"] == [{"practitioner": each, "wage": None, "explain": []} for each in expected]
        shown = api.get(f"/sessions/{added.body['id']}").body
        assert {name: shown[name] for name in ("practitioners", "wages")} == {
            name: added.body[name] for name in ("practitioners", "wages")
        }


@pytest.mark.parametrize("given", ["nobody", "another leads", "twice", "none", "stranger"])
def test_what_contradicts_itself_is_refused(api: Caller, people: tuple[str, str, str], given: str) -> None:
    pia, ben, _ = people
    fields, status, field = {
        "nobody": ({}, 422, "practitioner"),
        "another leads": ({"practitioner": pia, "practitioners": [ben, pia]}, 422, "practitioners"),
        "twice": ({"practitioners": [ben, ben]}, 422, "practitioners"),
        "none": ({"practitioners": []}, 422, "practitioners"),
        "stranger": ({"practitioners": [ben, str(new_id())]}, 404, None),
    }[given]
    refused = api.post("/sessions", body_for(**fields))
    assert refused.status == status
    assert field is None or refused.body["errors"][0]["field"] == field
    assert Session.objects.count() == 0


def test_patch_changes_who_leads_or_all(api: Caller, people: tuple[str, str, str]) -> None:
    pia, ben, eva = people
    session = api.post("/sessions", body_for(practitioners=[pia, ben])).body["id"]

    def patched(**fields: object) -> list[str]:
        answer = api.patch(f"/sessions/{session}", fields)
        assert answer.status == 200
        return who(answer.body)

    assert patched(practitioner=eva) == [eva, ben]
    assert patched(practitioners=[ben, eva]) == [ben, eva]
    assert patched(practitioner=ben, practitioners=[ben]) == [ben]
    assert patched(public_note="Bring both parts") == [ben]


def test_each_wage_and_its_reasons(api: Caller, people: tuple[str, str, str]) -> None:
    pia, ben, eva = people
    body = body_for(practitioners=[pia, ben, eva])
    api.post(
        "/wage-rates", {"practitioner": ben, "service": body["service"], "wage": "10.00", "starts_on": "2026-01-01"}
    )
    session = api.post("/sessions", body).body["id"]
    saved = api.post(f"/sessions/{session}/complete", {"override": {"wages": {eva: "1.50"}}})
    assert saved.status == 200
    assert [(each["practitioner"], each["wage"]) for each in saved.body["wages"]] == [
        (pia, "25.00"), (ben, "10.00"), (eva, "1.50"),
    ]  # fmt: skip
    assert [each["explain"][0]["code"] for each in saved.body["wages"]] == [
        "service_wage",
        "wage_rate",
        "wage_override",
    ]
    assert saved.body["wage"] == "25.00"
    earned = api.get("/reports/wages", **{"from": "2026-01-12", "to": "2026-01-12"}).body
    assert earned["totals"]["wage"] == "36.50"
    assert api.get("/ledger/check").body["balanced"]
    reopened = api.post(f"/sessions/{session}/reopen", {})
    assert [each["wage"] for each in reopened.body["wages"]] == [None, None, None]
    refused = api.post(f"/sessions/{session}/complete", {"override": {"wages": {str(new_id()): "1.00"}}})
    assert refused.status == 404


def test_the_list_of_a_practitioner_has_what_it_assists(api: Caller, people: tuple[str, str, str]) -> None:
    pia, ben, eva = people
    session = api.post("/sessions", body_for(practitioners=[pia, ben])).body["id"]
    for each, found in ((pia, [session]), (ben, [session]), (eva, [])):
        assert [row["id"] for row in api.get("/sessions", practitioner=each).body["items"]] == found


def test_a_practitioner_is_alone_in_what_it_adds_and_sees_what_it_assists(
    api: Caller, people: tuple[str, str, str]
) -> None:
    pia, ben, _ = people
    session = api.post("/sessions", body_for(practitioners=[pia, ben])).body["id"]
    row = User.objects.get(pk=ben)
    actor_with(row, add_sessions=True, complete_sessions=True)
    own, leo = caller_for(row), make_client()
    Assignment.objects.create(practitioner=row, client=leo)
    body = body_for(practitioners=[ben, pia], clients=[str(leo.pk)])
    refused = own.post(
        "/sessions", body | {"starts_at": "2026-01-13T11:00:00+01:00", "ends_at": "2026-01-13T12:00:00+01:00"}
    )
    assert refused.status == 403
    assert "Only the team" in refused.body["detail"]
    assert [row["id"] for row in own.get("/sessions").body["items"]] == [session]
    saved = own.post(f"/sessions/{session}/complete", {})
    assert saved.status == 200
    assert [each["wage"] for each in saved.body["wages"]] == [None, "25.00"]
    assert Assistant.objects.get().wage_minor == 2500

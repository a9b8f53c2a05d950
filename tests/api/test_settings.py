"""`/business` and `/settings/terms`."""

from __future__ import annotations

import base64

import pytest

from daybook.tenancy.models import Business
from tests.api.client import Caller, caller_for
from tests.core.test_images import png
from tests.factories.sessions import make_client, make_person, make_service


def test_business_of_the_token(api: Caller, business: Business) -> None:
    body = api.get("/business").body
    assert (body["slug"], body["currency"], body["plan"]) == (business.slug, "EUR", "trial")


def test_business_patch_takes_its_own_answer_back(api: Caller) -> None:
    body = api.get("/business").body
    del body["id"]
    assert api.patch("/business", body | {"name": "Tonleiter", "first_weekday": 6}).status == 200
    assert api.get("/business").body["name"] == "Tonleiter"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"currency": "XXQ"}, "currency"),
        ({"locale": "klingon"}, "locale"),
        ({"accent": "blue"}, "accent"),
        ({"plan": "enterprise"}, "plan"),
        ({"slug": "other"}, "slug"),
    ],
)
def test_business_patch_names_the_field_at_fault(api: Caller, change: dict[str, str], field: str) -> None:
    answer = api.patch("/business", change)
    assert (answer.status, answer.fields) == (422, {field})


def test_currency_is_locked_once_a_price_is_kept(api: Caller) -> None:
    assert api.patch("/business", {"currency": "CHF"}).status == 200
    make_service()
    answer = api.patch("/business", {"currency": "EUR"})
    assert (answer.status, answer.code, answer.fields) == (409, "currency_locked", {"currency"})


@pytest.mark.parametrize("role", ["staff", "practitioner", "client", "agent"])
def test_only_administrators_change_the_business(business: Business, role: str) -> None:
    caller = caller_for(make_person(role))
    assert caller.patch("/business", {"name": "x"}).status == 403
    assert caller.get("/business").status == 200


def test_terms_are_ours_until_renamed_and_again_when_left_out(api: Caller) -> None:
    assert api.get("/settings/terms").body["client"] == {"singular": "client", "plural": "clients"}
    student = {"singular": "student", "plural": "students"}
    assert api.put("/settings/terms", {"client": student}).body["client"] == student
    assert api.get("/settings/terms").body["client"] == student
    assert api.put("/settings/terms", {}).body["client"]["singular"] == "client"


@pytest.mark.parametrize(
    "terms",
    [{"dragon": {"singular": "a", "plural": "b"}}, {"client": {"singular": " ", "plural": "b"}}, {"client": "x"}],
)
def test_terms_refuse_what_is_no_word(api: Caller, terms: dict[str, object]) -> None:
    assert api.put("/settings/terms", terms).status == 422


def test_terms_speak_in_refusals(api: Caller) -> None:
    api.put("/settings/terms", {"session": {"singular": "lesson", "plural": "lessons"}})
    from daybook.api.errors import Reader
    from daybook.catalog.errors import InUse

    assert "lessons" in Reader.of_scope().sentence(InUse(sessions=2))


def test_clients_may_not_rename(business: Business) -> None:
    assert caller_for(make_client()).put("/settings/terms", {}).status == 403


def test_logo_is_set_answered_and_removed(api: Caller) -> None:
    image = base64.b64encode(png(40, 20)).decode()
    assert api.get("/business/logo").status == 404
    assert api.put("/business/logo", {"image": image}).status == 204
    answer = api.get("/business/logo").response
    assert (answer.content, answer["Content-Type"]) == (png(40, 20), "image/png")
    assert api.delete("/business/logo").status == 204
    assert api.get("/business/logo").status == 404


@pytest.mark.parametrize(
    "image", ["", "%%%", base64.b64encode(b"<svg/>").decode(), base64.b64encode(png(5000, 1)).decode()]
)
def test_logo_refuses_what_is_no_picture(api: Caller, image: str) -> None:
    assert api.put("/business/logo", {"image": image}).status == 422
    assert api.get("/business/logo").status == 404


def test_removed_closures_and_completion_types_come_back(api: Caller) -> None:
    closure = api.post("/closures", {"name": "Off", "starts_on": "2026-05-01", "ends_on": "2026-05-02"}).body
    api.post("/completion-types", {"status": "completed", "label": "Held"})
    kind = api.post("/completion-types", {"status": "missed", "label": "No call", "client_modifier": 50}).body
    for path, made in (("/closures", closure), ("/completion-types", kind)):
        assert api.delete(f"{path}/{made['id']}").status == 204
        assert api.post(f"{path}/{made['id']}/recover").body == made
        assert api.post(f"{path}/{made['id']}/recover").status == 404
    api.delete(f"/completion-types/{kind['id']}")
    assert [each["id"] for each in api.get("/completion-types?deleted=true").body["items"]] == [kind["id"]]
    api.delete(f"/closures/{closure['id']}")
    found = api.get("/audit?table=scheduling_closure&operation=deleted").body["items"]
    assert {each["record"] for each in found} == {closure["id"]}
    assert {each["changes"]["name"] for each in found} == {"Off"}

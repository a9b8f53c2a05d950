"""The ground rules that hold for every operation, shown on `/business`."""

from __future__ import annotations

import pytest
from django.db import connection

from daybook.api.paging import encode_cursor
from daybook.core.ids import new_id
from daybook.people.models import ApiToken, User
from daybook.tenancy.models import Business
from tests.api.client import Caller


def test_no_token_is_401_with_a_challenge(business: Business) -> None:
    answer = Caller().get("/business")
    assert (answer.status, answer.code) == (401, "no_token")
    assert answer.response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "token", ["x", "daybook__", "daybook_nosuch_" + "a" * 40, "daybook_é_" + "a" * 40, "Bearer", ""]
)
def test_a_token_that_cannot_be_is_401(business: Business, token: str) -> None:
    assert Caller(token).get("/business").status == 401


def test_a_token_of_another_business_name_is_401(api: Caller, business: Business) -> None:
    _, _, secret = api.token.split("_")
    assert Caller(f"daybook_nosuch_{secret}").get("/business").status == 401


def test_a_revoked_token_and_an_inactive_user_are_401(api: Caller) -> None:
    assert api.get("/business").status == 200
    User.objects.update(status="inactive")
    assert api.get("/business").status == 401
    User.objects.update(status="active")
    ApiToken.objects.update(revoked_at="2026-01-01T00:00:00Z")
    assert api.get("/business").status == 401


def test_plan_without_api_is_403(api: Caller, business: Business) -> None:
    Business.objects.filter(pk=business.pk).update(plan="standard")
    answer = api.get("/business")
    assert (answer.status, answer.code) == (403, "plan_without_api")


def test_problem_document_has_every_member(api: Caller) -> None:
    answer = api.get("/nothing-here")
    assert answer.status == 404
    assert answer.response["Content-Type"] == "application/problem+json"
    assert set(answer.body) == {"type", "title", "status", "detail", "code", "errors", "explain"}
    assert answer.body["code"] == "not_found"


def test_the_root_of_a_version_is_404(api: Caller) -> None:
    assert api.get("/").status == 404


def test_a_cursor_without_its_offset_is_refused(api: Caller) -> None:
    cursor = encode_cursor(["2026-01-01T00:00:00", str(new_id())])
    assert api.get("/outbox", cursor=cursor).status == 422


def test_a_post_of_nothing_is_a_post_of_no_fields(api: Caller) -> None:
    answer = api.call("POST", "/clients", b"")
    assert (answer.status, answer.fields) == (422, {"first_name"})


def test_wrong_method_is_405_and_names_the_right_ones(api: Caller) -> None:
    answer = api.call("DELETE", "/business")
    assert (answer.status, answer.code) == (405, "method_not_allowed")
    assert set(answer.response["Allow"].split(", ")) == {"GET", "PATCH"}


@pytest.mark.parametrize("body", [b"{", b'{"name": ', b"\xff\xfe", b"nonsense", b'{"a": NaN}'])
def test_malformed_json_is_400(api: Caller, body: bytes) -> None:
    answer = api.call("PATCH", "/business", body)
    assert (answer.status, answer.code) == (400, "malformed")


def test_other_content_type_is_415(api: Caller) -> None:
    answer = api.call("PATCH", "/business", b"name=x", content_type="application/x-www-form-urlencoded")
    assert (answer.status, answer.code) == (415, "not_json")


def test_too_large_a_body_is_413(api: Caller) -> None:
    answer = api.call("PATCH", "/business", b'{"name": "' + b"x" * 2_200_000 + b'"}')
    assert (answer.status, answer.code) == (413, "body_too_large")


@pytest.mark.parametrize("body", [[], "text", 1, None])
def test_json_of_another_shape_is_422(api: Caller, body: object) -> None:
    import orjson

    assert api.call("PATCH", "/business", orjson.dumps(body)).status == 422


def test_invalid_values_name_their_fields(api: Caller) -> None:
    answer = api.patch("/business", {"name": 5, "surprise": 1, "first_weekday": 9})
    assert answer.status == 422
    assert answer.fields == {"name", "surprise", "first_weekday"}
    assert all(error["message"] for error in answer.body["errors"])


def test_nul_in_a_text_is_422(api: Caller) -> None:
    answer = api.call("PATCH", "/business", b'{"name": "a\\u0000b"}')
    assert (answer.status, answer.fields) == (422, {"name"})
    assert api.call("GET", "/business?x=%00").status == 422


def test_a_refused_request_keeps_nothing(api: Caller, business: Business) -> None:
    answer = api.patch("/business", {"name": "New", "slug": "other"})
    assert (answer.status, answer.fields) == (422, {"slug"})
    assert api.get("/business").body["name"] == business.name


def test_answers_are_not_stored_by_anything_between(api: Caller) -> None:
    response = api.get("/business").response
    assert response["Cache-Control"] == "no-store"
    assert response["Vary"] == "Authorization"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_head_answers_like_get_without_a_body(api: Caller) -> None:
    answer = api.call("HEAD", "/business")
    assert (answer.status, answer.body) == (200, None)


def test_a_token_that_runs_away_is_429(api: Caller, settings: object) -> None:
    settings.API_RATE = 1
    statuses = [api.get("/business").status for _ in range(4)]
    assert statuses[0] == 200
    assert statuses[-1] == 429


def test_database_refusals_are_never_5xx(api: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    from daybook.api.v1.settings import routes

    def breaks(statement: str) -> object:
        def run(**_: object) -> None:
            with connection.cursor() as cursor:
                cursor.execute(statement)

        return run

    for statement, status in (
        ("insert into tenancy_business select * from tenancy_business", 409),
        ("update tenancy_business set first_weekday = 7", 422),
        ("select 'x'::bigint", 422),
    ):
        monkeypatch.setattr(routes, "change_business", breaks(statement))
        assert api.patch("/business", {"name": "x"}).status == status, statement


def test_a_lost_deadlock_is_tried_again(api: Caller, monkeypatch: pytest.MonkeyPatch, business: Business) -> None:
    from daybook.api.v1.settings import routes

    tries = []

    def deadlocks_twice(**_: object) -> Business:
        tries.append(1)
        if len(tries) < 3:
            with connection.cursor() as cursor:
                cursor.execute("do $$ begin raise exception 'lost' using errcode = '40P01'; end $$")
        return business

    monkeypatch.setattr(routes, "change_business", deadlocks_twice)
    assert api.patch("/business", {"name": "x"}).status == 200
    assert len(tries) == 3


def test_openapi_declares_errors_and_security(api: Caller) -> None:
    document = Caller().get("/openapi.json").body
    assert document["openapi"].startswith("3.1")
    assert document["security"] == [{"Token": []}]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert {"401", "403", "404", "422", "429"} <= set(operation["responses"]), (method, path)
            if method == "post":
                assert "Idempotency-Key" in {each["name"] for each in operation["parameters"]}


def test_operation_ids_are_unique() -> None:
    document = Caller().get("/openapi.json").body
    ids = [operation["operationId"] for methods in document["paths"].values() for operation in methods.values()]
    assert len(ids) == len(set(ids))

"""The document against the program: values made from the document, right and wrong ones, never an answer it does not declare."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from daybook.config.wsgi import application
from daybook.tenancy.actor import Actor
from tests.api.client import Caller
from tests.factories.sessions import (
    add,
    at,
    make_client,
    make_completion_types,
    make_location,
    make_person,
    make_practitioner,
    make_service,
)

EXAMPLES = settings(
    max_examples=4,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

OPERATIONS = [
    found.ok() for found in schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application).get_all_operations()
]


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The program itself is called, as a server calls it: it must not close the connection of the test."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def ids(admin: Actor) -> dict[str, str]:
    """What a gap in an address may be filled with: a row of each kind that is there."""
    types = make_completion_types()
    client, practitioner, service = make_client(), make_practitioner(), make_service()
    session = add(admin, service, practitioner, client, starts_at=at(6)).session
    return {
        "client_id": str(client.pk),
        "practitioner_id": str(practitioner.pk),
        "agent_id": str(make_person("agent").pk),
        "staff_id": str(make_person("staff").pk),
        "user_id": str(client.pk),
        "service_id": str(service.pk),
        "location_id": str(make_location().pk),
        "session_id": str(session.pk),
        "type_id": str(types["missed"].pk),
    }


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_answers_are_as_declared(
    operation: schemathesis.APIOperation, api: Caller, ids: dict[str, str], settings: object
) -> None:
    """With right and with wrong values; every other call goes to rows that are there, by the ids of `ids`."""
    settings.API_RAISES = False
    calls = count()

    @EXAMPLES
    def check(case: schemathesis.Case) -> None:
        if next(calls) % 2 == 0 and case.path_parameters:
            case.path_parameters = {name: ids.get(name, value) for name, value in case.path_parameters.items()}
        case.call_and_validate(headers={"Authorization": f"Bearer {api.token}"}, checks=CHECKS)

    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        try:
            given(case=operation.as_strategy(generation_mode=mode))(check)()
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE  # an operation that takes nothing can be given nothing wrong

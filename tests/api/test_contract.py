"""The document against the program: values made from the document, right and wrong ones, never an answer it does not declare.

Each operation by itself, and in chains: what one answered is what the next is asked about.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    use_after_free,
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
CHAINS = settings(EXAMPLES, max_examples=4, stateful_step_count=10)
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

DOCUMENT = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
OPERATIONS = [found.ok() for found in DOCUMENT.get_all_operations()]


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


def examples(request: pytest.FixtureRequest, short: settings, times: int) -> settings:
    """So many for the short form, and `times` as many, other ones each time, for the long one."""
    if not request.config.getoption("--long"):
        return short
    return settings(short, max_examples=short.max_examples * times, derandomize=False)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_answers_are_as_declared(
    operation: schemathesis.APIOperation,
    api: Caller,
    ids: dict[str, str],
    settings: object,
    request: pytest.FixtureRequest,
) -> None:
    """With right and with wrong values; every other call goes to rows that are there, by the ids of `ids`."""
    settings.API_RAISES = False
    calls = count()

    @examples(request, EXAMPLES, 10)
    def check(case: schemathesis.Case) -> None:
        if next(calls) % 2 == 0 and case.path_parameters:
            case.path_parameters = {name: ids.get(name, value) for name, value in case.path_parameters.items()}
        case.call_and_validate(headers={"Authorization": f"Bearer {api.token}"}, checks=CHECKS)

    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        try:
            given(case=operation.as_strategy(generation_mode=mode))(check)()
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE  # an operation that takes nothing can be given nothing wrong


def test_chains_of_operations_are_answered_as_declared(
    api: Caller, ids: dict[str, str], settings: object, request: pytest.FixtureRequest
) -> None:
    """What was created is read, changed, deleted and asked for again, in any order."""
    settings.API_RAISES = False
    steps: list[int] = []

    class Chain(DOCUMENT.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            """Each chain begins with the same rows, so that the same choices lead to the same answers."""
            self.start = transaction.savepoint()

        def teardown(self) -> None:
            transaction.savepoint_rollback(self.start)

        def get_call_kwargs(self, case: schemathesis.Case) -> dict[str, Any]:
            return {"headers": {"Authorization": f"Bearer {api.token}"}}

        def validate_response(self, response: Any, case: schemathesis.Case, **options: Any) -> None:
            steps.append(response.status_code)
            case.validate_response(response, checks=[*CHECKS, use_after_free], **options)

    run_state_machine_as_test(Chain, settings=examples(request, CHAINS, 20))
    assert len(steps) > 10

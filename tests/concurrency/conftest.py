"""What races need: a real server over a database of its own, and a desk from which they are set up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.caller import Caller, caller_of_new_business
from tests.support.databases import copied_database, used_by_django
from tests.support.live import running_server


@pytest.fixture(scope="module")
def api(request: pytest.FixtureRequest, cluster: Any, template: str, django_db_blocker: Any) -> Iterator[Caller]:
    """A server of two processes over a database of its own, shared by the races of a module."""
    name = request.module.__name__.rpartition(".")[2].removeprefix("test_")
    with (
        copied_database(cluster, template, name) as database,
        django_db_blocker.unblock(),
        used_by_django(database),
        running_server(database, workers=2) as live,
    ):
        yield caller_of_new_business(live.port)


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> int:
    """How often a race of few callers is run: once in a while the right one wins by chance."""
    return 25 if request.config.getoption("--long") else 4

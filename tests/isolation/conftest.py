from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from daybook.api import door
from tests.support.databases import copied_database, used_by_django
from tests.support.world import World, make_world


@pytest.fixture(scope="module")
def world_made(cluster: Any, template: str, django_db_blocker: Any) -> Iterator[World]:
    """Two furnished businesses in a database of the module's own."""
    with (
        copied_database(cluster, template, "world") as database,
        django_db_blocker.unblock(),
        used_by_django(database),
    ):
        yield make_world(datetime.now(UTC))


@pytest.fixture
def world(world_made: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The same two businesses for every test of the module: what a test writes is taken back."""
    monkeypatch.setattr(door, "allow", lambda token: True)
    with transaction.atomic():
        yield world_made
        transaction.set_rollback(True)

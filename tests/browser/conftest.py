"""A running Daybook with the demo business, and browsers in which its people are signed in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings

from tests.support.databases import copied_database, used_by_django
from tests.support.live import Live, running_server
from tests.support.world import World, make_world


@dataclass(frozen=True)
class Running:
    """`url` leads to the demo business, without a slash at its end."""

    live: Live
    world: World

    @property
    def url(self) -> str:
        return f"{self.live.url}/b/{self.world.business.slug}"

    def cookies(self, name: str) -> list[Any]:
        """The cookies with which a person of this name is signed in."""
        cookie = self.world.people[name].cookie
        return [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.live.url}] if cookie else []


@pytest.fixture(scope="module")
def running(cluster: Any, template: str, django_db_blocker: Any) -> Iterator[Running]:
    with copied_database(cluster, template, "browsed") as database, django_db_blocker.unblock():
        with used_by_django(database):
            world = make_world(datetime.now(UTC))
        with running_server(database) as live:
            yield Running(live, world)

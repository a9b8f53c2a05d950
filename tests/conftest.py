"""What every test can ask for. Tests use the database as the serving role, so row-level security is live in them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from tests.support.databases import Database, copied_database, ensure_template, test_dir, used_by_django
from tests.support.live import Live, running_server

if TYPE_CHECKING:
    from django.test import Client

    from daybook.config.postgres import Cluster
    from daybook.people.models import User
    from daybook.tenancy.actor import Actor
    from daybook.tenancy.models import Business

# How long an example takes says how busy the machine is, not whether the property holds.
settings.register_profile("daybook", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("daybook")
DATABASE_FIXTURES = {"db", "real_database", "live_daybook", "business", "transactional_db"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="the long form of the tests of faults")
    parser.addoption("--write", action="store_true", help="write down the figures that tests hold pages against")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a database or a browser, and everything else as `unit`."""
    for item in items:
        used = set(getattr(item, "fixturenames", ()))
        if "page" in used:
            item.add_marker(pytest.mark.browser)
        if used & DATABASE_FIXTURES or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.database)
        elif not item.get_closest_marker("database"):
            item.add_marker(pytest.mark.unit)


# Databases ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The tests' PostgreSQL. The last process of a run that lets go of it stops it."""
    from daybook.config.postgres import Cluster

    server = Cluster(test_dir(), throwaway=True)
    server.hold()
    yield server
    server.release()


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> str:
    return ensure_template(cluster)


@pytest.fixture(scope="session")
def django_db_setup(cluster: Cluster, template: str) -> Iterator[None]:
    """Tests marked `django_db` share one copy of the template per worker, and roll back what they write."""
    with copied_database(cluster, template, "shared") as database, used_by_django(database):
        yield


@pytest.fixture
def real_database(cluster: Cluster, template: str, django_db_blocker: Any) -> Iterator[Database]:
    """A copy of its own, for a test that commits, or needs several connections or processes."""
    with (
        copied_database(cluster, template, "own") as database,
        django_db_blocker.unblock(),
        used_by_django(database),
    ):
        yield database


@pytest.fixture
def live_daybook(real_database: Database) -> Iterator[Live]:
    """A web server running on `real_database`."""
    with running_server(real_database) as live:
        yield live


# Businesses and people ---------------------------------------------------------------------------------------------


@pytest.fixture
def business(db: None) -> Iterator[Business]:
    """A business in Berlin that keeps its books in euros, with its scope open."""
    from daybook.tenancy.scope import open_scope
    from tests.factories.businesses import make_business

    with open_scope(make_business().pk) as opened:
        yield opened


@pytest.fixture
def admin(business: Business) -> Actor:
    """An administrator of `business`."""
    from daybook.people.actors import actor_of
    from tests.factories.businesses import make_administrator

    return actor_of(make_administrator())


@pytest.fixture
def sign_in(business: Business) -> Callable[[User], Client]:
    """Sign a user in: gives Django's test client with that user's cookie, on the one business's addresses."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.test import Client

    from daybook.people.sessions import SessionStore

    def make(user: User) -> Client:
        store = SessionStore()
        store[SESSION_KEY] = str(user.pk)
        store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        store[HASH_SESSION_KEY] = user.get_session_auth_hash()
        store.save()
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = store.session_key
        return client

    return make


@pytest.fixture
def signed_in(sign_in: Callable[[User], Client]) -> Client:
    """Django's test client with an administrator's login."""
    from tests.factories.businesses import make_administrator

    return sign_in(make_administrator())


# Browser -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium: a browser build of Playwright's own is not fetched."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = next((path for path in map(shutil.which, names) if path), None)
    if found is None:
        pytest.skip("no Chromium on the path")
    return {**browser_type_launch_args, "executable_path": found, "args": ["--no-sandbox", "--disable-gpu"]}

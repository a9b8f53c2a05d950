"""Pages are served as a role that row-level security binds and that owns nothing."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.utils import ProgrammingError

from daybook.config.postgres import SUPERUSER
from daybook.config.roles import refuse_powerful_role
from tests.support.databases import Database

database = pytest.mark.django_db


@database
def test_tests_run_as_the_serving_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        assert cursor.fetchone() == ("daybook_app",)
    refuse_powerful_role()


@database
def test_serving_role_owns_nothing_and_cannot_make_tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_class where pg_get_userbyid(relowner) = current_user")
        assert cursor.fetchone() == (0,)
        with pytest.raises(ProgrammingError, match="permission denied for schema public"):
            cursor.execute("create table mine (id int)")


@database
def test_serving_role_cannot_forge_migrations() -> None:
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute("delete from django_migrations")


def test_superuser_is_refused(real_database: Database) -> None:
    values = connection.settings_dict
    values |= {"USER": SUPERUSER, "PASSWORD": real_database.cluster.password(SUPERUSER)}
    connection.close()
    with pytest.raises(ImproperlyConfigured, match="not bound by row-level security"):
        refuse_powerful_role()

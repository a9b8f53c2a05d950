"""The environment is typed, and a mistake in it is said, not carried on with."""

from pathlib import Path

import pytest

from daybook.config.env import EnvironmentProblem, read_environment


def test_nothing_given_has_defaults() -> None:
    environment = read_environment({})
    assert environment.data_dir == Path("data").absolute()
    assert (environment.web_workers, environment.database_role, environment.debug) == (2, "app", False)


def test_empty_value_counts_as_not_given() -> None:
    assert read_environment({"DAYBOOK_SECRET_KEY": "", "DATABASE_URL": " "}).database_url is None


def test_other_programs_variables_are_left_alone() -> None:
    assert read_environment({"PATH": "/bin", "DATABASE_NAME": "x"}) == read_environment({})


def test_misspelt_name_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(EnvironmentProblem, match="DAYBOOK_DATA_DIRR is not .* Did you mean DAYBOOK_DATA_DIR?"):
        read_environment({"DAYBOOK_DATA_DIRR": "x"})


def test_unlike_name_is_refused_with_all_known_ones() -> None:
    with pytest.raises(EnvironmentProblem, match="The known ones are DATABASE_URL, DAYBOOK_"):
        read_environment({"DAYBOOK_ZZZZZZZZZZZZZZZZ": "x"})


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("DAYBOOK_DEBUG", "maybe", "must be 1 or 0"),
        ("DAYBOOK_WEB_WORKERS", "0", "from 1 to 64"),
        ("DAYBOOK_WEB_WORKERS", "two", "from 1 to 64"),
        ("DAYBOOK_LOG_LEVEL", "loud", "one of DEBUG, INFO"),
        ("DAYBOOK_PUBLIC_URL", "daybook.example", "http:// or https://"),
        ("DATABASE_URL", "mysql://x/y", "postgres:// or postgresql://"),
        ("DAYBOOK_DB_ROLE", "root", "one of app, owner"),
        ("DAYBOOK_SECRET_KEY", "short", "at least 32"),
    ],
)
def test_unusable_value_is_refused_by_name(name: str, value: str, says: str) -> None:
    with pytest.raises(EnvironmentProblem, match=f"^{name} .*{says}"):
        read_environment({name: value})


@pytest.mark.parametrize(("url", "https"), [("https://a.example", True), ("http://a.example/", False)])
def test_public_url_tells_whether_it_is_https(url: str, https: bool) -> None:
    assert read_environment({"DAYBOOK_PUBLIC_URL": url}).is_https is https

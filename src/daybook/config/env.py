"""The environment, read once, typed, and refused where it is wrong or misspelt."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
DATABASE_ROLES = ("app", "owner")


class EnvironmentProblem(Exception):
    """A variable has a value that cannot be used, or a name that is not known. The text says which, and what may be."""


def _flag(text: str) -> bool:
    values = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if text.lower() not in values:
        raise ValueError("must be 1 or 0")
    return values[text.lower()]


def _between(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(text)

    return parse


def _one_of(*allowed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        found = next((value for value in allowed if value.lower() == text.lower()), None)
        if found is None:
            raise ValueError(f"must be one of {', '.join(allowed)}")
        return found

    return parse


def _url(*schemes: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        parts = urlsplit(text)
        if parts.scheme not in schemes or not (parts.hostname or parts.path):
            raise ValueError(f"must be an address that starts with {' or '.join(f'{scheme}://' for scheme in schemes)}")
        return text.rstrip("/")

    return parse


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _folder(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _secret(text: str) -> str:
    if len(text) < 32:
        raise ValueError("must be at least 32 characters long")
    return text


def _variable(name: str, parse: Callable[[str], Any], default: Any) -> Any:
    return field(default=default, metadata={"name": name, "parse": parse})


@dataclass(frozen=True)
class Environment:
    """Every variable that Daybook reads."""

    data_dir: Path = _variable("DAYBOOK_DATA_DIR", _folder, Path("data").absolute())
    test_dir: Path | None = _variable("DAYBOOK_TEST_DIR", _folder, None)
    debug: bool = _variable("DAYBOOK_DEBUG", _flag, False)
    log_level: str = _variable("DAYBOOK_LOG_LEVEL", _one_of(*LOG_LEVELS), "INFO")
    secret_key: str | None = _variable("DAYBOOK_SECRET_KEY", _secret, None)
    public_url: str | None = _variable("DAYBOOK_PUBLIC_URL", _url("http", "https"), None)
    allowed_hosts: tuple[str, ...] = _variable("DAYBOOK_ALLOWED_HOSTS", _names, ())
    database_url: str | None = _variable("DATABASE_URL", _url("postgres", "postgresql"), None)
    database_role: str = _variable("DAYBOOK_DB_ROLE", _one_of(*DATABASE_ROLES), "app")
    serves: bool = _variable("DAYBOOK_SERVES", _flag, False)
    web_workers: int = _variable("DAYBOOK_WEB_WORKERS", _between(1, 64), 2)
    web_threads: int = _variable("DAYBOOK_WEB_THREADS", _between(1, 64), 2)
    statement_seconds: int = _variable("DAYBOOK_STATEMENT_SECONDS", _between(1, 3600), 60)
    api_rate: int = _variable("DAYBOOK_API_RATE", _between(1, 100_000), 1000)
    smtp_url: str | None = _variable("DAYBOOK_SMTP_URL", _url("smtp", "smtps", "smtp+tls"), None)
    mail_from: str = _variable("DAYBOOK_MAIL_FROM", str, "daybook@localhost")
    job_concurrency: int = _variable("DAYBOOK_JOB_CONCURRENCY", _between(1, 64), 2)

    @property
    def is_https(self) -> bool:
        return bool(self.public_url and self.public_url.startswith("https://"))


def read_environment(environ: Mapping[str, str]) -> Environment:
    """The typed environment. Raises EnvironmentProblem for an unknown `DAYBOOK_…` name or a value that cannot be used.

    An empty value counts as not given.
    """
    known = {each.metadata["name"]: each for each in fields(Environment)}
    for name in environ:
        if name.startswith("DAYBOOK_") and name not in known:
            raise EnvironmentProblem(_unknown(name, known))
    values = {}
    for name, each in known.items():
        if text := environ.get(name, "").strip():
            try:
                values[each.name] = each.metadata["parse"](text)
            except ValueError as error:
                raise EnvironmentProblem(f"{name} {error}.") from None
    return Environment(**values)


def _unknown(name: str, known: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {near[0]}?" if near else f" The known ones are {', '.join(sorted(known))}."
    return f"{name} is not a variable that Daybook knows.{hint}"

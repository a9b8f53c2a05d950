"""What may be kept about a person, and what a weekly availability is. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from daybook.core.errors import FieldProblem, InvalidInput
from daybook.core.texts import digits_of, normalise, text_problem

__all__ = [
    "DAYS",
    "DAY_END",
    "Window",
    "clean_person",
    "clean_windows",
    "color_problem",
    "normalise",
    "password_problem",
    "search_text",
]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_END = time.max  # stands for 24:00, which a time of day cannot say
SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200
LONGEST_SEARCH_TEXT = 600  # an index holds it, and an index's row has an end
MOST_TAGS = 20
MOST_CUSTOM = 50
MOST_WINDOWS = 70

_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
_USERNAME = re.compile(r"[^\s\x00-\x1f]+")
_COLOR = re.compile(r"#[0-9a-f]{6}")
_OBVIOUS = frozenset(
    [
        "password",
        "password1",
        "password123",
        "12345678",
        "123456789",
        "1234567890",
        "qwertyui",
        "qwerty123",
        "iloveyou",
        "abcd1234",
    ]
)

_LENGTHS = {
    "first_name": 100,
    "last_name": 100,
    "preferred_name": 100,
    "email": 254,
    "phone": 40,
    "address": 500,
    "notes": 20_000,
}


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A weekly window of availability by the business's wall clock; day 0 is Monday, `DAY_END` means midnight."""

    day: int
    start: time
    end: time


def clean_person(given: Mapping[str, Any], *, today: date) -> dict[str, Any]:
    """The given columns of a person, trimmed and checked; `today` is the business's date.

    Raises InvalidInput with every problem found: codes `required`, `too_long`, `characters`, `invalid`,
    `not_an_email`, `bad_username`, `unknown_choice`, `not_a_date`, `in_the_past`, `in_the_future`, `bad_tags`, `invalid`.
    """
    cleaned: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    for name, value in given.items():
        try:
            cleaned[name] = _CLEANERS[name](name, value, today)
        except _Problem as found:
            problems.append(FieldProblem(name, found.code, found.facts))
    if problems:
        raise InvalidInput(problems)
    return cleaned


def search_text(values: Mapping[str, Any]) -> str:
    """What a person is found by: names, user name, e-mail and the digits of the phone, as `normalise` writes them.

    A space stands before and after, so that every word has one on both sides.
    """
    names = ("first_name", "last_name", "preferred_name", "username", "email")
    words = dict.fromkeys(normalise(values.get(name) or "") for name in names)
    found = " ".join([*filter(None, words), digits_of(values.get("phone") or "")]).strip()
    return f" {found[:LONGEST_SEARCH_TEXT]} "


def password_problem(password: str, *, username: str) -> str | None:
    """`password_too_short`, `too_long` or `too_common`; None when it will do."""
    if len(password) < SHORTEST_PASSWORD:
        return "password_too_short"
    if len(password) > LONGEST_PASSWORD:
        return "too_long"
    obvious = password.casefold() in _OBVIOUS or password.casefold() == username.casefold() or len(set(password)) == 1
    return "too_common" if obvious else None


def color_problem(color: str) -> str | None:
    """`not_a_color` unless it is `#rrggbb` in lower case; the empty text means none."""
    return None if not color or _COLOR.fullmatch(color) else "not_a_color"


def clean_windows(windows: Iterable[Window]) -> list[Window]:
    """Windows in order, those of a day that touch or overlap joined.

    Raises InvalidInput on `availability`: `invalid`, `end_before_start`, `too_many`.
    """
    ordered = sorted(windows)
    if len(ordered) > MOST_WINDOWS:
        raise InvalidInput(field="availability", problem="too_many", most=MOST_WINDOWS)
    joined: list[Window] = []
    for window in ordered:
        if not 0 <= window.day <= 6:
            raise InvalidInput(field="availability", problem="invalid")
        if window.start >= window.end:
            raise InvalidInput(field="availability", problem="end_before_start", day=DAYS[window.day])
        last = joined[-1] if joined else None
        if last and last.day == window.day and window.start <= last.end:
            joined[-1] = Window(last.day, last.start, max(last.end, window.end))
        else:
            joined.append(window)
    return joined


class _Problem(Exception):
    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def _text(name: str, value: Any, today: date) -> str:
    value = "" if value is None else value
    found = text_problem(value, longest=_LENGTHS[name], required=name == "first_name")
    if found:
        raise _Problem(found[0], **found[1])
    return str(value).strip()


def _email(name: str, value: Any, today: date) -> str:
    text = _text(name, value, today)
    if text and not _EMAIL.fullmatch(text):
        raise _Problem("not_an_email")
    return text


def _username(name: str, value: Any, today: date) -> str | None:
    if value is None or value == "":
        return None
    found = text_problem(value, longest=150)
    if found:
        raise _Problem(found[0], **found[1])
    text = str(value).strip()
    if not _USERNAME.fullmatch(text):
        raise _Problem("bad_username")
    return text


def _choice(*choices: str) -> Callable[[str, Any, date], str]:
    def clean(name: str, value: Any, today: date) -> str:
        if value not in choices:
            raise _Problem("unknown_choice", choices=", ".join(choices))
        return str(value)

    return clean


def _date(value: Any) -> date | None:
    if value in (None, ""):
        return None
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise _Problem("not_a_date") from None
    if type(value) is not date:
        raise _Problem("not_a_date")
    return value


def _birthday(name: str, value: Any, today: date) -> date | None:
    day = _date(value)
    if day and day > today:
        raise _Problem("in_the_future")
    return day


def _inactive_on(name: str, value: Any, today: date) -> date | None:
    day = _date(value)
    if day and day <= today:
        raise _Problem("in_the_past")
    return day


def _tags(name: str, value: Any, today: date) -> list[str]:
    if not isinstance(value, list | tuple) or len(value) > MOST_TAGS:
        raise _Problem("bad_tags", most=MOST_TAGS)
    if any(text_problem(tag, longest=40, required=True) for tag in value):
        raise _Problem("bad_tags", most=MOST_TAGS)
    return list(dict.fromkeys(tag.strip() for tag in value))


def _custom(name: str, value: Any, today: date) -> dict[str, str]:
    if not isinstance(value, dict) or len(value) > MOST_CUSTOM:
        raise _Problem("invalid")
    for key, text in value.items():
        if text_problem(key, longest=60, required=True) or text_problem(text, longest=2000):
            raise _Problem("invalid")
    return value


_CLEANERS: dict[str, Callable[[str, Any, date], Any]] = {
    **dict.fromkeys(_LENGTHS, _text),
    "email": _email,
    "username": _username,
    "status": _choice("active", "inactive", "prospect"),
    "role": _choice("administrator", "staff", "practitioner", "client", "agent"),
    "birthday": _birthday,
    "inactive_on": _inactive_on,
    "tags": _tags,
    "custom": _custom,
}
PERSON_FIELDS = frozenset(_CLEANERS)

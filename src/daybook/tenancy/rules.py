"""What a business's settings and words may be."""

import re
from collections.abc import Mapping
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.numbers import list_currencies

from daybook.core.errors import FieldProblem
from daybook.core.periods import zone_names
from daybook.core.texts import text_problem
from daybook.tenancy.terms import DEFAULT_TERMS

COLOR = re.compile(r"#[0-9a-fA-F]{6}")
LONGEST_WORD = 60


def business_problems(changes: Mapping[str, Any]) -> list[FieldProblem]:
    """What is wrong with the given settings, field by field; an empty list is all well."""
    checks = {
        "name": lambda value: text_problem(value, longest=120, required=True),
        "time_zone": lambda value: None if value in zone_names() else ("not_a_zone", {}),
        "currency": lambda value: None if is_currency(value) else ("not_a_currency", {}),
        "locale": lambda value: None if is_locale(value) else ("not_a_locale", {}),
        "first_weekday": lambda value: None if value in range(7) else ("unknown_choice", {}),
        "accent": lambda value: None if value == "" or COLOR.fullmatch(value) else ("not_a_color", {}),
    }
    return _problems({field: checks[field](value) for field, value in changes.items()})


def term_problems(terms: Mapping[str, tuple[str, str]]) -> list[FieldProblem]:
    """What is wrong with the given words: a term that there is not, an empty or overlong word."""
    found: dict[str, Any] = {}
    for term, forms in terms.items():
        if term not in DEFAULT_TERMS:
            found[term] = ("unknown", {})
            continue
        for form, text in zip(("singular", "plural"), forms, strict=True):
            found[f"{term}.{form}"] = text_problem(text, longest=LONGEST_WORD, required=True)
    return _problems(found)


def _problems(found: Mapping[str, tuple[str, dict[str, Any]] | None]) -> list[FieldProblem]:
    return [FieldProblem(field, *problem) for field, problem in found.items() if problem]


def is_currency(code: object) -> bool:
    return isinstance(code, str) and len(code) == 3 and code in list_currencies()


def is_locale(name: object) -> bool:
    if not isinstance(name, str) or not 2 <= len(name) <= 16:
        return False
    try:
        Locale.parse(name.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return False
    return True

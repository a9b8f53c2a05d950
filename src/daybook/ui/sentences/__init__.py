"""What a person reads when a verb refuses, warns, or is asked why. One table each: code → sentence.

A sentence says what happened and what to do next, without blame, in the business's own words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from daybook.core.errors import DomainError, FieldProblem, InvalidInput, Notice
from daybook.core.reasons import Reason
from daybook.ui.sentences.facts import Facts
from daybook.ui.sentences.problems import PROBLEMS
from daybook.ui.sentences.reasons import REASONS
from daybook.ui.sentences.refusals import REFUSALS

__all__ = ["PROBLEMS", "REASONS", "REFUSALS", "explain", "field_sentence", "sentence"]


def sentence(
    error: DomainError | Notice,
    terms: Mapping[str, Any] | None = None,
    *,
    locale: str = "en",
    zone: str = "UTC",
    currency: str = "EUR",
) -> str:
    """The sentence of a refusal or a warning. Of refused input: that of its first field."""
    facts = Facts(error.data, terms, locale, zone, currency)
    if isinstance(error, InvalidInput) and error.errors:
        return field_sentence(error.errors[0], terms, locale=locale, zone=zone, currency=currency)
    say = REFUSALS.get(error.code) or PROBLEMS.get(error.code)
    return say(facts) if say else _("This cannot be done as things are.")


def field_sentence(
    problem: FieldProblem,
    terms: Mapping[str, Any] | None = None,
    *,
    locale: str = "en",
    zone: str = "UTC",
    currency: str = "EUR",
) -> str:
    """The sentence beside one field."""
    say = PROBLEMS.get(problem.code) or REFUSALS.get(problem.code)
    return say(Facts(problem.data, terms, locale, zone, currency)) if say else _("This cannot be taken as it is.")


def explain(
    reason: Reason, terms: Mapping[str, Any] | None = None, locale: str = "en", currency: str = "EUR", zone: str = "UTC"
) -> str:
    """The sentence of one step of an explanation."""
    say = REASONS.get(reason.code)
    return say(Facts(reason.facts, terms, locale, zone, currency)) if say else reason.code.replace("_", " ")

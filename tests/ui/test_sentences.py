import importlib
import pkgutil
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

import daybook
from daybook.core.errors import DomainError, FieldProblem, InvalidInput, NotFound
from daybook.core.reasons import REASON_CODES, Reason
from daybook.ui.sentences import PROBLEMS, REASONS, REFUSALS, explain, field_sentence, sentence

SOURCE = Path(daybook.__file__).parent
TERMS = {
    "client": SimpleNamespace(singular="student", plural="students"),
    "session": {"singular": "lesson", "plural": "lessons"},
}


def refusals() -> list[type[DomainError]]:
    """Every refusal of the program: all modules named `errors` are read."""
    for module in pkgutil.walk_packages(daybook.__path__, "daybook."):
        if ".errors" in module.name and not module.name.startswith(("daybook.config", "daybook.ops")):
            importlib.import_module(module.name)
    found, open_ends = [], [DomainError]
    while open_ends:
        each = open_ends.pop()
        found.append(each)
        open_ends += each.__subclasses__()
    return [each for each in found if each.__module__.startswith("daybook.")]


def test_every_refusal_has_a_sentence():
    missing = sorted({each.code for each in refusals()} - set(REFUSALS))
    assert not missing, f"add these to ui/sentences/refusals.py: {missing}"


def test_every_field_problem_and_notice_has_a_sentence():
    text = "\n".join(path.read_text() for path in SOURCE.rglob("*.py") if "ui" not in path.relative_to(SOURCE).parts)
    used = set(re.findall(r'problem="([a-z_]+)"', text)) | set(re.findall(r'FieldProblem\([^,]+, *"([a-z_]+)"', text))
    used |= set(re.findall(r'Notice\("([a-z_]+)"', text))
    missing = sorted(used - set(PROBLEMS) - set(REFUSALS) - {"schema"})
    assert used and not missing, f"add these to ui/sentences/problems.py: {missing}"


def test_every_reason_has_a_sentence():
    assert sorted(set(REASON_CODES) - set(REASONS)) == []


@pytest.mark.parametrize("table", [REFUSALS, PROBLEMS, REASONS])
def test_sentences_stand_without_facts(table):
    """A fact that is missing leaves a sentence, not an error or a placeholder."""
    from daybook.ui.sentences.facts import Facts

    for code, say in table.items():
        text = say(Facts({}, None, "en", "UTC", "EUR"))
        assert text.strip(), code
        assert "%(" not in text and "None" not in text and "!" not in text and "{" not in text, (code, text)


def test_a_clash_says_who_until_when_and_what_then():
    class DoubleBooking(DomainError):
        code = "double_booking"

    error = DoubleBooking(
        name="Pia",
        what="Piano",
        clients=["Leo"],
        starts_at="2026-03-03T09:00:00+00:00",
        ends_at="2026-03-03T10:00:00+00:00",
        free_from="2026-03-03T10:15:00+00:00",
    )
    assert (
        sentence(error, TERMS, zone="Europe/Berlin", locale="en_GB")
        == "Pia is with Leo from 10:00 to 11:00 (Piano). Free from 11:15."
    )


def test_words_of_the_business_are_used():
    class HasHistory(DomainError):
        code = "has_history"

    assert "3 lessons, 1 payment" in sentence(HasHistory(sessions=3, payments=1), TERMS)


def test_refused_input_says_what_is_wrong_with_its_field():
    assert sentence(InvalidInput(field="cost", problem="negative")) == PROBLEMS["negative"](None)
    assert field_sentence(FieldProblem("name", "too_long", {"most": 60})) == "At most 60 characters."


def test_an_explanation_has_amounts_and_dates_of_the_locale():
    reason = Reason("custom_rate", {"amount": "33.10", "since": "2026-01-01"})
    assert explain(reason, TERMS, "de", "EUR") == "The student’s own rate since 01.01.2026: 33,10\u00a0€"


def test_a_code_without_a_sentence_still_says_something():
    class Odd(NotFound):
        code = "odd"

    assert sentence(Odd())

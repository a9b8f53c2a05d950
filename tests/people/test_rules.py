"""What may be kept about a person, and what a weekly availability is."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybook.core.errors import InvalidInput
from daybook.people.rules import (
    DAY_END,
    LONGEST_SEARCH_TEXT,
    Window,
    clean_person,
    clean_windows,
    color_problem,
    normalise,
    password_problem,
    search_text,
)

TODAY = date(2026, 1, 12)

GOOD = [
    ("first_name", "  Ada ", "Ada"),
    ("last_name", None, ""),
    ("email", "ada@example.org", "ada@example.org"),
    ("email", "", ""),
    ("username", "", None),
    ("username", "ada.l", "ada.l"),
    ("birthday", "2015-02-03", date(2015, 2, 3)),
    ("birthday", "", None),
    ("inactive_on", date(2026, 1, 13), date(2026, 1, 13)),
    ("tags", ["a", " b ", "a"], ["a", "b"]),
    ("status", "prospect", "prospect"),
    ("custom", {"School": "North"}, {"School": "North"}),
]
BAD = [
    ("first_name", "", "required"),
    ("first_name", "   ", "required"),
    ("first_name", 7, "invalid"),
    ("first_name", "x" * 101, "too_long"),
    ("notes", "x" * 20_001, "too_long"),
    ("last_name", "a\x00b", "characters"),
    ("last_name", "\ud800", "characters"),
    ("email", "ada", "not_an_email"),
    ("email", "a b@example.org", "not_an_email"),
    ("username", "ada l", "bad_username"),
    ("birthday", "2026-01-13", "in_the_future"),
    ("birthday", "31.12.2015", "not_a_date"),
    ("inactive_on", TODAY, "in_the_past"),
    ("status", "gone", "unknown_choice"),
    ("role", "owner", "unknown_choice"),
    ("tags", ["x" * 41], "bad_tags"),
    ("tags", "piano", "bad_tags"),
    ("custom", {"": "x"}, "invalid"),
    ("custom", ["x"], "invalid"),
]


@pytest.mark.parametrize(("name", "value", "kept"), GOOD)
def test_clean_person_good_value_is_kept_trimmed(name, value, kept):
    assert clean_person({name: value}, today=TODAY) == {name: kept}


@pytest.mark.parametrize(("name", "value", "code"), BAD)
def test_clean_person_bad_value_is_named_with_its_problem(name, value, code):
    with pytest.raises(InvalidInput) as refused:
        clean_person({name: value}, today=TODAY)
    assert [(each.field, each.code) for each in refused.value.errors] == [(name, code)]


def test_clean_person_several_bad_values_are_all_told():
    with pytest.raises(InvalidInput) as refused:
        clean_person({"first_name": "", "email": "x"}, today=TODAY)
    assert {each.field for each in refused.value.errors} == {"first_name", "email"}


@given(st.text(), st.text())
def test_search_text_is_bounded_and_has_spaces_around(first, phone):
    found = search_text({"first_name": first, "phone": phone})
    assert len(found) <= LONGEST_SEARCH_TEXT + 2
    assert found.startswith(" ") and found.endswith(" ")


def test_search_text_holds_names_without_accents_and_digits_of_phone():
    person = {"first_name": "Éloïse", "last_name": "Müller", "email": "E.M@example.org", "phone": "+49 (171) 22-3"}
    assert search_text(person) == " eloise muller e.m@example.org 49171223 "


@given(st.text())
def test_normalise_twice_is_normalise_once(text):
    assert normalise(normalise(text)) == normalise(text)


PASSWORDS = [
    ("correct horse", None),
    ("short", "password_too_short"),
    ("x" * 201, "too_long"),
    ("password", "too_common"),
    ("aaaaaaaaaa", "too_common"),
    ("adalovelace", "too_common"),
]


@pytest.mark.parametrize(("password", "problem"), PASSWORDS)
def test_password_problem_by_case(password, problem):
    assert password_problem(password, username="AdaLovelace") == problem


@pytest.mark.parametrize(
    ("color", "problem"), [("", None), ("#aabbcc", None), ("#ABC", "not_a_color"), ("red", "not_a_color")]
)
def test_color_problem_by_case(color, problem):
    assert color_problem(color) == problem


def window(day, start, end):
    return Window(day, time.fromisoformat(start), DAY_END if end == "24:00" else time.fromisoformat(end))


def test_clean_windows_touching_and_overlapping_of_a_day_are_joined():
    given_ = [
        window(0, "12:00", "14:00"),
        window(0, "09:00", "12:00"),
        window(0, "13:00", "24:00"),
        window(1, "09:00", "10:00"),
    ]
    assert clean_windows(given_) == [window(0, "09:00", "24:00"), window(1, "09:00", "10:00")]


@pytest.mark.parametrize(
    ("windows", "code"),
    [
        ([window(7, "09:00", "10:00")], "invalid"),
        ([window(0, "10:00", "10:00")], "end_before_start"),
        ([window(0, "09:00", "10:00")] * 71, "too_many"),
    ],
)
def test_clean_windows_impossible_ones_are_refused(windows, code):
    with pytest.raises(InvalidInput) as refused:
        clean_windows(windows)
    assert refused.value.errors[0].code == code

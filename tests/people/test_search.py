"""Finding people: by part of a name, e-mail or phone; with slips; by one business's index."""

import pytest

from daybook.people.models import User
from daybook.people.queries import by_name, having_in_name, matching, search_people
from daybook.people.rules import search_text

PEOPLE = [
    ("Leo", "Meier", "leo@example.org", "+49 171 5550101"),
    ("Éloïse", "Müller", "eloise@school.example", "0171 5550199"),
    ("Anna", "Schmidt", "anna.schmidt@example.org", ""),
    ("Hannah", "Schmitz", "", "030 1234"),
    ("O'Neil", "100%_sure", "", ""),
]


@pytest.fixture
def people(business):
    rows = []
    for first, last, email, phone in PEOPLE:
        values = {"first_name": first, "last_name": last, "email": email, "phone": phone}
        rows.append(User(role="client", search_text=search_text(values), **values))
    User.objects.bulk_create(rows)
    return by_name(User.objects.filter(role="client"))


def found(people, text, **options):
    result = search_people(people, text, roles=["client"], **options)
    return [user.first_name for user in result.rows], result.is_near


EXACT = [
    ("meier", ["Leo"]),
    ("EI", ["O'Neil", "Leo"]),
    ("eloise", ["Éloïse"]),
    ("muller", ["Éloïse"]),
    ("Müller", ["Éloïse"]),
    ("anna schm", ["Anna", "Hannah"]),
    ("school.ex", ["Éloïse"]),
    ("171 5550", ["Leo", "Éloïse"]),
    ("+49 171", ["Leo"]),
    ("0171-5550199", ["Éloïse"]),
    ("%_", ["O'Neil"]),
    ("o'neil", ["O'Neil"]),
    ("", ["O'Neil", "Leo", "Éloïse", "Anna", "Hannah"]),
    ("a\x00nna", ["Anna", "Hannah"]),
]


@pytest.mark.parametrize(("text", "names"), EXACT)
def test_search_people_part_of_a_text_finds(people, text, names):
    assert found(people, text) == (names, False)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("meire", "Leo"),
        ("mueller", "Éloïse"),
        ("shcmidt", "Anna"),
        ("elosie", "Éloïse"),
        ("schmits", "Hannah"),
        ("shcmitz", "Hannah"),
        ("schimdt", "Anna"),
        ("mieer", "Leo"),
        ("meeir", "Leo"),
    ],
)
def test_search_people_with_a_slip_finds_what_comes_near(people, text, name):
    names, is_near = found(people, text)
    assert is_near and name in names


def test_search_people_nothing_near_finds_nobody(people):
    assert found(people, "xyzzyx") == ([], False)


def test_search_people_pages_and_counts(people):
    first = search_people(people, "", roles=["client"], limit=2)
    last = search_people(people, "", roles=["client"], offset=4, limit=2)
    assert (len(first.rows), first.total, first.has_next) == (2, 5, True)
    assert (len(last.rows), last.total, last.has_next) == (1, 5, False)


def test_matching_finds_the_same_people(people):
    assert {user.first_name for user in matching(people, "shcmidt", roles=["client"])} >= {"Anna"}
    assert matching(people, "meier", roles=["client"]).get().first_name == "Leo"


def test_having_in_name_does_not_look_at_contact_data(people):
    assert [user.first_name for user in having_in_name(people, "leo meier")] == ["Leo"]
    assert not having_in_name(people, "example.org").exists()

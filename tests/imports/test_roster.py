"""Who is who: the same person found again, namesakes and families kept apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from daybook.core.ids import new_id
from daybook.imports.layouts.building import ref
from daybook.imports.rules.items import PersonItem, PersonRef
from daybook.imports.rules.roster import Ambiguous, Person, Roster, Unknown

IDA = Person(new_id(), "client", "Ida", "Berg", "Idi", "ida@example.org", "+49 151 234567")
TOM = Person(new_id(), "client", "Tom", "Berg", "", "ida@example.org", "+49 151 234567")
UNA = Person(new_id(), "client", "Una", "Müller")
ANN = Person(new_id(), "practitioner", "Ida", "Berg", email="ida@example.org")


@pytest.fixture
def roster() -> Roster:
    return Roster([IDA, TOM, UNA, ANN], {("client", "77"): UNA.id})


def item(first: str, last: str, **fields: str) -> PersonItem:
    return PersonItem("client", first, last, **fields)


@pytest.mark.parametrize(
    ("row", "person", "by"),
    [
        (item("Whoever", "Else", foreign_id="77"), UNA, "number"),
        (item("Ida", "Berg", email="IDA@example.org"), IDA, "email"),
        (item("Tom", "Berg", email="ida@example.org"), TOM, "email"),
        (item("Idi", "Berg", phone="0151 234567"), IDA, "phone"),
        (item("una", "muller"), UNA, "name"),
        (item("Una", "Müller", email="una@example.org"), UNA, "name"),
    ],
)
def test_match_finds_who_is_there(roster: Roster, row: PersonItem, person: Person, by: str) -> None:
    found = roster.match(row)
    assert (found.person, found.by) == (person, by)


@pytest.mark.parametrize(
    ("row", "similar"),
    [
        (item("Ida", "Berg", email="other@example.org"), IDA),
        (item("Ira", "Berg", email="ida@example.org"), IDA),
        (item("Paul", "Quist", email="ida@example.org"), None),
        (item("Paul", "Quist"), None),
    ],
)
def test_match_leaves_namesakes_and_families_apart(roster: Roster, row: PersonItem, similar: Person | None) -> None:
    found = roster.match(row)
    assert (found.person, found.similar) == (None, similar)


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Ida Berg", IDA),
        ("Berg, Ida", IDA),
        ("berg  ida", IDA),
        ("Idi Berg", IDA),
        ("Ida Berg <ida@example.org>", IDA),
        ("Tom Berg <ida@example.org>", TOM),
        ("Una Muller", UNA),
    ],
)
def test_find_takes_names_as_people_write_them(roster: Roster, text: str, person: Person) -> None:
    assert roster.find(ref(text, "client")) == person


def test_find_an_address_of_two_is_ambiguous(roster: Roster) -> None:
    with pytest.raises(Ambiguous) as refusal:
        roster.find(ref("ida@example.org", "client"))
    assert refusal.value.count == 2


def test_find_suggests_the_nearest_name(roster: Roster) -> None:
    with pytest.raises(Unknown) as refusal:
        roster.find(ref("Unna Muller", "client"))
    assert refusal.value.suggestion == "Una Müller"


def test_find_keeps_roles_apart(roster: Roster) -> None:
    assert roster.find(ref("Ida Berg", "practitioner")) == ANN


def test_a_made_person_is_found_again_and_can_be_forgotten(roster: Roster) -> None:
    wanted = PersonRef("client", first_name="New", last_name="One", email="new@example.org", make=True)
    made = roster.make(wanted)
    assert roster.find(wanted) == made
    roster.forget(made)
    with pytest.raises(Unknown):
        roster.find(wanted)


def test_a_namesake_with_another_address_is_somebody_else_when_it_may_be_made(roster: Roster) -> None:
    with pytest.raises(Unknown):
        roster.find(PersonRef("client", first_name="Ida", last_name="Berg", email="else@example.org", make=True))
    assert roster.find(PersonRef("client", first_name="Ida", last_name="Berg", email="else@example.org")) == IDA


def test_two_of_one_name_are_ambiguous(roster: Roster) -> None:
    roster.add(replace(TOM, id=new_id(), email="tom2@example.org"))
    with pytest.raises(Ambiguous):
        roster.find(ref("Tom Berg", "client"))


def test_of_two_namesakes_the_one_from_the_same_system_is_meant(roster: Roster) -> None:
    roster.add(replace(UNA, id=new_id(), email="una2@example.org"))
    assert roster.find(ref("Una Müller", "client")) == UNA

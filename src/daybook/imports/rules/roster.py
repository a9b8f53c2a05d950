"""Who is who: matching the people of a file to those that are there, and to one another."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from typing import Any
from uuid import UUID

from daybook.core.ids import new_id
from daybook.imports.rules.items import PersonItem, PersonRef
from daybook.imports.rules.names import fold, phone_digits

_MOST_HINTS = 200


@dataclass(frozen=True, slots=True)
class Person:
    """A person as far as matching needs it."""

    id: UUID
    role: str
    first_name: str
    last_name: str = ""
    preferred_name: str = ""
    email: str = ""
    phone: str = ""
    status: str = "active"
    username: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def names(self) -> set[str]:
        """Every way in which a file may write the name, folded."""
        ways = {self.name, f"{self.last_name} {self.first_name}"}
        if self.preferred_name:
            ways |= {f"{self.preferred_name} {self.last_name}", f"{self.last_name} {self.preferred_name}"}
        return {fold(way) for way in ways}


class Unknown(LookupError):
    """Nobody of that role is called so; `suggestion` is the name that comes nearest."""

    def __init__(self, label: str, suggestion: str = "") -> None:
        super().__init__(label)
        self.label, self.suggestion = label, suggestion


class Ambiguous(LookupError):
    """Several people are called so."""

    def __init__(self, label: str, count: int) -> None:
        super().__init__(label)
        self.label, self.count = label, count


@dataclass(frozen=True, slots=True)
class Match:
    """What a row of people comes to: somebody who is there, or nobody but perhaps somebody like it."""

    person: Person | None
    by: str = ""
    similar: Person | None = None


class Roster:
    """The people of a business with those that the import is about to make, found by number, e-mail, phone and name."""

    def __init__(self, people: Iterable[Person], foreign: Mapping[tuple[str, str], UUID]) -> None:
        self.by_id: dict[UUID, Person] = {}
        self._foreign: dict[tuple[str, str], UUID] = dict(foreign)
        self._numbers: dict[UUID, str] = {person_id: number for (_, number), person_id in foreign.items()}
        self._emails: dict[tuple[str, str], list[Person]] = defaultdict(list)
        self._phones: dict[tuple[str, str], list[Person]] = defaultdict(list)
        self._names: dict[tuple[str, str], list[Person]] = defaultdict(list)
        self._usernames: dict[str, UUID] = {}
        self._hints: dict[tuple[str, str], str] = {}
        for person in people:
            self.add(person)

    def add(self, person: Person, foreign_id: str = "") -> None:
        self.by_id[person.id] = person
        for index, keys in self._indexes(person):
            for key in keys:
                index[person.role, key].append(person)
        self.learn(person, foreign_id)
        if person.username:
            self._usernames[person.username.casefold()] = person.id

    def forget(self, person: Person) -> None:
        """Take back somebody whose row was refused."""
        del self.by_id[person.id]
        for index, keys in self._indexes(person):
            for key in keys:
                index[person.role, key].remove(person)
        if number := self._numbers.pop(person.id, ""):
            self._foreign.pop((person.role, number), None)
        if person.username:
            self._usernames.pop(person.username.casefold(), None)

    def _indexes(self, person: Person) -> list[tuple[dict[tuple[str, str], list[Person]], set[str]]]:
        return [
            (self._emails, {person.email.casefold()} - {""}),
            (self._phones, {phone_digits(person.phone)} - {""}),
            (self._names, person.names - {""}),
        ]

    def has_username(self, username: str) -> bool:
        return username.casefold() in self._usernames

    def learn(self, person: Person, foreign_id: str) -> None:
        """Remember the old system's number of somebody found."""
        if foreign_id:
            self._foreign[person.role, foreign_id] = person.id
            self._numbers[person.id] = foreign_id

    def _others(self, people: list[Person], number: str) -> list[Person]:
        """Without those whose number in the same system is another one: they are somebody else."""
        return [person for person in people if not number or self._numbers.get(person.id, number) == number]

    # A row that is a person -------------------------------------------------------------------------------------

    def match(self, item: PersonItem) -> Match:
        """Who the row is: by the old system's number; by e-mail, then phone, where the name agrees; by the name alone.

        A name that is there with another e-mail or phone, or an e-mail or phone under a name much like it, is only
        `similar`: namesakes and families are common.
        """
        known = self.by_id.get(self._foreign.get((item.role, item.foreign_id), UUID(int=0)))
        if item.foreign_id and known:
            return Match(known, "number")
        mine = _ways(item.first_name, item.last_name, item.preferred_name)
        by_email = self._emails.get((item.role, item.email.casefold()), []) if item.email else []
        by_phone = self._phones.get((item.role, phone_digits(item.phone)), []) if item.phone else []
        for by, found in (("email", by_email), ("phone", by_phone)):
            same = self._others([person for person in found if person.names & mine], item.foreign_id)
            if len(same) == 1:
                return Match(same[0], by)
        namesakes = self._named(item.role, mine)
        agreeing = [person for person in self._others(namesakes, item.foreign_id) if not _contradicts(person, item)]
        if len(agreeing) == 1 and len(namesakes) == 1:
            return Match(agreeing[0], "name")
        like = [person for person in (*by_email, *by_phone) if _similar(person.name, item.name)]
        return Match(None, similar=next(iter(namesakes or like), None))

    # A name in another record ------------------------------------------------------------------------------------

    def find(self, ref: PersonRef) -> Person:
        """The one whom a record names. Raises Unknown, Ambiguous."""
        known = self.by_id.get(self._foreign.get((ref.role, ref.foreign_id), UUID(int=0)))
        if ref.foreign_id and known:
            return known
        mine = _ways(ref.first_name, ref.last_name)
        found = self._emails.get((ref.role, ref.email.casefold()), []) if ref.email else []
        if found and mine:
            found = [person for person in found if person.names & mine] or ([] if ref.make else found)
        if not found and ref.phone:
            same = self._phones.get((ref.role, phone_digits(ref.phone)), [])
            found = [person for person in same if not mine or person.names & mine]
        if not found and mine:
            found = self._named(ref.role, mine)
            if ref.make and len(found) == 1 and _differs(found[0], ref):
                found = []
        if ref.make:
            found = self._others(found, ref.foreign_id)
        if len(found) > 1:  # the file speaks of those who came from its own system
            found = [person for person in found if person.id in self._numbers] or found
        if not found:
            raise Unknown(ref.label, self._nearest(ref))
        if len(found) > 1:
            raise Ambiguous(ref.label, len(found))
        return found[0]

    def make(self, ref: PersonRef) -> Person:
        """A new person from a reference, added to the roster."""
        first, last = ref.first_name, ref.last_name
        if not first:
            first, last = last or ref.email.partition("@")[0] or ref.label, ""
        person = Person(new_id(), ref.role, first, last, email=ref.email, phone=ref.phone)
        self.add(person, ref.foreign_id)
        return person

    def _named(self, role: str, ways: set[str]) -> list[Person]:
        found: dict[UUID, Person] = {}
        for way in ways:
            for person in self._names.get((role, way), []):
                found[person.id] = person
        return list(found.values())

    def _nearest(self, ref: PersonRef) -> str:
        """The name that was likely meant. Looked for once a name, and not without end: it is slow, and only a hint."""
        wanted = (ref.role, fold(ref.label))
        if wanted not in self._hints:
            self._hints[wanted] = self._look_for_nearest(ref) if len(self._hints) < _MOST_HINTS else ""
        return self._hints[wanted]

    def _look_for_nearest(self, ref: PersonRef) -> str:
        names = {fold(person.name): person.name for person in self.by_id.values() if person.role == ref.role}
        close = get_close_matches(fold(ref.label), list(names)[:5000], n=1, cutoff=0.75)
        return names[close[0]] if close else ""


def _ways(first: str, last: str, preferred: str = "") -> set[str]:
    ways = {fold(f"{first} {last}")}
    if preferred:
        ways.add(fold(f"{preferred} {last}"))
    return ways - {""}


def _contradicts(person: Person, item: PersonItem) -> bool:
    """Whether both have an e-mail, or both a phone, and neither pair agrees."""
    pairs = [(person.email.casefold(), item.email.casefold()), (phone_digits(person.phone), phone_digits(item.phone))]
    both = [(mine, theirs) for mine, theirs in pairs if mine and theirs]
    return bool(both) and not any(mine == theirs for mine, theirs in both)


def _differs(person: Person, ref: PersonRef) -> bool:
    return bool(ref.email and person.email and ref.email.casefold() != person.email.casefold()) and not (
        ref.phone and phone_digits(ref.phone) == phone_digits(person.phone)
    )


def _similar(one: str, other: str) -> bool:
    return SequenceMatcher(None, fold(one), fold(other)).ratio() > 0.8


def person_of(item: PersonItem, person_id: UUID) -> Person:
    """The roster's view of a row."""
    names = (item.first_name, item.last_name, item.preferred_name)
    return Person(person_id, item.role, *names, item.email, item.phone, item.status, item.username)


def as_problem_data(error: Unknown | Ambiguous) -> dict[str, Any]:
    """The facts of the sentence."""
    if isinstance(error, Unknown):
        return {"name": error.label, "suggestion": error.suggestion}
    return {"name": error.label, "count": error.count}

"""Finding people by part of a name, an e-mail address or a phone number, and by a name with a slip in it.

Row-level security lets no operator run on an index that could leak another business's rows, and `like` and the trigram
operators count as such: a trigram index is never used under it. So the texts of one business are read from an index
that holds them side by side, some 60 bytes each, and only what has half a word in common is compared by trigrams.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower

from daybook.core.texts import digits_of, normalise
from daybook.people.models import User

MOST_WORDS = 6
SHORTEST_NEAR = 4  # a shorter word must be there as it is
SHORT = 5  # up to here the halves of a word are so short that they must stand at a word's start or end
NEAR = 0.3  # of a word's trigrams: `meire` finds Meier (0.5), `shcmidt` finds Schmidt (0.375), `onwak` Nowak (0.33)
_PHONE = re.compile(r"[+()\d\s/.-]{3,}")

# Materialised: else the planner looks every row up before it compares the text.
_HITS = "with hits as materialized (select id from people_user where deleted_at is null and role = any(%s) and {}) select id from hits"
_NEAR = (
    "((search_text like %s or search_text like %s) and word_similarity(%s, search_text) >= %s or search_text like %s)"
)

_IN_NAME = (
    "(upper(first_name) like upper(%s) or upper(last_name) like upper(%s) or upper(preferred_name) like upper(%s))"
)

Condition = tuple[str, list[object]]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what a search found, and how many there are in all.

    `is_near`: nothing holds the text as it is; these come close, the closest first.
    """

    rows: Sequence[User]
    total: int
    has_next: bool
    is_near: bool = False


def search_people(
    people: QuerySet[User], text: str, *, roles: Iterable[str], offset: int = 0, limit: int = 50
) -> Found:
    """Those of `people` (of these roles) that have every word of `text`; if none has, those that come near.

    An empty text finds all. Exact hits keep the order of `people`. One to three statements.
    """
    words = _words(text)
    among = list(roles)
    exact = people.filter(_holding(words, among)) if words else people
    found = _page(exact, offset, limit, is_near=False)
    if found.rows or offset or not any(len(word) >= SHORTEST_NEAR for word in words):
        return found
    near = people.filter(pk__in=_hits(among, [_near(word) for word in words]))
    likeness = RawSQL("word_similarity(%s, search_text)", [" ".join(words)])
    ordered = near.annotate(likeness=likeness).order_by(
        F("likeness").desc(), Lower("last_name"), Lower("first_name"), "id"
    )
    return _page(ordered, offset, limit, is_near=True)


def matching(people: QuerySet[User], text: str, *, roles: Iterable[str]) -> QuerySet[User]:
    """The same as a queryset without an order of its own: exact hits, or else those that come near."""
    words = _words(text)
    if not words:
        return people
    among = list(roles)
    exact = people.filter(_holding(words, among))
    if exact.order_by().exists() or not any(len(word) >= SHORTEST_NEAR for word in words):
        return exact
    return people.filter(pk__in=_hits(among, [_near(word) for word in words]))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text to look for, as conditions on people: `exact`, and `near` for when nothing holds it as it is (if any).

    `is_rare`: few hold it, so those are found first and put in order afterwards.
    """

    exact: tuple[Condition, ...] = ()
    near: tuple[Condition, ...] = ()
    likeness: str = ""
    is_rare: bool = False


def wanted(text: str, *, in_names: bool = False) -> Wanted:
    """What `search_people` looks for, for statements of their own; `in_names` as for `having_in_name`."""
    if in_names:
        words = normalise(text).split(" ")[:MOST_WORDS]
        return Wanted(exact=tuple((_IN_NAME, [_inside(word)] * 3) for word in words))
    words = _words(text)
    if not words:
        return Wanted()
    return Wanted(
        exact=tuple(("search_text like %s", [_inside(word)]) for word in words),
        near=tuple(map(_near, words)) if any(len(word) >= SHORTEST_NEAR for word in words) else (),
        likeness=" ".join(words),
        is_rare=max(map(len, words)) >= 3,
    )


def having_in_name(people: QuerySet[User], text: str) -> QuerySet[User]:
    """Those that have every word of `text` in a name: for actors who may not see contact data."""
    for word in normalise(text).split(" ")[:MOST_WORDS]:
        people = people.filter(
            Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(preferred_name__icontains=word)
        )
    return people


def _page(people: QuerySet[User], offset: int, limit: int, *, is_near: bool) -> Found:
    """One row more than asked for is read: only a full page needs to be counted by itself."""
    rows = list(people[offset : offset + limit + 1])
    has_next = len(rows) > limit
    total = people.order_by().count() if has_next or (offset and not rows) else offset + len(rows)
    return Found(rows[:limit], total, has_next, is_near and bool(rows))


def _words(text: str) -> list[str]:
    """The words to look for; what looks like a phone number is one word of digits, without the leading zeros."""
    if _PHONE.fullmatch(text.strip()):
        digits = digits_of(text).lstrip("0")
        return [digits] if digits else []
    return normalise(text).split(" ")[:MOST_WORDS] if normalise(text) else []


def _holding(words: list[str], roles: list[str]) -> Q:
    """One or two letters are nearly everywhere: then the list is walked in its own order until the page is full."""
    if max(map(len, words)) < 3:
        return Q(*(Q(search_text__contains=word) for word in words))
    return Q(pk__in=_hits(roles, [("search_text like %s", [_inside(word)]) for word in words]))


def _hits(roles: list[str], conditions: list[Condition]) -> RawSQL:
    sql = " and ".join(condition for condition, _values in conditions)
    values = [value for _condition, given in conditions for value in given]
    return RawSQL(_HITS.format(sql), [roles, *values])


def _near(word: str) -> Condition:
    """Within one slip of a word, one of its halves is as it should be: a cheap test before the dear one.

    Only two letters that changed places where the halves meet spoil both: so they are changed back and looked for.
    """
    if len(word) < SHORTEST_NEAR:
        return "search_text like %s", [_inside(word)]
    half = len(word) // 2
    first, last = word[:half], word[half:]
    tail = f"{last} " if len(word) <= SHORT else last
    swapped = f"{first[:-1]}{last[0]}{first[-1]}{last[1:]}"
    return _NEAR, [_inside(f" {first}"), _inside(tail), word, NEAR, _inside(swapped)]


def _inside(part: str) -> str:
    escaped = part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"

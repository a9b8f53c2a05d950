"""Finding among a few dozen short texts: by title, keywords and words, forgiving endings and slips of the finger."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from daybook.core.texts import normalise

_WORD = re.compile(r"\w+")
# Words of questions that say nothing of what is asked.
_EMPTY_WORDS = """
    a an and any are be by can could do does for from have how i if in into is it its me my of on or our please so that the
    there this to was we what when where which who whose why will with would you your
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())
TITLE, KEYWORD, TEXT = 8.0, 7.5, 1.0
MOST = 12
# Beside the best, what is this much weaker is noise.
WEAK = 0.25


@dataclass(frozen=True, slots=True)
class Fields:
    """What an article is found by."""

    title: str
    keywords: str
    text: str


class Index:
    """The words of some texts, and what each weighs in which."""

    def __init__(self, entries: Mapping[str, Fields]) -> None:
        self.weights: dict[str, dict[str, float]] = {}
        for slug, fields in entries.items():
            for text, weight in ((fields.text, TEXT), (fields.keywords, KEYWORD), (fields.title, TITLE)):
                for word in set(words_of(text)) - _EMPTY:
                    weights = self.weights.setdefault(word, {})
                    weights[slug] = max(weights.get(slug, 0.0), weight)
        self.stems = {word: _stem(word) for word in self.weights}

    def find(self, query: str) -> list[str]:
        """The slugs, the best first: what has more of the words, and in a better place."""
        asked = [word for word in dict.fromkeys(words_of(query)) if len(word) > 1]
        asked = [word for word in asked if word not in _EMPTY] or asked
        scores: dict[str, list[float]] = {}
        for word in asked:
            for slug, score in self._matches(word).items():
                scores.setdefault(slug, []).append(score)
        ranked = sorted(
            ((sum(found) * len(found) / len(asked), slug) for slug, found in scores.items()), key=lambda each: -each[0]
        )
        return [slug for score, slug in ranked if score >= WEAK * ranked[0][0]][:MOST]

    def _matches(self, asked: str) -> dict[str, float]:
        """What a word weighs in each article that has it, or one like it."""
        found: dict[str, float] = {}
        stem = _stem(asked)
        for word, weights in self.weights.items():
            if likeness := _likeness(asked, word, stem == self.stems[word]):
                for slug, weight in weights.items():
                    found[slug] = max(found.get(slug, 0.0), weight * likeness)
        if found or len(asked) < 4:
            return found
        for word, weights in self.weights.items():
            if _is_near(asked, word):
                for slug, weight in weights.items():
                    found[slug] = max(found.get(slug, 0.0), weight * 0.5)
        return found


def words_of(text: str) -> list[str]:
    return _WORD.findall(normalise(text))


def _likeness(asked: str, word: str, same_stem: bool) -> float:
    if asked == word:
        return 1.0
    if same_stem:
        return 0.9
    return 0.7 if len(asked) > 1 and word.startswith(asked) else 0.0


def _stem(word: str) -> str:
    for ending in ("ies", "ing", "ed", "es", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            break
    return word[:-1] if len(word) > 4 and word[-1] == word[-2] else word


def _is_near(asked: str, word: str) -> bool:
    """Whether one letter is wrong, missing, too many or swapped with its neighbour; in long words two."""
    most = 2 if len(asked) > 9 else 1
    return abs(len(asked) - len(word)) <= most and _distance(asked, word) <= most


def _distance(first: str, second: str) -> int:
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, 1):
        last, row, older = row, [i], before
        for j, other in enumerate(second, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        before = last
    return row[-1]

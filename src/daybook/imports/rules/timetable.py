"""Whose time is taken, while many sessions are planned at once: the same judgement as the database's, row by row."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from daybook.scheduling.rules import Span


@dataclass(frozen=True, slots=True, order=True)
class Taken:
    """A span that somebody holds; `row` is the file's row, 0 for a session that is there already."""

    starts_at: datetime
    ends_at: datetime
    row: int = 0


class Timetable:
    """Taken spans by resource. Those of one resource never overlap, so only neighbours are looked at.

    `there` are the spans that were taken before anything was planned.
    """

    def __init__(self, taken: Iterable[Span] = ()) -> None:
        self._spans: dict[UUID, list[Taken]] = defaultdict(list)
        self.there = frozenset(taken)
        for span in self.there:
            self._spans[span.resource_id].append(Taken(span.starts_at, span.ends_at))
        for rows in self._spans.values():
            rows.sort()

    def clash(self, spans: Iterable[Span]) -> tuple[UUID, Taken] | None:
        """The first resource whose time is taken, and by what."""
        for span in spans:
            rows = self._spans[span.resource_id]
            place = bisect_left(rows, Taken(span.starts_at, span.starts_at))
            for neighbour in rows[max(place - 1, 0) : place + 1]:
                if neighbour.starts_at < span.ends_at and span.starts_at < neighbour.ends_at:
                    return span.resource_id, neighbour
        return None

    def take(self, spans: Iterable[Span], row: int) -> None:
        for span in spans:
            insort(self._spans[span.resource_id], Taken(span.starts_at, span.ends_at, row))

"""Finding the header row by its names, and matching its names to the fields of a layout."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from daybook.imports.layouts.base import Layout
from daybook.imports.rules.tables import Row, Table, cell_text

_DEEPEST_HEADER = 60
_NOISE = re.compile(r"[^\w#?&%/+]+")


@lru_cache(maxsize=5_000)
def normal(heading: str) -> str:
    """A heading as it is compared: small letters, no accents, one space between words, no marks."""
    plain = unicodedata.normalize("NFKD", heading).casefold().replace("_", " ")
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(_NOISE.sub(" ", plain).split())


@dataclass(frozen=True, slots=True)
class Header:
    """A header row of a table: where it stands, its headings in place, and which field each column fills."""

    index: int
    headings: tuple[str, ...]
    fields: Mapping[str, int]

    def heading_of(self, field: str) -> str:
        place = self.fields.get(field)
        return self.headings[place] if place is not None else ""


def fingerprint_of(headings: Iterable[str]) -> str:
    """The same for every file with these headings, in whatever order: how a saved preset is found again."""
    return "|".join(sorted({normal(heading) for heading in headings if heading}))


def headings_of(row: Row) -> tuple[str, ...]:
    return tuple(" ".join(cell_text(cell).split()) for cell in row.cells)


def find_header(table: Table, layout: Layout, mapping: Mapping[str, str] | None = None) -> Header | None:
    """The row that holds the layout's required headings (or those of `mapping`, field → heading), the fullest first."""
    best: Header | None = None
    for index, row in enumerate(table.rows[:_DEEPEST_HEADER]):
        headings = headings_of(row)
        fields = _by_mapping(headings, mapping) if mapping is not None else match_fields(headings, layout)
        if fields is None or (mapping is None and not layout.is_complete(fields)):
            continue
        if best is None or len(fields) > len(best.fields):
            best = Header(index, headings, fields)
    return best


def match_fields(headings: Sequence[str], layout: Layout) -> dict[str, int]:
    """Field → column of those headings that the layout knows; an earlier name of a field wins over a later one."""
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        if heading:
            places.setdefault(normal(heading), place)
    fields: dict[str, int] = {}
    taken: set[int] = set()
    for column in layout.columns:
        for name in column.names:
            found = places.get(normal(name))
            if found is not None and found not in taken:
                fields[column.field] = found
                taken.add(found)
                break
    return fields


def _by_mapping(headings: Sequence[str], mapping: Mapping[str, str]) -> dict[str, int] | None:
    """Field → column by the user's own choice; None where a chosen heading is not in this row."""
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        places.setdefault(normal(heading), place)
    chosen = {field: places.get(normal(heading)) for field, heading in mapping.items() if heading}
    fields = {field: place for field, place in chosen.items() if place is not None}
    return fields if fields and len(fields) == len(chosen) else None


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a layout fits a table: another system's signature first, then the share of the table's columns it knows."""

    layout: Layout
    header: Header
    is_named: bool

    @property
    def score(self) -> tuple[bool, bool, float, int]:
        headings = [heading for heading in self.header.headings if heading]
        known = len(self.header.fields) / max(len(headings), 1)
        return bool(self.layout.signature), self.is_named, known, self.layout.weight


def detect(table: Table, layouts: Iterable[Layout]) -> list[Fit]:
    """The layouts whose signature is in the table, the best first."""
    fits: list[Fit] = []
    for layout in layouts:
        header = find_header(table, layout)
        if header is not None and layout.is_signed(normal(heading) for heading in header.headings):
            # A file or sheet called after its records tells clients from practitioners, whose columns are the same.
            fits.append(Fit(layout, header, layout.record.rstrip("s") in table.name.casefold()))
    return sorted(fits, key=lambda fit: fit.score, reverse=True)


def likely_headings(table: Table) -> tuple[str, ...]:
    """The headings that a person would see when no layout knows the file: the first row of texts that is about full."""
    rows = table.rows[:_DEEPEST_HEADER]
    widest = max((sum(1 for cell in row.cells if cell not in (None, "")) for row in rows), default=0)
    for row in rows:
        texts = [cell for cell in row.cells if cell not in (None, "")]
        if len(texts) * 10 >= widest * 7 and all(isinstance(cell, str) for cell in texts):
            return headings_of(row)
    return headings_of(rows[0]) if rows else ()


def missing_headings(table: Table, layout: Layout) -> list[str]:
    """Which of the layout's needed headings the fullest row lacks: said when a chosen layout does not fit."""
    fullest = max((match_fields(headings_of(row), layout) for row in table.rows[:_DEEPEST_HEADER]), key=len, default={})
    return layout.missing(fullest)

"""From tables to the items of an import: layouts found, columns decided, rows read, problems told."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Any

from daybook.imports.errors import FileUnreadable, HeaderMissing, LayoutUnknown
from daybook.imports.layouts.base import RECORD_ORDER, Column, Layout, Setting
from daybook.imports.rules import headings as finding
from daybook.imports.rules.amounts import decide_mark
from daybook.imports.rules.cells import CellContext, CellProblem, Moment, read_cell
from daybook.imports.rules.dates import ColumnOrder, Order, decide_order
from daybook.imports.rules.items import Item, Place, RowProblem, SessionItem, SourceRow
from daybook.imports.rules.tables import MAX_ROWS, Cell, Row, Table, cell_text


@dataclass(frozen=True, slots=True)
class Options:
    """What the user says about a file; all of it may be left open.

    `date_orders` maps a column's heading (or `*`) to the order of its dates, `mapping` our fields to headings. With a
    `limit`, only so many rows of each part are read: a first look at a long file.
    """

    layout: str = "auto"
    mapping: Mapping[str, str] | None = None
    date_orders: Mapping[str, Order] = field(default_factory=dict)
    time_zone: str = ""
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A column whose dates can be read in two ways: its heading and some of them."""

    column: str
    examples: tuple[str, ...]
    is_mixed: bool


@dataclass(frozen=True, slots=True)
class Dropped:
    """A row that is no record: `why` is total, group, example, repeated_header, placeholder."""

    row: int
    why: str
    text: str


@dataclass(slots=True)
class Part:
    """One table of the file as its layout reads it."""

    table: Table
    layout: Layout
    header: finding.Header
    rows: list[SourceRow] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    orders: dict[str, ColumnOrder] = field(default_factory=dict)
    row_count: int = 0
    stated_minor: int | None = None
    stated_rows: int | None = None

    @property
    def amounts(self) -> list[int]:
        """What each row that names an amount adds to the total."""
        return [row.amount_minor for row in self.rows if row.amount_minor is not None]

    @property
    def their_amount(self) -> int | None:
        """What the file states as its total, else what its rows add up to; None where it has no amounts.

        Where more than three rows of four leave the amount to the rates, those that name one are no total: rows are counted.
        """
        if self.stated_minor is not None:
            return self.stated_minor
        return sum(self.amounts) if self.amounts and 4 * len(self.amounts) >= len(self.rows) else None


@dataclass(slots=True)
class ParsedFile:
    """A file read whole: its parts in the order in which they are to be taken in."""

    parts: list[Part]

    @property
    def layout_name(self) -> str:
        return "+".join(dict.fromkeys(part.layout.public_name for part in self.parts))

    @property
    def rows(self) -> list[SourceRow]:
        return [row for part in self.parts for row in part.rows]

    @property
    def problems(self) -> list[RowProblem]:
        return [problem for part in self.parts for problem in part.problems]

    @property
    def questions(self) -> list[Question]:
        return [question for part in self.parts for question in part.questions]

    @property
    def row_count(self) -> int:
        return sum(part.row_count for part in self.parts)

    @property
    def their_rows(self) -> int:
        """How many records the file says that it has, else how many there are."""
        return sum(part.row_count if part.stated_rows is None else part.stated_rows for part in self.parts)

    @property
    def their_amount(self) -> int | None:
        """The total of all parts that have amounts; None where none has."""
        found = [part.their_amount for part in self.parts if part.their_amount is not None]
        return sum(found) if found else None


def parse(tables: Sequence[Table], layouts: Sequence[Layout], options: Options, setting: Setting) -> ParsedFile:
    """Read the tables under the chosen layout, or the one that fits each best.

    Raises LayoutUnknown, HeaderMissing, or FileUnreadable (no rows).
    """
    if options.layout == "auto":
        parts = _detect_parts(tables, layouts)
    else:
        family = [layout for layout in layouts if layout.public_name == options.layout]
        parts = _detect_parts(tables, family) if len(family) > 1 else _chosen_parts(tables, family[0], options.mapping)
    for number, part in enumerate(parts):
        _read_part(part, number, options, setting)
    if not any(part.row_count for part in parts):
        raise FileUnreadable("no_rows")
    if sum(part.row_count for part in parts) > MAX_ROWS:
        raise FileUnreadable("too_many_rows", rows=MAX_ROWS)
    return ParsedFile(parts)


def _detect_parts(tables: Sequence[Table], layouts: Sequence[Layout]) -> list[Part]:
    parts: list[Part] = []
    for table in tables:
        fits = finding.detect(table, layouts)
        if fits:
            parts.append(Part(table, fits[0].layout, fits[0].header))
    if not parts:
        raise LayoutUnknown(headings=list(finding.likely_headings(tables[0])))
    return sorted(parts, key=lambda part: RECORD_ORDER.index(part.layout.record))


def _chosen_parts(tables: Sequence[Table], layout: Layout, mapping: Mapping[str, str] | None) -> list[Part]:
    if mapping and (missing := layout.missing(field for field, heading in mapping.items() if heading)):
        raise HeaderMissing(layout=layout.label, missing=missing)
    found = [(table, header) for table in tables if (header := finding.find_header(table, layout, mapping or None))]
    if not found:
        raise HeaderMissing(
            layout=layout.label, missing=finding.missing_headings(tables[0], layout) or list((mapping or {}).values())
        )
    return [Part(table, layout, header) for table, header in found]


def _read_part(part: Part, number: int, options: Options, setting: Setting) -> None:
    setting = replace(setting, system=part.layout.system)
    body = _records_of(part)
    contexts = _decide_columns(part, body, options, setting)
    seen: Counter[str] = Counter()
    items: list[SourceRow] = []
    part.row_count = len(body)
    for row in body[: options.limit]:
        values, problems = _read_row(row, part, contexts)
        digest = _digest(part.layout.name, values, seen)
        texts = tuple(cell_text(cell)[:200] for cell in row.cells)
        built: Sequence[Item] = ()
        if not problems:
            try:
                built = part.layout.build(values, setting)
            except CellProblem as problem:
                heading = part.header.heading_of(problem.data.get("field", "")) or ""
                facts = {key: value for key, value in problem.data.items() if key != "field"}
                problems = [RowProblem(row.number, heading, problem.code, facts, part.table.name)]
        part.problems.extend(problems)
        made = tuple(_numbered(built, row.number))
        amount = part.layout.amount(values)
        items.append(SourceRow(row.number, part.table.name, digest, texts, made, number, amount_minor=amount))
    part.rows = _join_sessions(items) if part.layout.joins else items


def _numbered(items: Iterable[Item], row: int) -> Iterable[Item]:
    """The items, their places knowing the row that they came from."""
    for item in items:
        if isinstance(item, SessionItem):
            item = replace(item, places=tuple(replace(place, row=row) for place in item.places))
        yield item


def _records_of(part: Part) -> list[Row]:
    """The rows below the header that hold records; the others go to `dropped`."""
    body: list[Row] = []
    names = {finding.normal(heading) for heading in part.header.headings if heading}
    for row in part.table.rows[part.header.index + 1 :]:
        texts = [cell_text(cell).strip() for cell in row.cells]
        values = {name: texts[place] if place < len(texts) else "" for name, place in part.header.fields.items()}
        filled = [text for text in texts if text]
        if len(filled) > 1 and all(finding.normal(text) in names for text in filled):
            part.dropped.append(Dropped(row.number, "repeated_header", ""))
        elif why := part.layout.drops(texts, values):
            part.dropped.append(Dropped(row.number, why, " · ".join(filled)[:200]))
        else:
            body.append(row)
    return body


def _decide_columns(part: Part, body: list[Row], options: Options, setting: Setting) -> dict[str, CellContext]:
    """How each column is read; columns that cannot be told are asked about."""
    contexts: dict[str, CellContext] = {}
    for column in part.layout.columns:
        if column.field not in part.header.fields:
            continue
        heading = part.header.heading_of(column.field)
        order = mark = None
        if column.kind in ("date", "moment"):
            order = decide_order(
                _texts(part, body, column), options.date_orders.get(heading) or options.date_orders.get("*")
            )
            part.orders[column.field] = order
            if order.asks:
                part.questions.append(Question(heading, order.undecided, order.is_mixed))
        elif column.kind == "money":
            mark = decide_mark(_texts(part, body, column))
        contexts[column.field] = CellContext(setting.currency, order, mark)
    _read_stated_total(part, setting)
    return contexts


def _texts(part: Part, body: Iterable[Row], column: Column) -> Iterable[str]:
    place = part.header.fields[column.field]
    return (cell for row in body if place < len(row.cells) and isinstance(cell := row.cells[place], str) and cell)


def _read_row(row: Row, part: Part, contexts: Mapping[str, CellContext]) -> tuple[dict[str, Any], list[RowProblem]]:
    values: dict[str, Any] = {}
    problems: list[RowProblem] = []
    for column in part.layout.columns:
        place = part.header.fields.get(column.field)
        cell: Cell = row.cells[place] if place is not None and place < len(row.cells) else None
        heading = part.header.heading_of(column.field) or column.heading
        try:
            value = read_cell(cell, column, contexts[column.field]) if place is not None else None
        except CellProblem as problem:
            problems.append(RowProblem(row.number, heading, problem.code, problem.data, part.table.name))
            continue
        if value is None and column.required:
            problems.append(RowProblem(row.number, heading, "required", {}, part.table.name))
        values[column.field] = value
    return values, problems


def _read_stated_total(part: Part, setting: Setting) -> None:
    """The total that the file itself states, in its last row of totals that holds an amount in the right column."""
    place = part.header.fields.get(part.layout.total or "")
    totals = {dropped.row for dropped in part.dropped if dropped.why == "total"}
    if part.layout.total is None:
        counts = [
            found for dropped in part.dropped if dropped.row in totals for found in re.findall(r"\d+", dropped.text)
        ]
        part.stated_rows = int(counts[-1]) if counts and len(counts[-1]) < 9 else None
    if part.layout.total is None or place is None:
        return
    column = part.layout.column(part.layout.total)
    for row in part.table.rows:
        if row.number in totals and place < len(row.cells):
            try:
                value = read_cell(row.cells[place], column, CellContext(setting.currency))
            except CellProblem:
                continue
            part.stated_minor = value if value is not None else part.stated_minor


def _digest(layout: str, values: Mapping[str, Any], seen: Counter[str]) -> str:
    """The fingerprint of what a row says; the same row twice in one file is told apart by its turn."""
    said = "\x1f".join(f"{name}={_canonical(value)}" for name, value in sorted(values.items()) if value is not None)
    seen[said] += 1
    return hashlib.sha256(f"{layout}\x1e{said}\x1e{seen[said]}".encode()).hexdigest()[:40]


def _canonical(value: Any) -> str:
    if isinstance(value, Moment):
        return f"{value.day.isoformat()}T{value.clock.isoformat() if value.clock else ''}{value.offset}"
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, tuple):
        return "\x1d".join(value)
    return str(value)


def _join_sessions(rows: list[SourceRow]) -> list[SourceRow]:
    """Rows of one session of several clients: the first keeps the session with all places, the others come with it."""
    first: dict[tuple[Any, ...], tuple[int, int]] = {}
    joined: list[SourceRow] = []
    for row in rows:
        kept: list[Item] = []
        head = 0
        for item in row.items:
            if not isinstance(item, SessionItem):
                kept.append(item)
                continue
            place = first.get(item.group_key)
            if place is None or not _may_join(joined, place, item):
                if place is None:
                    first[item.group_key] = (len(joined), len(kept))
                kept.append(item)
                continue
            at, index = place
            session = joined[at].items[index]
            assert isinstance(session, SessionItem)
            items = list(joined[at].items)
            items[index] = replace(session, places=session.places + item.places)
            joined[at] = replace(joined[at], items=tuple(items))
            head = joined[at].number
        joined.append(replace(row, items=tuple(kept), joins=head))
    return joined


def _may_join(joined: list[SourceRow], place: tuple[int, int], item: SessionItem) -> bool:
    """Whether the row brings another client: the same one twice is a row of its own, and a mistake to be told."""
    session = joined[place[0]].items[place[1]] if place[0] < len(joined) else None
    if not isinstance(session, SessionItem):
        return False
    there = {_who(each) for each in session.places}
    return not any(_who(each) in there for each in item.places)


def _who(place: Place) -> tuple[str, str]:
    return place.client.label.casefold(), place.client.email.casefold()

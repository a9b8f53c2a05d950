"""What every reader gives: rows of cells with the numbers that a person sees beside them."""

from dataclasses import dataclass
from datetime import date, datetime, time

from daybook.imports.errors import FileUnreadable

Cell = str | int | float | bool | datetime | date | time | None

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 300
MAX_CELL = 20_000
_NOTHING = frozenset([None, ""])


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it stands in the file; `number` counts from 1, as a spreadsheet shows it."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def is_blank(self) -> bool:
        return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one sheet or file, blank ones left out; `name` is the sheet's or the file's."""

    name: str
    rows: tuple[Row, ...]
    kind: str


class RowCollector:
    """Gathers rows and stops a file that is too long or too wide while it is still being read."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._number = 0

    def add(self, cells: "list[Cell] | tuple[Cell, ...]", number: int | None = None) -> None:
        self._number = number if number is not None else self._number + 1
        if _NOTHING.issuperset(cells):
            return  # spreadsheets hold a million of them
        row = Row(self._number, tuple(map(clean_cell, cells)))
        if row.is_blank:
            return
        if len(row.cells) > MAX_COLUMNS:
            if any(cell not in (None, "") for cell in row.cells[MAX_COLUMNS:]):
                raise FileUnreadable("too_wide", columns=MAX_COLUMNS)
            row = Row(row.number, row.cells[:MAX_COLUMNS])
        self.rows.append(row)
        if len(self.rows) > MAX_ROWS + 100:  # some rows above the header, and totals
            raise FileUnreadable("too_many_rows", rows=MAX_ROWS)

    def table(self, name: str, kind: str) -> Table:
        if not self.rows:
            raise FileUnreadable("empty")
        return Table(name, tuple(self.rows), kind)


def clean_cell(cell: Cell) -> Cell:
    """Text without NUL bytes, byte-order marks and non-breaking spaces at its ends; other values as they are.

    An apostrophe that keeps a text from being a formula is no part of it.
    """
    if not isinstance(cell, str):
        return cell
    text = cell.replace("\x00", "").replace("\ufeff", "").replace("\xa0", " ").replace("\r\n", "\n").strip()
    if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@"):
        text = text[1:]
    return text[:MAX_CELL]


def cell_text(cell: Cell) -> str:
    """The cell as a person would read it: whole numbers without a point, dates in ISO form."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return (
            cell.date().isoformat() if not (cell.hour or cell.minute or cell.second) else cell.isoformat(" ", "minutes")
        )
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    return str(cell)

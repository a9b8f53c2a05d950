"""Delimited text: comma, semicolon, tab or pipe, with quotes as people's programs write them."""

import csv
import io
from collections import Counter

from daybook.imports.errors import FileUnreadable
from daybook.imports.rules.tables import RowCollector, Table

_DELIMITERS = ",;\t|"
csv.field_size_limit(1_000_000)


def read_delimited(text: str, name: str) -> Table:
    """The table of a delimited text. Raises FileUnreadable for one that ends inside a quoted cell or a row."""
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first) == 5:
        delimiter, text, offset = first[4], rest, 1
    else:
        delimiter, offset = find_delimiter(text), 0
    collector = RowCollector()
    number = 0
    last: list[str] = []
    try:
        for cells in csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=delimiter != "\t"):
            number += 1
            if cells:
                collector.add(list(cells), number + offset)
                last = cells
    except csv.Error as error:
        raise FileUnreadable(
            "cut_off" if "end of data" in str(error) else "binary", kind="file of another program", row=number + 1
        ) from error
    if _ends_in_quotes(text, delimiter, last) or _last_row_is_short(text, collector, last):
        raise FileUnreadable("cut_off", row=number + offset)
    return collector.table(name, "csv")


def find_delimiter(text: str) -> str:
    """The delimiter that splits the first rows into the most even number of cells; a comma where nothing tells."""
    best, best_score = ",", 0.0
    sample = text[:60_000]
    for delimiter in _DELIMITERS:
        if delimiter not in sample:
            continue
        try:
            rows = [
                row for row in csv.reader(io.StringIO(sample), delimiter=delimiter) if any(cell.strip() for cell in row)
            ][:60]
        except csv.Error:
            continue
        if not rows:
            continue
        widths = Counter(len(row) for row in rows)
        width, times = max(widths.items(), key=lambda pair: (pair[1] * (pair[0] > 1), pair[0]))
        score = times / len(rows) * (width - 1) ** 0.5 if width > 1 else 0
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _ends_in_quotes(text: str, delimiter: str, last: list[str]) -> bool:
    """Whether the file ends inside a quoted cell: the lenient reader takes the rest of the file as that cell."""
    if '"' not in text:
        return False
    try:
        for _ in csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=delimiter != "\t", strict=True):
            pass
    except csv.Error as error:
        if "end of data" in str(error):
            return True
        return bool(last) and last[-1].count("\n") > 20
    return False


def _last_row_is_short(text: str, collector: RowCollector, last: list[str]) -> bool:
    """A last row without a line's end and with fewer cells than every other row: the copy stopped in it."""
    if text.endswith("\n") or len(collector.rows) < 3:
        return False
    widths = {len(row.cells) for row in collector.rows[1:-1]}
    return len(widths) == 1 and len(last) < widths.pop() and len(last) > 0

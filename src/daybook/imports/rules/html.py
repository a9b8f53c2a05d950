"""Web tables that call themselves .xls, with the tags that such reports forget."""

import re
from html.parser import HTMLParser

from daybook.imports.errors import FileUnreadable
from daybook.imports.rules.tables import Cell, RowCollector, Table

_START = re.compile(r"<(!doctype html|html|table|head|body|style|meta)\b", re.IGNORECASE)
_MAX_SPAN = 100


def looks_like_html(text: str) -> bool:
    head = text[:5000].lstrip()
    return head.startswith("<") and _START.search(head) is not None and "<t" in text.lower()


def read_html(text: str, name: str) -> Table:
    """All rows of all tables, in order. A cell outside a row starts one: some reports leave `<tr>` away.

    Raises FileUnreadable when the page stops inside a table.
    """
    parser = _Rows()
    parser.feed(text)
    parser.close()
    if parser.depth > 0 or parser.rawdata.strip():
        raise FileUnreadable("cut_off", row=len(parser.collector.rows))
    return parser.collector.table(name, "html")


class _Rows(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.collector = RowCollector()
        self.depth = 0
        self._row: list[Cell] | None = None
        self._cell: list[str] | None = None
        self._span = 1
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._end_row()
            self.depth += 1
        elif tag == "tr":
            self._end_row()
            self._row = []
        elif tag in ("td", "th"):
            self._end_cell()
            if self._row is None:
                self._row = []
            self._cell = []
            self._span = _span(dict(attrs).get("colspan"))
        elif tag in ("br", "p", "div") and self._cell:
            self._cell.append(" ")
        elif tag in ("style", "script"):
            self._hidden += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._end_row()
            self.depth = max(self.depth - 1, 0)
        elif tag == "tr":
            self._end_row()
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag in ("style", "script"):
            self._hidden = max(self._hidden - 1, 0)

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._hidden:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is not None and self._row is not None:
            self._row.append(" ".join("".join(self._cell).split()))
            self._row.extend([None] * (self._span - 1))
        self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is not None:
            self.collector.add(self._row)
        self._row = None


def _span(value: str | None) -> int:
    return min(int(value), _MAX_SPAN) if value and value.isdecimal() and int(value) > 0 else 1

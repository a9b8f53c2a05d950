"""Tables in a MySQL dump, and lists of records in JSON."""

import json
import re
from collections.abc import Iterator
from typing import Any

from daybook.imports.errors import FileUnreadable
from daybook.imports.rules.tables import Cell, RowCollector, Table

_INSERT = re.compile(r"INSERT\s+(?:IGNORE\s+)?INTO\s+[`\"]?(\w+)[`\"]?\s*(?:\(([^)]*)\))?\s*VALUES\s*", re.IGNORECASE)
_CREATE = re.compile(r"CREATE TABLE\s+(?:IF NOT EXISTS\s+)?[`\"]?(\w+)[`\"]?\s*\((.*?)\n\)", re.IGNORECASE | re.DOTALL)
_COLUMN = re.compile(r"^\s*[`\"](\w+)[`\"]\s", re.MULTILINE)
_TOKEN = re.compile(r"'((?:[^'\\]|\\.|'')*)'|([^,()'\s][^,()']*)|([,()])", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)|''", re.DOTALL)
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "0": "", "Z": ""}


def looks_like_dump(text: str) -> bool:
    head = text[:4000].lstrip()
    return head.startswith(("--", "/*", "CREATE ", "INSERT ", "DROP ", "SET ")) and _INSERT.search(text) is not None


def read_dump(text: str) -> list[Table]:
    """A table for each one that rows are put into, with its columns as the header. Raises FileUnreadable for one cut off."""
    columns = {found[1]: _COLUMN.findall(found[2]) for found in _CREATE.finditer(text)}
    collectors: dict[str, RowCollector] = {}
    for found in _INSERT.finditer(text):
        name = found[1]
        names = re.findall(r"\w+", found[2]) if found[2] else columns.get(name, [])
        if not names:
            continue
        if name not in collectors:
            collectors[name] = RowCollector()
            collectors[name].add(list(names))
        for values in _tuples(text, found.end()):
            collectors[name].add(values)
    return [collector.table(name, "sql") for name, collector in collectors.items()]


def _tuples(text: str, place: int) -> Iterator[list[Cell]]:
    """The rows of one statement, up to its semicolon."""
    row: list[Cell] | None = None
    while True:
        found = _TOKEN.match(text, place)
        if found is None:
            space = re.compile(r"\s+").match(text, place)
            if space:
                place = space.end()
                continue
            if place >= len(text) or text[place] == "'":
                raise FileUnreadable("cut_off", row=0)
            return
        place = found.end()
        if found[3] == "(":
            row = []
        elif found[3] == ")" and row is not None:
            yield row
            row = None
        elif found[3] is None and row is None:
            return  # the semicolon, and what comes after
        elif found[3] is None and row is not None:
            row.append(_unquoted(found[1]) if found[1] is not None else _bare(found[2]))


def _unquoted(text: str) -> str:
    return _ESCAPE.sub(lambda found: "'" if found[1] is None else _LETTERS.get(found[1], found[1]), text)


def _bare(text: str) -> Cell:
    plain = text.strip()
    return None if plain.upper() == "NULL" else plain


def looks_like_json(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n").startswith(("[", "{"))


def read_json(text: str, name: str) -> list[Table]:
    """A table for a list of records, or for each list in an object of them."""
    try:
        data = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise FileUnreadable("cut_off" if not text.rstrip().endswith(("]", "}")) else "damaged", row=0) from error
    lists = (
        {name: data}
        if isinstance(data, list)
        else {key: value for key, value in data.items() if isinstance(value, list)}
    )
    tables = [table for key, records in lists.items() if (table := _as_table(str(key), records))]
    if not tables:
        raise FileUnreadable("no_table")
    return tables


def _as_table(name: str, records: list[Any]) -> Table | None:
    objects = [record for record in records if isinstance(record, dict)]
    if not objects:
        return None
    headings = list(dict.fromkeys(str(key) for record in objects for key in record))
    collector = RowCollector()
    collector.add(list(headings))
    for record in objects:
        collector.add([_cell(record.get(heading)) for heading in headings])
    return collector.table(name, "json")


def _cell(value: Any) -> Cell:
    return value if value is None or isinstance(value, str | int | float | bool) else json.dumps(value)

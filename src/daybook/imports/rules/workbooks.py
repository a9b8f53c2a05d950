"""Workbooks (.xlsx): values only, and no more than a file of that size may hold."""

import io
import warnings
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from daybook.imports.errors import FileUnreadable
from daybook.imports.rules.tables import Cell, RowCollector, Table

MAX_UNPACKED = 250 * 1024 * 1024
MAX_RATIO = 200
MAX_MEMBERS = 2000
_MAX_SHEETS = 20
_EXCEL_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})


def check_archive(archive: zipfile.ZipFile) -> None:
    """Refuse an archive that unpacks into far more than it weighs, before anything of it is unpacked."""
    members = archive.infolist()
    unpacked = sum(each.file_size for each in members)
    packed = sum(each.compress_size for each in members)
    if (
        len(members) > MAX_MEMBERS
        or unpacked > MAX_UNPACKED
        or (unpacked > 20 * 1024 * 1024 and unpacked > packed * MAX_RATIO)
    ):
        raise FileUnreadable("bomb")
    if any(each.flag_bits & 0x1 for each in members):
        raise FileUnreadable("encrypted")


def read_workbook(content: bytes, name: str) -> list[Table]:
    """A table for each sheet that holds anything; formulas as the values that the program last computed."""
    try:
        _refuse_entities(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
            tables = [table for sheet in sheets[:_MAX_SHEETS] if (table := _read_sheet(sheet))]
    except FileUnreadable:
        raise
    except (
        zipfile.BadZipFile,
        InvalidFileException,
        KeyError,
        ValueError,
        TypeError,
        OSError,
        EOFError,
        AttributeError,
    ) as error:
        raise FileUnreadable("damaged") from error
    except Exception as error:  # broken XML and streams fail in the parser's and zlib's own ways
        raise FileUnreadable("damaged") from error
    if not tables:
        raise FileUnreadable("empty")
    return tables


def _refuse_entities(content: bytes) -> None:
    """A document type in a part is the way to make a small file grow: no spreadsheet program writes one."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            if member.filename.endswith((".xml", ".rels")):
                with archive.open(member) as part:
                    if b"<!DOCTYPE" in part.read(2000).upper():
                        raise FileUnreadable("bomb")


def _read_sheet(sheet: Any) -> Table | None:
    sheet.reset_dimensions()
    collector = RowCollector()
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        collector.add([_value(cell) for cell in cells], number)
    return collector.table(str(sheet.title), "xlsx") if collector.rows else None


def _value(cell: Any) -> Cell:
    if isinstance(cell, timedelta):
        total = int(cell.total_seconds())
        return time(total // 3600 % 24, total // 60 % 60) if 0 <= total < 86_400 else str(cell)
    if isinstance(cell, str) and cell in _EXCEL_ERRORS:
        return ""
    if cell is None or isinstance(cell, str | int | float | bool | datetime | date | time):
        return cell
    return str(cell)

"""Tables as files: what a spreadsheet program reads back from them."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from openpyxl.cell import Cell

from daybook.web.exports import as_csv, as_workbook

HEAD = ["Name", "Day", "Amount", "Yen", "Dinar", "Count", "Note"]
ROWS = [
    ["=cmd()", date(2026, 3, 1), Decimal("-1234.50"), Decimal(7), Decimal("0.125"), 3, None],
    ["Zoë <&> 🙂\x0b", date(2024, 2, 29), Decimal("0.00"), Decimal(0), Decimal("1.000"), 0, "-2+3"],
]


def _said(cell: Cell) -> object:
    return cell.value.date().isoformat() if cell.is_date else cell.value


def test_workbook_keeps_numbers_dates_and_plain_texts() -> None:
    sheet = load_workbook(io.BytesIO(as_workbook(HEAD, ROWS))).active
    found = [list(row) for row in sheet.iter_rows()]
    assert [cell.value for cell in found[0]] == HEAD and found[0][0].font.bold and sheet.freeze_panes == "A2"
    assert [_said(cell) for cell in found[1]] == ["=cmd()", "2026-03-01", -1234.5, 7, 0.125, 3, None]
    assert [_said(cell) for cell in found[2]] == ["Zoë <&> 🙂", "2024-02-29", 0, 0, 1, 0, "-2+3"]
    assert found[1][0].data_type in ("s", "inlineStr") and found[1][1].is_date
    assert [cell.number_format for cell in found[1][2:5]] == ["#,##0.00", "#,##0", "#,##0.000"]


def test_csv_makes_formulas_plain_and_keeps_negative_amounts() -> None:
    text = as_csv(HEAD, ROWS)
    assert text.startswith("\ufeff")
    first, second = list(csv.reader(io.StringIO(text[1:])))[1:]
    assert first == ["'=cmd()", "2026-03-01", "-1234.50", "7", "0.125", "3", ""]
    assert second[0] == "Zoë <&> 🙂\x0b" and second[-1] == "'-2+3"


@pytest.mark.parametrize("rows", [[], ROWS * 3])
def test_a_workbook_has_a_row_for_each(rows: list[list[object]]) -> None:
    assert load_workbook(io.BytesIO(as_workbook(HEAD, rows)), read_only=True).active.max_row in (None, len(rows) + 1)

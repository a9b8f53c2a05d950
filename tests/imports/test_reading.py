"""Whatever bytes come in: a table, or one clear refusal."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from daybook.imports.errors import FileUnreadable
from daybook.imports.rules.export import safe_cell
from daybook.imports.rules.reading import read_tables
from daybook.imports.rules.tables import MAX_BYTES, MAX_ROWS

TEXT = "Name,Ort\nZoë,Köln\nÉlan,Łódź\n"


def cells(content: bytes, name: str = "file") -> list[tuple[object, ...]]:
    return [row.cells for row in read_tables(content, name)[0].rows]


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_in_any_unicode_encoding_is_read(encoding: str) -> None:
    assert cells(TEXT.encode(encoding))[1:] == [("Zoë", "Köln"), ("Élan", "Łódź")]


def test_text_of_windows_is_read() -> None:
    assert cells("Name;Preis\nZoë;5 €\n".encode("cp1252")) == [("Name", "Preis"), ("Zoë", "5 €")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found(delimiter: str) -> None:
    text = f"a{delimiter}b{delimiter}c\n1{delimiter}2{delimiter}3\n"
    assert cells(text.encode()) == [("a", "b", "c"), ("1", "2", "3")]


def test_decimal_commas_do_not_mislead_the_delimiter() -> None:
    assert cells(b"Name;Amount\nIda;1,50\nTom;2,50\n")[1] == ("Ida", "1,50")


def test_sep_line_names_the_delimiter() -> None:
    table = read_tables(b"sep=;\nName;Note\nIda;a, b\n", "x")[0]
    assert [(row.number, row.cells) for row in table.rows] == [(2, ("Name", "Note")), (3, ("Ida", "a, b"))]


def test_quoted_cells_keep_lines_and_quotes() -> None:
    assert cells(b'Name,Note\n"Doe, Jane","two\nlines ""quoted"""\n')[1] == ("Doe, Jane", 'two\nlines "quoted"')


def test_rows_keep_their_numbers_over_blank_ones() -> None:
    table = read_tables(b"Name,Note\n\n,\nIda,x\n", "x")[0]
    assert [row.number for row in table.rows] == [1, 4]


def test_workbook_gives_typed_values() -> None:
    rows = cells(workbook(["Date", "At", "Amount", "Yes"], [datetime(2026, 5, 4, 9, 30), time(9, 30), 12.5, True]))  # noqa: DTZ001
    assert rows[1] == (datetime(2026, 5, 4, 9, 30), time(9, 30), 12.5, True)  # noqa: DTZ001


def test_workbook_formula_without_a_value_is_empty() -> None:
    assert cells(workbook(["a", "b"], ["x", "=1+1"]))[1] == ("x", None)


def test_workbook_sheets_are_tables() -> None:
    book = Workbook()
    book.active.title = "Clients"
    book.active.append(["First name"])
    book.create_sheet("Payments").append(["Client"])
    out = io.BytesIO()
    book.save(out)
    assert [table.name for table in read_tables(out.getvalue(), "x.xlsx")] == ["Clients", "Payments"]


def test_web_table_called_xls_is_read_without_row_tags() -> None:
    page = b"<html><body><table><tr><td>Name<td>ID</tr><td>Ida</td><td>1</td></tr><td>Tom &amp; Una</td><td>2</td></tr></table></body></html>"
    assert cells(page, "report.xls") == [("Name", "ID"), ("Ida", "1"), ("Tom & Una", "2")]


def test_archive_of_tables_is_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("clients.csv", "First name\nIda\n")
        archive.writestr("__MACOSX/._clients.csv", "junk")
        archive.writestr("readme.pdf", "%PDF")
    assert [table.name for table in read_tables(out.getvalue(), "all.zip")] == ["clients.csv"]


def cut_workbook() -> bytes:
    whole = workbook(["Name", "Amount"], *[["Ida", number] for number in range(400)])
    return whole[: len(whole) // 2]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (60 * 1024 * 1024))
    return out.getvalue()


def entities() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(["a"], ["b"]))) as good, zipfile.ZipFile(out, "w") as archive:
        for name in good.namelist():
            text = good.read(name)
            if name == "xl/workbook.xml":
                text = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>' + text
            archive.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \r\n \r\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b",,,\n,,\n", "empty"),
        (b"%PDF-1.4", "binary"),
        (b"\x89PNG\r\n\x1a\n", "binary"),
        (bytes(range(256)) * 40, "binary"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old_excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"PK\x03\x04" + b"\x00" * 60, "damaged"),
        (cut_workbook(), "damaged"),
        (bomb(), "bomb"),
        (entities(), "bomb"),
        (b'Name,Note\nIda,"no end', "cut_off"),
        (b"Name,Note,At\nIda,x,1\nTom,y,2\nUn", "cut_off"),
        ("Näme,Nöte\nIda,ö".encode()[:-1], "cut_off"),
        (b"<html><table><tr><td>Name</td></tr><tr><td>Id", "cut_off"),
        (b"a," * 400 + b"a\n", "too_wide"),
        (b"x" * (MAX_BYTES + 1), "too_large"),
        (b"a,b\n" + b"1,2\n" * (MAX_ROWS + 101), "too_many_rows"),
    ],
)
def test_what_is_no_table_is_refused_by_name(content: bytes, reason: str) -> None:
    with pytest.raises(FileUnreadable) as refusal:
        read_tables(content, "file")
    assert refusal.value.data["reason"] == reason


@given(st.binary(max_size=400))
def test_any_bytes_give_tables_or_one_refusal(content: bytes) -> None:
    try:
        assert read_tables(content, "file")
    except FileUnreadable as refusal:
        assert refusal.data["reason"]


@given(st.integers(min_value=0, max_value=3000), st.integers(min_value=0, max_value=255))
def test_a_spoilt_workbook_gives_tables_or_one_refusal(place: int, value: int) -> None:
    content = bytearray(WHOLE)
    content[place % len(content)] = value
    try:
        assert read_tables(bytes(content), "file")
    except FileUnreadable as refusal:
        assert refusal.data["reason"]


WHOLE = workbook(["Name", "Date"], ["Ida", date(2026, 1, 2)])


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-x", "@sum", "\tx"])
def test_formulas_leave_as_texts_and_come_back(text: str) -> None:
    cell = str(safe_cell(text))
    assert cell == "'" + text
    if text[0] != "\t":
        assert cells(f"a;b\n{cell};1\n".encode())[1][0] == text


def test_numbers_leave_as_numbers() -> None:
    assert safe_cell(-5) == -5
    assert safe_cell("plain") == "plain"

"""Tables as files: CSV, and a workbook where `?format=xlsx` asks for one."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponse

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A text that a spreadsheet would run as a formula is made plain; a phone number is none.
_FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d ]*\Z)")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DAY_ZERO = date(1899, 12, 30)
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# The styles of cells, by their number below: as it is, a bold head, a date, and amounts with 0 to 4 digits.
_STYLES = f"""{_XML}<styleSheet xmlns="{_MAIN}"><numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="#,##0.000"/><numFmt numFmtId="166" formatCode="#,##0.0000"/></numFmts>
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>
<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="7"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/>{"".join(f'<xf xfId="0" numFmtId="{number}" applyNumberFormat="1"/>' for number in (164, 3, 4, 165, 166))}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""
_HEAD, _DATE, _AMOUNTS = 1, 2, {0: 3, 2: 4, 3: 5, 4: 6}
_PARTS = {
    "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
    "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": _STYLES,
}


def table_file(request: HttpRequest, name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A table to keep: texts, dates, whole numbers, and amounts as `Decimal` with the currency's digits."""
    is_workbook = request.GET.get("format") == "xlsx"
    if is_workbook:
        response = HttpResponse(as_workbook(head, rows), content_type=WORKBOOK)
    else:
        response = HttpResponse(as_csv(head, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.{"xlsx" if is_workbook else "csv"}"'
    return response


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    for row in rows:
        writer.writerow([f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell for cell in row])
    return "\ufeff" + text.getvalue()


def as_workbook(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """One sheet whose head stays in view; amounts and dates are numbers that add up, texts are never formulas.

    Written by hand, row by row: a list of all payments is long, and a library that keeps a cell as an object takes
    twenty times as long for it.
    """
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for path, content in _PARTS.items():
            archive.writestr(path, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for piece in _sheet(head, rows):
                sheet.write(piece.encode())
    return sink.getvalue()


def _sheet(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews>'
    yield f'<cols><col min="1" max="{len(head)}" width="18" customWidth="1"/></cols><sheetData>'
    yield f"<row>{''.join([_text(title, _HEAD) for title in head])}</row>"
    for row in rows:
        yield f"<row>{''.join([_cell(value) for value in row])}</row>"
    yield "</sheetData></worksheet>"


def _cell(value: object) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, Decimal):
        return f'<c s="{_AMOUNTS.get(-int(value.as_tuple().exponent), 0)}"><v>{value}</v></c>'
    if isinstance(value, int):
        return f"<c><v>{value}</v></c>"
    if isinstance(value, date):
        return f'<c s="{_DATE}"><v>{(value - _DAY_ZERO).days}</v></c>'
    return _text(str(value))


def _text(value: str, style: int = 0) -> str:
    shown = escape(_ILLEGAL.sub("", value))
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{shown}</t></is></c>'

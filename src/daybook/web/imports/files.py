"""Files to download: an empty table of a layout, and the rows at fault of an import."""

import csv
import io
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from daybook.core.errors import NotFound
from daybook.imports.layouts import LAYOUTS
from daybook.imports.models import Import
from daybook.imports.permissions import IMPORT_DATA, access_import
from daybook.imports.rules.export import safe_cell
from daybook.web.doors import team_page
from daybook.web.imports.said import said_problems
from daybook.workflows.check_import import look_at_import


@require_safe
@team_page(IMPORT_DATA)
def template(request: HttpRequest, layout: str) -> HttpResponse:
    """A CSV with the layout's headings and nothing below them."""
    found = LAYOUTS.get(layout)
    if found is None or found.system != "daybook":
        raise NotFound(what="layout")
    return _csv(
        [
            [
                column.heading
                for column in found.columns
                if column.field != "name" or found.record not in ("clients", "practitioners")
            ]
        ],
        layout,
    )


@require_safe
@team_page(IMPORT_DATA)
def problems(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Every row at fault with the reason; before the import with its cells, so that it can be corrected there and then."""
    batch = access_import(request.actor, import_id)
    if batch.state in (Import.State.DONE, Import.State.UNDONE):
        rows = [[each["row"], each["column"], each["sentence"]] for each in said_problems(request, batch.problems)]
        return _csv([[_("Row"), _("Column"), _("Problem")], *rows], f"{batch.file_name}-problems")
    look = look_at_import(actor=request.actor, now=timezone.now(), import_id=import_id, rows=None)
    if look.plan is None or look.parsed is None:
        raise look.failure or NotFound(what="import")
    cells = {(row.sheet, row.number): row.texts for row in look.parsed.rows}
    said = said_problems(request, [problem.as_json() for problem in look.plan.problems])
    rows = [
        [each["row"], each["column"], each["sentence"], *cells.get((each["sheet"], each["row"]), ())] for each in said
    ]
    return _csv(
        [
            [_("Row"), _("Column"), _("Problem"), *look.parsed.parts[0].header.headings],
            *sorted(rows, key=lambda row: row[0]),
        ],
        f"{batch.file_name}-problems",
    )


def _csv(rows: list[list[object]], name: str) -> HttpResponse:
    out = io.StringIO()
    csv.writer(out).writerows([[safe_cell(cell) for cell in row] for row in rows])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    plain = "".join(letter for letter in name if letter.isalnum() or letter in "-_. ")[:100]
    response["Content-Disposition"] = f'attachment; filename="{plain.encode("ascii", "ignore").decode() or "file"}.csv"'
    return response

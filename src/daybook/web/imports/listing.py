"""What was imported, and choosing the next file."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from daybook.core.errors import InvalidInput
from daybook.imports.layouts import LAYOUTS, ordered
from daybook.imports.permissions import IMPORT_DATA
from daybook.imports.queries import imports_newest_first
from daybook.imports.rules.tables import MAX_BYTES, MAX_ROWS
from daybook.ui import format
from daybook.ui.listing import Column, Listing
from daybook.web.doors import go_to, once, refusals, render_page, team_page
from daybook.web.imports.said import total_of
from daybook.workflows.check_import import start_import

COLUMNS = [Column("created_at", "", order=("created_at", "id"))]


@require_safe
@team_page(IMPORT_DATA)
def imports(request: HttpRequest) -> HttpResponse:
    state = Listing.read(request, "imports", COLUMNS, default="-created_at")
    rows = imports_newest_first()
    page = state.page_of(rows, total=rows.count())
    shown = [
        {"batch": batch, "theirs": total_of(request, batch, batch.theirs), "ours": total_of(request, batch, batch.ours)}
        for batch in page
    ]
    own = [
        {"name": layout.name, "term": layout.record.removesuffix("s")}
        for layout in ordered()
        if layout.system == "daybook"
    ]
    others = [layout for layout in LAYOUTS.values() if layout.system != "daybook"]
    context = {
        "page": page,
        "rows": shown,
        "own": own,
        "others": others,
        "megabytes": MAX_BYTES // 1024 // 1024,
        "most_rows": format.number(MAX_ROWS, request.business.locale),
    }
    return render_page(request, "web/imports/list.html", context)


@require_POST
@team_page(IMPORT_DATA)
def upload(request: HttpRequest) -> HttpResponse:
    """Keep the file and show what would happen with it."""
    file = request.FILES.get("file")
    if file is None or not file.name:
        return refusals(request, InvalidInput(field="file", problem="required"))
    if file.size is None or file.size > MAX_BYTES:
        return refusals(
            request, InvalidInput(field="file", problem="file_too_large", megabytes=MAX_BYTES // 1024 // 1024)
        )

    def keep() -> HttpResponse:
        batch = start_import(actor=request.actor, now=timezone.now(), file_name=file.name or "", content=file.read())
        return go_to(request, reverse("web:import", args=[batch.pk]))

    return once(request, keep)

"""Taking a file in, watching that, and taking it back."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from daybook.imports import services
from daybook.imports.models import Import
from daybook.imports.permissions import IMPORT_DATA, access_import
from daybook.imports.queries import progress_of
from daybook.web.doors import go, once, render_part, team_page
from daybook.workflows.queue_import import take_back, take_in

BUSY = (Import.State.QUEUED, Import.State.RUNNING, Import.State.UNDOING)


@require_POST
@team_page(IMPORT_DATA)
def run(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Import the file: all of it, or with `partial` what is right of it."""

    def verb() -> HttpResponse:
        partial = request.POST.get("partial") == "1"
        services.set_options(actor=request.actor, import_id=import_id, options={}, is_partial=partial)
        batch = take_in(actor=request.actor, now=timezone.now(), import_id=import_id)
        return go(request, "web:import", import_id, said=_said(batch))

    return once(request, verb)


def _said(batch: Import) -> str:
    if batch.state != Import.State.DONE:
        return ""
    count = batch.created_count
    return ngettext("%(count)d row is imported.", "%(count)d rows are imported.", count) % {"count": count}


@require_safe
@team_page(IMPORT_DATA)
def progress(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """The part that renews itself while a job works; when it is done, the whole page comes again."""
    batch = access_import(request.actor, import_id)
    if batch.state not in BUSY:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render_part(request, "web/imports/_progress.html", {"batch": batch, "progress": progress_of(batch)})


@require_POST
@team_page(IMPORT_DATA)
def undo(request: HttpRequest, import_id: UUID) -> HttpResponse:
    def verb() -> HttpResponse:
        batch = take_back(actor=request.actor, now=timezone.now(), import_id=import_id)
        if batch.state == Import.State.UNDOING:
            return go(request, "web:import", import_id)
        count = sum(batch.made.values())
        said = ngettext(
            "The import is undone: %(count)d record is taken back.",
            "The import is undone: %(count)d records are taken back.",
            count,
        )
        return go(request, "web:import", import_id, said=said % {"count": count})

    return once(request, verb)


@require_POST
@team_page(IMPORT_DATA)
def discard(request: HttpRequest, import_id: UUID) -> HttpResponse:
    services.discard(actor=request.actor, import_id=import_id)
    return go(request, "web:imports", said=_("The file is put away. Nothing of it was imported."))

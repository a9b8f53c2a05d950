"""One import: before it, how the file is read and what would happen; after it, what came of it."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from daybook.core.errors import DomainError
from daybook.core.periods import zone_names
from daybook.imports import services
from daybook.imports.layouts import LAYOUTS
from daybook.imports.models import Import
from daybook.imports.permissions import IMPORT_DATA, access_import
from daybook.imports.queries import presets_by_name, progress_of
from daybook.imports.rules.dates import NotADate, read_date, split_moment
from daybook.imports.rules.headings import fingerprint_of
from daybook.imports.rules.tables import cell_text
from daybook.tenancy.queries import business_words
from daybook.ui.sentences import sentence
from daybook.web.doors import go, render_page, team_page
from daybook.web.imports.running import BUSY
from daybook.web.imports.said import layout_label, said_failure, said_problems, style, total_of
from daybook.workflows.check_import import Look, look_at_import

SHOWN_PROBLEMS = 100
SHOWN_ROWS = 8
SHOWN_DUPLICATES = 200


@require_safe
@team_page(IMPORT_DATA)
def one(request: HttpRequest, import_id: UUID) -> HttpResponse:
    batch = access_import(request.actor, import_id)
    if batch.state in BUSY:
        return render_page(request, "web/imports/running.html", {"batch": batch, "progress": progress_of(batch)})
    if batch.state in (Import.State.DONE, Import.State.UNDONE):
        return render_page(request, "web/imports/done.html", _result(request, batch))
    look = look_at_import(actor=request.actor, now=timezone.now(), import_id=import_id)
    return render_page(request, "web/imports/check.html", _check(request, look))


def _result(request: HttpRequest, batch: Import) -> dict[str, Any]:
    problems = said_problems(request, batch.problems[:SHOWN_PROBLEMS])
    return {
        "batch": batch,
        "layout": layout_label(batch.layout),
        "failure": said_failure(request, batch),
        "theirs": total_of(request, batch, batch.theirs),
        "ours": total_of(request, batch, batch.ours),
        "agrees": batch.theirs == batch.ours and not batch.error_count,
        "made": [(kind, count) for kind, count in batch.made.items() if count],
        "problems": problems,
        "more_problems": batch.error_count - len(problems),
    }


def _check(request: HttpRequest, look: Look) -> dict[str, Any]:
    batch, plan = look.batch, look.plan
    context: dict[str, Any] = {
        "batch": batch,
        "look": look,
        "earlier_failure": said_failure(request, batch),
        "failure": sentence(look.failure, business_words(), **style(request)) if look.failure else "",
        "layout": layout_label(look.parsed.layout_name) if look.parsed else "",
        "layouts": [(name, layout.label) for name, layout in LAYOUTS.items()],
        "chosen": look.layout.name if look.layout else "auto",
        "questions": _questions(look),
        "columns": _columns(look),
        "zones": sorted(zone_names()),
        "zone": batch.options.get("time_zone") or request.business.time_zone,
        "presets": presets_by_name(),
    }
    context["sample_headings"], context["sample_rows"] = _sample(look)
    if plan is not None and look.parsed is not None:
        problems = [problem.as_json() for problem in sorted(plan.problems, key=lambda each: (each.sheet, each.row))]
        amount = look.parsed.their_amount
        context |= {
            "problems": said_problems(request, problems[:SHOWN_PROBLEMS]),
            "more_problems": max(len(problems) - SHOWN_PROBLEMS, 0),
            "faulty": len({(problem["sheet"], problem["row"]) for problem in problems}),
            "duplicates": _duplicates(request, look),
            "makes": Counter(record.kind for record in plan.records if record.is_new).most_common(),
            "theirs": total_of(request, batch, amount, in_money=True)
            if amount is not None and not look.is_partial_look
            else "",
            "goes_in": plan.created + plan.matched,
            "dropped": [each for part in look.parsed.parts for each in part.dropped if each.why != "repeated_header"][
                :10
            ],
        }
    return context


def _questions(look: Look) -> list[dict[str, Any]]:
    """Columns whose dates can be read in two ways, with what some of them would be under either."""
    found = []
    for question in look.parsed.questions if look.parsed else ():
        examples = []
        for text in question.examples[:3]:
            try:
                reading = read_date(split_moment(text)[0])
            except NotADate:
                continue
            examples.append({"text": text, "day_first": reading.day_first, "month_first": reading.month_first})
        found.append({"column": question.column, "examples": examples, "is_mixed": question.is_mixed})
    return found


def _columns(look: Look) -> list[dict[str, Any]]:
    """Our fields in the layout's order, each with the heading that fills it."""
    if look.layout is None:
        return []
    return [
        {
            "field": column.field,
            "label": column.heading,
            "help": column.help,
            "required": column.required,
            "heading": look.fields.get(column.field, ""),
            "examples": ", ".join(look.examples.get(look.fields.get(column.field, ""), [])),
        }
        for column in look.layout.columns
    ]


def _duplicates(request: HttpRequest, look: Look) -> list[dict[str, Any]]:
    assert look.plan is not None
    notices = [notice.as_json() for notice in look.plan.notices if notice.code == "likely_duplicate"]
    return said_problems(request, notices[:SHOWN_DUPLICATES])


def _sample(look: Look) -> tuple[tuple[str, ...], list[tuple[int, tuple[str, ...]]]]:
    """The headings and the first rows as they stand in the file, also of one that no layout knows."""
    if look.parsed is not None:
        part = look.parsed.parts[0]
        places = [index for index, heading in enumerate(part.header.headings) if heading]
        rows = [(row.number, row.texts) for row in part.rows[:SHOWN_ROWS]]
        headings = tuple(part.header.headings[place] for place in places)
    elif look.tables:
        rows = [(row.number, tuple(map(cell_text, row.cells))) for row in look.tables[0].rows[:SHOWN_ROWS]]
        headings = tuple("" for _ in rows[0][1])
        places = list(range(len(headings)))
    else:
        return (), []
    return headings, [
        (number, tuple(texts[place] if place < len(texts) else "" for place in places)) for number, texts in rows
    ]


@require_POST
@team_page(IMPORT_DATA)
def options(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Keep how the file is to be read, and look at it again."""
    services.set_options(actor=request.actor, import_id=import_id, options=_given(request))
    return go(request, "web:import", import_id)


def _given(request: HttpRequest) -> dict[str, Any]:
    """What the form says. Columns count only for the layout that they were shown for."""
    posted = request.POST
    given: dict[str, Any] = {}
    if "layout" in posted:
        given["layout"] = posted["layout"]
        is_same = posted["layout"] == posted.get("shown_layout")
        changed = posted.get("columns") == "chosen"
        mapping = {
            key.removeprefix("column-"): value for key, value in posted.items() if key.startswith("column-") and value
        }
        given["mapping"] = mapping if is_same and changed else {}
    if "time_zone" in posted:
        given["time_zone"] = posted["time_zone"]
    orders = {key.removeprefix("order-"): value for key, value in posted.items() if key.startswith("order-") and value}
    if orders:
        given["date_orders"] = orders
    same = {key.removeprefix("same-"): value for key, value in posted.items() if key.startswith("same-") and value}
    if same:
        given["same"] = same
    return given


@require_POST
@team_page(IMPORT_DATA)
def keep_preset(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Save how this file is read, for the next one with the same headings."""
    look = look_at_import(actor=request.actor, now=timezone.now(), import_id=import_id)
    if look.layout is None:
        raise look.failure or DomainError()
    stored = dict(look.batch.options) | {"mapping": look.fields}
    preset = services.save_preset(
        actor=request.actor,
        now=timezone.now(),
        name=request.POST.get("name", ""),
        layout=look.layout.name,
        headings=look.headings,
        fingerprint=fingerprint_of(look.headings),
        options=stored,
    )
    return go(
        request,
        "web:import",
        import_id,
        said=_("Kept as “%(name)s”. The next file with these columns is read the same way.") % {"name": preset.name},
    )


@require_POST
@team_page(IMPORT_DATA)
def forget_preset(request: HttpRequest, preset_id: UUID) -> HttpResponse:
    services.delete_preset(actor=request.actor, preset_id=preset_id)
    return go(request, "web:imports", said=_("The preset is forgotten."))

"""`/imports`: take a file in, look at what came of it, take it back."""

import base64
import binascii
from typing import Any, TypeVar

import orjson
from django.utils.timezone import now
from ninja import Query
from ninja.errors import ValidationError as SchemaError
from pydantic import ValidationError

from daybook.api import errors
from daybook.api.fields import Id, amount_text, instant_text
from daybook.api.frame import JsonParser, Router
from daybook.api.paging import Page, page_of
from daybook.api.requests import ApiRequest
from daybook.api.v1.imports.schemas import ImportFilter, ImportIn, ImportOptions, ImportOut, LayoutsOut
from daybook.core.errors import InvalidInput, Notice
from daybook.imports import services
from daybook.imports.layouts import ordered
from daybook.imports.models import Import
from daybook.imports.permissions import IMPORT_DATA, access_import
from daybook.imports.queries import imports_newest_first
from daybook.tenancy.queries import business_words
from daybook.ui.sentences import sentence
from daybook.ui.sentences.imports import row_sentence
from daybook.workflows.check_import import start_import
from daybook.workflows.queue_import import take_back, take_in
from daybook.workflows.run_import import Outcome, keep_preview, preview_import

router = Router(tags=["Imports"])

Given = TypeVar("Given", bound=ImportOptions)
SHOWN_ERRORS = 1000
_OPTIONS = ImportOptions.model_json_schema()["properties"]
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": ImportIn.model_json_schema()},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}}
                    | {name: _OPTIONS[name] for name in ("layout", "time_zone", "partial", "dry_run")}
                    | {"date_order": {"type": "string", "enum": ["day_first", "month_first"]}},
                }
            },
        },
    }
}


@router.get("/imports/layouts", response=LayoutsOut)
def list_import_layouts(request: ApiRequest) -> dict[str, Any]:
    """The layouts that are known, in the order in which their files are taken in."""
    request.actor.require(IMPORT_DATA)
    return {
        "items": [
            {
                "name": layout.public_name,
                "label": layout.label,
                "columns": [column.heading for column in layout.columns],
            }
            for layout in ordered()
        ]
    }


@router.get("/imports", response=Page[ImportOut])
def list_imports(request: ApiRequest, filters: Query[ImportFilter]) -> dict[str, Any]:
    """Imports, the newest first."""
    request.actor.require(IMPORT_DATA)
    rows = imports_newest_first()
    if filters.state:
        rows = rows.filter(state=filters.state)
    return page_of(rows, filters, order=("-created_at", "-id"), shape=lambda row: _shown(request, row))


@router.post("/imports", response={201: ImportOut}, openapi_extra=_BODY)
def create_import(request: ApiRequest) -> dict[str, Any]:
    """Take a file in: as JSON with the file in Base64, or as multipart/form-data with a part `file`.

    All of it goes in, or nothing (state `refused`, with the errors) unless `partial`. A long file is `queued`: ask for
    it again. With `dry_run` nothing is written and the state is `ready`.
    """
    given, name, content = _given(request)
    orders = {"*": given.date_order} if given.date_order else {}
    options = {"layout": given.layout, "time_zone": given.time_zone, "mapping": given.mapping, "date_orders": orders}
    batch = start_import(
        actor=request.actor, now=now(), file_name=name, content=content, options=options, is_partial=given.partial
    )
    if given.dry_run:
        return _shown(request, _preview(request, batch).batch)
    return _shown(request, take_in(actor=request.actor, now=now(), import_id=batch.pk))


@router.get("/imports/{import_id}", response=ImportOut)
def get_import(request: ApiRequest, import_id: Id) -> dict[str, Any]:
    return _shown(request, access_import(request.actor, import_id))


@router.post("/imports/{import_id}/run", response=ImportOut)
def run_one_import(request: ApiRequest, import_id: Id) -> dict[str, Any]:
    """Take in a file that was sent with `dry_run`, or that was refused before."""
    return _shown(request, take_in(actor=request.actor, now=now(), import_id=import_id))


@router.post("/imports/{import_id}/undo", response=ImportOut)
def undo_one_import(request: ApiRequest, import_id: Id) -> dict[str, Any]:
    """Take back everything that the import made; 409 `cannot_undo` with the reasons where something of it is in use.

    What takes long is `undoing`: ask for it again. Where it cannot be undone, it is `done` again, with the `failure`.
    """
    return _shown(request, take_back(actor=request.actor, now=now(), import_id=import_id))


@router.delete("/imports/{import_id}", response={204: None})
def delete_import(request: ApiRequest, import_id: Id) -> None:
    """Forget a file that was not taken in."""
    services.discard(actor=request.actor, import_id=import_id)


def _preview(request: ApiRequest, batch: Import) -> Outcome:
    return keep_preview(preview_import(actor=request.actor, now=now(), import_id=batch.pk))


def _given(request: ApiRequest) -> tuple[ImportOptions, str, bytes]:
    """Options, file name and contents, from either form of the request. Raises InvalidInput, Malformed."""
    if request.content_type == "multipart/form-data":
        return _from_parts(request)
    try:
        body = _checked(ImportIn, JsonParser().parse_body(request))
    except orjson.JSONDecodeError as error:
        raise errors.Malformed from error
    try:
        return body, body.file_name.replace("\x00", ""), base64.b64decode(body.content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidInput(field="content", problem="not_base64") from error


def _from_parts(request: ApiRequest) -> tuple[ImportOptions, str, bytes]:
    file = request.FILES.get("file")
    if file is None:
        raise InvalidInput(field="file", problem="required")
    given: dict[str, Any] = {key: value for key, value in request.POST.items() if value != ""}
    for name in ("partial", "dry_run"):
        if given.get(name) in ("true", "false", "1", "0"):
            given[name] = given[name] in ("true", "1")
    return _checked(ImportOptions, given), file.name or "file", file.read()


def _checked(schema: type[Given], values: object) -> Given:
    """The values as the schema takes them; its complaints as those of any other route."""
    try:
        return schema.model_validate(values)
    except ValidationError as error:
        found = [{**each, "loc": ("body", "import", *each["loc"])} for each in error.errors(include_url=False)]
        raise SchemaError(found) from error


def _shown(request: ApiRequest, batch: Import) -> dict[str, Any]:
    business = request.business
    style = {"locale": business.locale, "zone": business.time_zone, "currency": business.currency}
    words = business_words()
    failure = batch.failure or {}
    return {
        "id": str(batch.pk),
        "file_name": batch.file_name,
        "layout": batch.layout,
        "state": batch.state,
        "rows": batch.row_count,
        "created": batch.created_count,
        "matched": batch.matched_count,
        "skipped": batch.skipped_count,
        "error_count": batch.error_count,
        "errors": [
            {
                "row": each["row"],
                "column": each["column"],
                "message": row_sentence(each, words, **style),
                "code": each["code"],
            }
            for each in batch.problems[:SHOWN_ERRORS]
        ],
        "totals": {"theirs": _total(batch, batch.theirs), "ours": _total(batch, batch.ours)},
        "made": batch.made,
        "failure": sentence(Notice(failure["code"], failure.get("data") or {}), words, **style) if failure else "",
        "created_at": instant_text(batch.created_at),
        "finished_at": instant_text(batch.finished_at) if batch.finished_at else None,
        "undone_at": instant_text(batch.undone_at) if batch.undone_at else None,
    }


def _total(batch: Import, value: int | None) -> str | None:
    if value is None:
        return None
    return amount_text(value) if batch.total_kind == Import.TotalKind.AMOUNTS else str(value)

"""Writing imports and presets. What an import brings in is written by `workflows.run_import`."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from django.db import connections, transaction

from daybook.core.errors import FieldProblem, InvalidInput, NotFound
from daybook.core.ids import new_id, parse_id
from daybook.core.periods import zone_names
from daybook.core.texts import text_problem
from daybook.imports.errors import ImportNotReady
from daybook.imports.layouts import LAYOUTS
from daybook.imports.models import Import, ImportFile, ImportProgress, ImportRecord, ImportRow, Preset
from daybook.imports.permissions import IMPORT_DATA, access_import
from daybook.imports.rules.items import RowProblem, SourceRow
from daybook.imports.rules.parsing import Options
from daybook.imports.rules.plan import Record
from daybook.imports.rules.tables import MAX_BYTES
from daybook.tenancy.actor import Actor
from daybook.tenancy.rows import insert_rows
from daybook.tenancy.scope import current_business_id, set_verb

MOST_PROBLEMS = 5_000
ORDERS = ("day_first", "month_first")


@transaction.atomic
def upload(
    *,
    actor: Actor,
    now: datetime,
    file_name: str,
    content: bytes,
    options: Mapping[str, Any] | None = None,
    is_partial: bool = False,
) -> Import:
    """Keep a file to be taken in. Raises NotPermitted, InvalidInput."""
    actor.require(IMPORT_DATA)
    if len(content) > MAX_BYTES:
        raise InvalidInput(field="file", problem="file_too_large", megabytes=MAX_BYTES // 1024 // 1024)
    set_verb("upload_import")
    name = "".join(letter for letter in file_name if letter.isprintable())[-200:] or "file"
    batch = Import.objects.create(
        file_name=name,
        file_digest=hashlib.sha256(content).hexdigest(),
        file_size=len(content),
        options=clean_options(options or {}),
        is_partial=is_partial,
        created_by=actor.user_id,
        created_by_name=actor.name[:200],
        created_at=now,
    )
    ImportFile.objects.create(batch=batch, content=content)
    ImportProgress.objects.create(batch=batch)
    return batch


@transaction.atomic
def set_options(
    *, actor: Actor, import_id: object, options: Mapping[str, Any], is_partial: bool | None = None
) -> Import:
    """Say how the file is to be read. Raises NotFound, ImportNotReady, InvalidInput."""
    batch = access_import(actor, import_id, lock=True)
    require_open(batch)
    batch.options = clean_options(dict(batch.options) | dict(options))
    batch.is_partial = batch.is_partial if is_partial is None else is_partial
    batch.save(update_fields=["options", "is_partial"])
    return batch


@transaction.atomic
def discard(*, actor: Actor, import_id: object) -> None:
    """Forget a file that was not taken in. Raises NotFound, ImportNotReady."""
    batch = access_import(actor, import_id, lock=True)
    require_open(batch)
    batch.delete()


def require_open(batch: Import) -> None:
    """Raise ImportNotReady unless nothing of the import has been written and nothing is about to be."""
    if batch.state not in (Import.State.READY, Import.State.REFUSED, Import.State.FAILED):
        raise ImportNotReady(state=batch.state)


def clean_options(given: Mapping[str, Any]) -> dict[str, Any]:
    """Options in their stored form: layout, time_zone, mapping, date_orders, same. Raises InvalidInput."""
    layout = given.get("layout") or "auto"
    if layout != "auto" and layout not in LAYOUTS:
        raise InvalidInput(field="layout", problem="unknown_choice", choices=", ".join(["auto", *LAYOUTS]))
    zone = given.get("time_zone") or ""
    if zone and zone not in zone_names():
        raise InvalidInput(field="time_zone", problem="not_a_zone")
    orders = _texts("date_orders", given.get("date_orders") or {})
    if any(order not in ORDERS for order in orders.values()):
        raise InvalidInput(field="date_orders", problem="unknown_choice", choices=", ".join(ORDERS))
    mapping = _texts("mapping", given.get("mapping") or {})
    if mapping and layout == "auto":
        raise InvalidInput(field="layout", problem="required")
    if mapping and (unknown := mapping.keys() - {column.field for column in LAYOUTS[layout].columns}):
        raise InvalidInput(field="mapping", problem="unknown_field", name=min(unknown))
    same = _texts("same", given.get("same") or {})
    return {"layout": layout, "time_zone": zone, "mapping": mapping, "date_orders": orders, "same": same}


def _texts(field: str, given: object) -> dict[str, str]:
    if not isinstance(given, Mapping) or len(given) > 2000:
        raise InvalidInput(field=field, problem="invalid")
    for key, value in given.items():
        if text_problem(key, longest=500) or text_problem(value, longest=500):
            raise InvalidInput(field=field, problem="invalid")
    return dict(given)


def options_of(batch: Import) -> Options:
    """The stored options as the rules take them."""
    stored = batch.options
    return Options(
        layout=stored.get("layout") or "auto",
        mapping=stored.get("mapping") or None,
        date_orders=stored.get("date_orders") or {},
        time_zone=stored.get("time_zone") or "",
    )


def write_rows(batch: Import, rows: Sequence[SourceRow], records: Sequence[Record], systems: Sequence[str]) -> None:
    """Keep the fingerprints of rows that went in, and what they made or found."""
    ids = {(row.part, row.number): new_id() for row in rows}
    kept = [
        {
            "id": ids[row.part, row.number],
            "batch_id": batch.pk,
            "number": row.number,
            "digest": row.digest,
            "is_live": True,
        }
        for row in rows
    ]
    insert_rows(ImportRow, kept)
    made = [
        {
            "id": new_id(),
            "batch_id": batch.pk,
            "row_id": ids[record.part, record.row],
            "kind": record.kind,
            "target_id": record.id,
            "is_new": record.is_new,
            "system": systems[record.part],
            "foreign_id": record.foreign_id,
            "is_live": True,
        }
        for record in records
    ]
    insert_rows(ImportRecord, made)


def stored_problems(problems: Sequence[RowProblem]) -> list[dict[str, Any]]:
    """The first problems in the order of their rows, in their stored form."""
    return [problem.as_json() for problem in sorted(problems, key=lambda each: (each.sheet, each.row))[:MOST_PROBLEMS]]


@transaction.atomic
def save_preset(
    *,
    actor: Actor,
    now: datetime,
    name: str,
    layout: str,
    headings: Sequence[str],
    fingerprint: str,
    options: Mapping[str, Any],
) -> Preset:
    """Keep a way of reading files with these headings under a name; one of that name is replaced. Raises InvalidInput."""
    actor.require(IMPORT_DATA)
    if problem := text_problem(name, longest=80, required=True):
        raise InvalidInput([FieldProblem("name", *problem)])
    cleaned = clean_options(dict(options) | {"layout": layout, "same": {}})
    set_verb("save_preset")
    values = {
        "layout": layout,
        "headings": [heading[:200] for heading in headings],
        "fingerprint": digest_of(fingerprint),
        "options": cleaned,
        "created_at": now,
    }
    preset, _ = Preset.objects.update_or_create(name=name.strip(), defaults=values)
    return preset


@transaction.atomic
def delete_preset(*, actor: Actor, preset_id: object) -> None:
    """Forget a preset. Raises NotFound."""
    actor.require(IMPORT_DATA)
    set_verb("delete_preset")
    deleted, _ = Preset.objects.filter(pk=parse_id(preset_id)).delete()
    if not deleted:
        raise NotFound(what="preset")


def digest_of(fingerprint: str) -> str:
    """A header's fingerprint in the length that is stored."""
    return hashlib.sha256(fingerprint.encode()).hexdigest()


class Progress(Protocol):
    """Whom a long verb tells how far it is."""

    def tell(self, phase: str, done: int, total: int) -> None: ...


class SideProgress:
    """Tells how far an import is on a connection of its own, so that others see it while the import's transaction is open."""

    def __init__(self, batch: Import) -> None:
        self._batch_id = batch.pk
        self._business_id = current_business_id()
        self._connection = connections["default"].copy()

    def tell(self, phase: str, done: int, total: int) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute("select set_config('app.business_id', %s, false)", [str(self._business_id)])
            cursor.execute(
                "update imports_importprogress set phase = %s, done = %s, total = %s where batch_id = %s",
                [phase, done, total, self._batch_id],
            )

    def close(self) -> None:
        self._connection.close()


class NoProgress:
    """For imports that nobody watches."""

    def tell(self, phase: str, done: int, total: int) -> None:
        """Nobody listens."""

    def close(self) -> None:
        """Nothing to close."""

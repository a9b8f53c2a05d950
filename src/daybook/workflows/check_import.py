"""Before a file is taken in: keeping it, and showing how it is read and what would happen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from daybook.core.errors import DomainError
from daybook.imports.errors import DatesUndecided
from daybook.imports.layouts import LAYOUTS
from daybook.imports.layouts.base import Layout
from daybook.imports.models import Import, ImportFile
from daybook.imports.permissions import access_import
from daybook.imports.queries import known_for, presets_for
from daybook.imports.rules.headings import fingerprint_of, likely_headings, match_fields
from daybook.imports.rules.parsing import ParsedFile
from daybook.imports.rules.plan import Plan
from daybook.imports.rules.planning import plan_import
from daybook.imports.rules.reading import read_tables
from daybook.imports.rules.tables import Table, cell_text
from daybook.imports.services import digest_of, options_of, require_open, set_options, upload
from daybook.tenancy.actor import Actor
from daybook.workflows.run_import import read_tables_as, time_zone_of

FIRST_LOOK = 1_500
_EXAMPLES = 3


@dataclass(slots=True)
class Look:
    """A file before it is taken in. `failure` says why it cannot be read as chosen; then there is no plan.

    `headings` are those of its header row, `examples` some cells below each, `fields` which heading fills which field.
    `is_partial_look` tells that only the first rows were looked at.
    """

    batch: Import
    failure: DomainError | None = None
    tables: Sequence[Table] = ()
    layout: Layout | None = None
    parsed: ParsedFile | None = None
    plan: Plan | None = None
    headings: tuple[str, ...] = ()
    examples: dict[str, list[str]] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    is_partial_look: bool = False


@transaction.atomic
def start_import(
    *,
    actor: Actor,
    now: datetime,
    file_name: str,
    content: bytes,
    options: Mapping[str, Any] | None = None,
    is_partial: bool = False,
) -> Import:
    """Keep a file to be taken in, to be read as a saved preset for its headings says where there is one.

    A file that is no table at all is kept too: the look says what is wrong. Raises NotPermitted, InvalidInput.
    """
    given = dict(options or {})
    batch = upload(actor=actor, now=now, file_name=file_name, content=content, options=given, is_partial=is_partial)
    if given.get("layout", "auto") != "auto":
        return batch
    try:
        tables = read_tables(content, batch.file_name)
    except DomainError:
        return batch
    preset = presets_for(digest_of(fingerprint_of(likely_headings(tables[0])))).first()
    if preset is None:
        return batch
    return set_options(actor=actor, import_id=batch.pk, options=preset.options | {"same": {}})


def look_at_import(*, actor: Actor, now: datetime, import_id: object, rows: int | None = FIRST_LOOK) -> Look:
    """How the file is read, and what would become of its rows (of the first ones of a long file). Writes nothing.

    Raises NotFound, NotPermitted, ImportNotReady.
    """
    batch = access_import(actor, import_id)
    require_open(batch)
    file = ImportFile.objects.filter(batch=batch).first()
    look = Look(batch)
    options = options_of(batch)
    look.layout = LAYOUTS.get(options.layout)
    try:
        look.tables = read_tables(bytes(file.content) if file else b"", batch.file_name)
        _show_headings(look, likely_headings(look.tables[0]), look.tables[0])
        look.parsed = read_tables_as(look.tables, replace(options, limit=rows))
        _show_part(look)
        look.is_partial_look = rows is not None and look.parsed.row_count > len(look.parsed.rows)
        if look.parsed.questions:
            raise DatesUndecided(
                names=[each.column for each in look.parsed.questions], example=look.parsed.questions[0].examples[0]
            )
        known = known_for(look.parsed, zone=time_zone_of(batch), now=now)
        look.plan = plan_import(look.parsed, known, same=batch.options.get("same") or {})
    except DomainError as failure:
        look.failure = failure
        if look.layout and not look.fields:
            look.fields = {
                name: look.headings[place] for name, place in match_fields(look.headings, look.layout).items()
            }
    if options.mapping:
        look.fields = dict(options.mapping)
    return look


def _show_part(look: Look) -> None:
    assert look.parsed is not None
    part = look.parsed.parts[0]
    look.layout = part.layout
    look.fields = {name: part.header.headings[place] for name, place in part.header.fields.items()}
    _show_headings(look, part.header.headings, part.table)


def _show_headings(look: Look, headings: tuple[str, ...], table: Table) -> None:
    look.headings = tuple(dict.fromkeys(heading for heading in headings if heading))
    places = {heading: index for index, heading in reversed(list(enumerate(headings)))}
    look.examples = {heading: _cells(table, places[heading]) for heading in look.headings}


def _cells(table: Table, place: int) -> list[str]:
    """Some different cells of a column."""
    found: dict[str, None] = {}
    for row in table.rows[1:200]:
        text = cell_text(row.cells[place])[:60] if place < len(row.cells) else ""
        if text:
            found.setdefault(text)
        if len(found) == _EXAMPLES:
            break
    return list(found)

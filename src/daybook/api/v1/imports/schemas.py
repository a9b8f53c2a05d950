"""Shapes of imports."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from daybook.api.fields import IdText, InstantText
from daybook.api.paging import Paging
from daybook.api.schemas import OMITTED, In, Out

State = Literal["ready", "queued", "running", "refused", "failed", "done", "undoing", "undone"]
DateOrder = Literal["day_first", "month_first"]
Heading = Annotated[str, StringConstraints(max_length=500)]


class ImportOptions(In):
    """How a file is to be read; all of it may be left out."""

    layout: Annotated[str, StringConstraints(max_length=60), Field(description="`auto` finds it by the headings")] = (
        "auto"
    )
    time_zone: Annotated[
        str, StringConstraints(max_length=64), Field(description="of the file's times; the business's when empty")
    ] = ""
    date_order: Annotated[DateOrder | None, Field(description="for dates that can be read in two ways")] = None
    mapping: Annotated[dict[Heading, Heading], Field(description="our field → the file's heading", max_length=100)] = {}
    partial: Annotated[bool, Field(description="take the rows that are right, without those at fault")] = False
    dry_run: Annotated[bool, Field(description="say what would happen; `/imports/{id}/run` does it")] = False


class ImportIn(ImportOptions):
    file_name: Annotated[str, StringConstraints(max_length=200)] = "file"
    content: Annotated[str, Field(description="the file in Base64")]


class RowErrorOut(Out):
    row: int
    column: str
    message: str
    code: str


class TotalsOut(Out):
    theirs: Annotated[str | None, Field(description="an amount, or a count of rows where the file has no amounts")]
    ours: str | None


class ImportOut(Out):
    id: IdText
    file_name: str
    layout: str
    state: State
    rows: int
    created: int
    matched: int
    skipped: int
    error_count: int
    errors: list[RowErrorOut]
    totals: TotalsOut
    made: dict[str, Any]
    failure: str
    created_at: InstantText
    finished_at: InstantText | None
    undone_at: InstantText | None


class LayoutOut(Out):
    name: str
    label: str
    columns: list[str]


class LayoutsOut(Out):
    items: list[LayoutOut]


class ImportFilter(Paging):
    state: State | None = OMITTED

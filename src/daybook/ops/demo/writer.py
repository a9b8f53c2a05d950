"""From rows to tables: one COPY and one INSERT a table and batch, inside the scope and under its policies."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, models

from daybook.billing.models import Invoice, InvoiceLine
from daybook.ledger.models import Account, JournalEntry, Posting
from daybook.ops.demo import rows
from daybook.payments.models import Allocation, Payment, Refund
from daybook.scheduling.models import Assistant, Occupancy, Participant, Session
from daybook.tenancy.scope import current_business_id

TABLES: dict[type[Any], type[models.Model]] = {
    rows.AccountRow: Account,
    rows.SessionRow: Session,
    rows.ParticipantRow: Participant,
    rows.AssistantRow: Assistant,
    rows.OccupancyRow: Occupancy,
    rows.EntryRow: JournalEntry,
    rows.PostingRow: Posting,
    rows.PaymentRow: Payment,
    rows.RefundRow: Refund,
    rows.InvoiceRow: Invoice,
    rows.LineRow: InvoiceLine,
    rows.AllocationRow: Allocation,
}


def write_tables(tables: Sequence[Sequence[NamedTuple]], now: datetime) -> None:
    """Write lists of rows into the open scope, in their order."""
    for table in tables:
        if table:
            copy_rows(TABLES[type(table[0])], table, now)


def copy_models(made: Sequence[models.Model]) -> None:
    """Write model instances as they are, times of making included."""
    fields = made[0]._meta.concrete_fields
    values = [
        tuple(field.get_db_prep_save(getattr(each, field.attname), connection) for field in fields) for each in made
    ]
    columns = {str(field.column): str(field.db_type(connection)) for field in fields}
    _copy(made[0]._meta.db_table, columns, values, {}, form="text")


def copy_rows(model: type[models.Model], values: Sequence[NamedTuple], now: datetime) -> None:
    """Write rows whose fields are columns of `model`; its other columns take their defaults."""
    types = {str(field.column): str(field.db_type(connection)) for field in model._meta.concrete_fields}
    columns = {column: types[column] for column in values[0]._fields}
    _copy(model._meta.db_table, columns, values, _defaults(model, columns.keys(), now), form="binary")


def _copy(
    table: str, columns: dict[str, str], values: Sequence[tuple[Any, ...]], rest: dict[str, Any], *, form: str
) -> None:
    """PostgreSQL takes no COPY into a table under row-level security, so it goes by way of a temporary one.

    The binary form costs both sides half of what text costs. Text and JSON travel as text in both.
    """
    names, waiting = ", ".join(columns), f"demo_{table}"
    types = {column: "text" if kind.startswith(("varchar", "json")) else kind for column, kind in columns.items()}
    with connection.cursor() as cursor:
        made = ", ".join(f"{column} {kind}" for column, kind in types.items())
        cursor.execute(f"create temp table {waiting} ({made}) on commit drop")
        with cursor.copy(f"copy {waiting} ({names}) from stdin (format {form})") as copy:
            if form == "binary":
                copy.set_types([kind.partition("(")[0] for kind in types.values()])
            for row in values:
                copy.write_row(row)
        read = ", ".join(f"{column}::{kind}" for column, kind in columns.items())
        extra = "".join(f", {column}" for column in rest)
        places = "".join(", %s" for _ in rest)
        cursor.execute(f"insert into {table} ({names}{extra}) select {read}{places} from {waiting}", [*rest.values()])
        cursor.execute(f"drop table {waiting}")


def _defaults(model: type[models.Model], given: Collection[str], now: datetime) -> dict[str, Any]:
    """Column → value of those that the rows do not bring."""
    found: dict[str, Any] = {}
    for each in model._meta.concrete_fields:
        column = str(each.column)
        if column in given:
            continue
        if column == "business_id":
            found[column] = current_business_id()
        elif getattr(each, "auto_now_add", False):
            found[column] = now
        else:
            found[column] = each.get_db_prep_save(each.get_default(), connection)
    return found

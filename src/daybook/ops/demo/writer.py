"""From rows to tables: one COPY and one INSERT a table and batch, inside the scope and under its policies."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, models

from daybook.billing.models import Invoice, InvoiceLine
from daybook.ledger.models import Account, JournalEntry, Posting
from daybook.ops.demo import rows
from daybook.payments.models import Allocation, Payment, Refund
from daybook.scheduling.models import Occupancy, Participant, Session
from daybook.tenancy.scope import current_business_id

TABLES: dict[type[Any], type[models.Model]] = {
    rows.AccountRow: Account,
    rows.SessionRow: Session,
    rows.ParticipantRow: Participant,
    rows.OccupancyRow: Occupancy,
    rows.EntryRow: JournalEntry,
    rows.PostingRow: Posting,
    rows.PaymentRow: Payment,
    rows.RefundRow: Refund,
    rows.InvoiceRow: Invoice,
    rows.LineRow: InvoiceLine,
    rows.AllocationRow: Allocation,
}


def write_batch(batch: rows.Batch, now: datetime) -> int:
    """Write all rows of a batch into the open scope; answers how many."""
    written = 0
    for table in batch.tables():
        if table:
            copy_rows(TABLES[type(table[0])], table, now)
            written += len(table)
    return written


def copy_models(made: Sequence[models.Model]) -> None:
    """Write model instances as they are, times of making included."""
    fields = made[0]._meta.concrete_fields
    columns = tuple(str(field.column) for field in fields)
    values = [
        tuple(field.get_db_prep_save(getattr(each, field.attname), connection) for field in fields) for each in made
    ]
    _copy(made[0]._meta.db_table, columns, values, {})


def copy_rows(model: type[models.Model], values: Sequence[NamedTuple], now: datetime) -> None:
    """Write rows whose fields are columns of `model`; its other columns take their defaults."""
    columns = values[0]._fields
    _copy(model._meta.db_table, columns, values, _defaults(model, set(columns), now))


def _copy(table: str, columns: tuple[str, ...], values: Sequence[tuple[Any, ...]], rest: dict[str, Any]) -> None:
    """PostgreSQL takes no COPY into a table under row-level security, so it goes by way of a temporary one."""
    names, waiting = ", ".join(columns), f"demo_{table}"
    with connection.cursor() as cursor:
        cursor.execute(f"create temp table {waiting} on commit drop as select {names} from {table} with no data")
        with cursor.copy(f"copy {waiting} ({names}) from stdin") as copy:
            for row in values:
                copy.write_row(row)
        extra = "".join(f", {column}" for column in rest)
        places = "".join(", %s" for _ in rest)
        cursor.execute(
            f"insert into {table} ({names}{extra}) select {names}{places} from {waiting}",
            list(rest.values()),
        )
        cursor.execute(f"drop table {waiting}")


def _defaults(model: type[models.Model], given: set[str], now: datetime) -> dict[str, Any]:
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

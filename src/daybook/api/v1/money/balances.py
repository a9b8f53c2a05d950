"""`/clients/{id}/balance`, `/clients/{id}/statement`, `/balances`, `/ledger/check`, `/outbox`."""

from datetime import date
from typing import Any, NoReturn
from uuid import UUID

from django.utils.timezone import now
from ninja import Query

from daybook.api.fields import Id, amount_text
from daybook.api.frame import Router
from daybook.api.paging import Page, decode_cursor, encode_cursor, page_of
from daybook.api.requests import ApiRequest
from daybook.api.v1.money.schemas import (
    BalanceFilter,
    BalanceOut,
    ClientBalanceOut,
    LedgerOut,
    MessageFilter,
    MessageOut,
    StatementFilter,
    StatementOut,
)
from daybook.api.v1.money.shapes import balance_out, figures, ledger_out, message_out, statement_line_out
from daybook.core.errors import InvalidInput
from daybook.core.ids import parse_id
from daybook.insights.balances import client_balances, figures_of
from daybook.ledger.permissions import access_payer
from daybook.ledger.queries import balance_of, statement
from daybook.messaging.permissions import access_message, visible_messages
from daybook.messaging.services import resend_message
from daybook.tenancy.queries import business_words
from daybook.workflows.check_books import check_books

router = Router(tags=["Money"])


@router.get("/clients/{client_id}/balance", response=BalanceOut)
def client_balance(request: ApiRequest, client_id: Id) -> dict[str, Any]:
    """What a client (or an agent, as a payer) has paid, was charged, and has planned."""
    return balance_out(balance_of(access_payer(request.actor, client_id).pk))


@router.get("/clients/{client_id}/statement", response=StatementOut)
def client_statement(request: ApiRequest, client_id: Id, filters: Query[StatementFilter]) -> dict[str, Any]:
    """The newest entries, in their order, with the balance after each; the cursor leads back in time."""
    return statement_out(access_payer(request.actor, client_id).pk, filters)


def statement_out(owner_id: UUID, filters: StatementFilter, **which: Any) -> dict[str, Any]:
    """A page of an account's lines between two balances."""
    before = _before(filters.cursor)
    found = statement(
        owner_id, date_from=filters.from_, date_to=filters.to, before=before, limit=filters.limit, **which
    )
    words = business_words()
    return {
        "opening": amount_text(found.opening_minor),
        "entries": [statement_line_out(line, words) for line in found.lines],
        "closing": amount_text(found.closing_minor),
        "next_cursor": encode_cursor([found.older[0].isoformat(), str(found.older[1])]) if found.older else None,
    }


def _before(cursor: str | None) -> tuple[date, UUID] | None:
    if cursor is None:
        return None
    day, posting = decode_cursor(cursor, 2)
    found = parse_id(posting)
    try:
        return (date.fromisoformat(day), found) if found else _bad_cursor()
    except (TypeError, ValueError):
        return _bad_cursor()


def _bad_cursor() -> NoReturn:
    raise InvalidInput(field="cursor", problem="cursor")


@router.get("/balances", response=Page[ClientBalanceOut])
def list_balances(request: ApiRequest, filters: Query[BalanceFilter]) -> dict[str, Any]:
    """Every client's figures, by name."""
    rows = client_balances(request.actor)
    if filters.owing is not None:
        rows = rows.filter(owed__gt=0) if filters.owing else rows.filter(owed__lte=0)
    return page_of(rows, filters, order=("by_name", "id"), shape=_client_balance_out)


def _client_balance_out(row: Any) -> dict[str, Any]:
    return {"client": str(row.pk), "name": row.name} | figures(figures_of(row))


@router.get("/ledger/check", response=LedgerOut)
def ledger_check(request: ApiRequest) -> dict[str, Any]:
    """Recompute every balance from its entries and prove the chain. Administrators only."""
    return ledger_out(check_books(actor=request.actor, now=now()))


@router.get("/outbox", response=Page[MessageOut])
def list_outbox(request: ApiRequest, filters: Query[MessageFilter]) -> dict[str, Any]:
    """Messages, the newest first. Without a mail server they wait here."""
    rows = visible_messages(request.actor)
    for name, value in (("status", filters.status), ("event", filters.event), ("to_user_id", filters.to)):
        if value is not None:
            rows = rows.filter(**{name: value})
    return page_of(rows, filters, order=("-created_at", "-id"), shape=message_out)


@router.get("/outbox/{message_id}", response=MessageOut)
def get_message(request: ApiRequest, message_id: Id) -> dict[str, Any]:
    return message_out(access_message(request.actor, message_id))


@router.post("/outbox/{message_id}/resend", response=MessageOut)
def resend(request: ApiRequest, message_id: Id) -> dict[str, Any]:
    """Send it again, to the address that the person has now."""
    resend_message(actor=request.actor, message_id=message_id)
    return message_out(access_message(request.actor, message_id))

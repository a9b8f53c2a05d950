"""Accounting > Balances: what every client paid, was charged, and has planned."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from daybook.core.errors import NotFound
from daybook.core.reasons import reasons_from_json
from daybook.insights.balance_page import balance_page
from daybook.insights.balances import all_figures, client_balances, every_balance
from daybook.ledger.models import JournalEntry
from daybook.ledger.permissions import access_payer
from daybook.ledger.queries import balance_of
from daybook.people.permissions import MANAGE_ACCOUNTING
from daybook.ui.listing import Column, Listing, Page
from daybook.web.doors import render_page, team_page
from daybook.web.exports import table_file
from daybook.web.money.cells import BalanceCells
from daybook.web.money.common import amount, searched

COLUMNS = [
    Column("name", gettext_lazy("Name"), order=("by_name", "by_first", "id"), fixed=True),
    Column("payments", gettext_lazy("Payments"), order=("paid", "id"), numeric=True),
    Column("costs", gettext_lazy("Costs"), order=("charged", "id"), numeric=True),
    Column("balance", gettext_lazy("Balance"), order=("balance", "id"), numeric=True, fixed=True),
    Column("scheduled", gettext_lazy("Scheduled"), order=("planned", "id"), numeric=True),
    Column("credit", gettext_lazy("Available credit"), order=("credit", "id"), numeric=True),
]
STATUSES = ("active", "inactive", "prospect")
SHOWN = {"owing": {"owed__gt": 0}, "credit": {"owed__lt": 0}, "settled": {"owed": 0}, "short": {"credit__lt": 0}}


@require_safe
@team_page(MANAGE_ACCOUNTING)
def accounting(request: HttpRequest) -> HttpResponse:
    return redirect("web:balances")


@require_safe
@team_page(MANAGE_ACCOUNTING)
def balances(request: HttpRequest) -> HttpResponse:
    """All clients' figures, with what they add up to."""
    listing = Listing.read(request, "balances", COLUMNS, default="name")
    found = balance_page(
        request.actor,
        text=listing.q,
        status=_one_of(request, "status", STATUSES),
        shown=_one_of(request, "shown", SHOWN),
        sort=listing.sort,
        descending=listing.descending,
        offset=(listing.number - 1) * listing.size,
        limit=listing.size,
    )
    page = Page(found.rows, listing.number, listing.size, found.sums["count"], found.has_next)
    cells = BalanceCells(listing, request.business, request.get_full_path())
    context = {
        "listing": listing,
        "page": page,
        "rows": cells.written(page.rows),
        "sums": found.sums,
        "shown": [
            ("", _("All")),
            ("owing", _("Owing")),
            ("credit", _("In credit")),
            ("settled", _("Settled")),
            ("short", _("Credit below zero")),
        ],
        "statuses": [("", _("All")), ("active", _("Active")), ("inactive", _("Inactive")), ("prospect", _("Prospect"))],
    }
    return render_page(request, "web/money/balances.html", context)


def _one_of(request: HttpRequest, name: str, known: Collection[str]) -> str:
    """A value of the address, where it makes sense."""
    given = request.GET.get(name, "")
    return given if given in known else ""


def _rows(request: HttpRequest, listing: Listing) -> Any:
    rows = searched(client_balances(request.actor), listing.q).annotate(by_first=Lower("first_name"))
    if request.GET.get("shown") in SHOWN:
        rows = rows.filter(**SHOWN[request.GET["shown"]])
    if request.GET.get("status") in STATUSES:
        rows = rows.filter(status=request.GET["status"])
    return rows


@require_safe
@team_page(MANAGE_ACCOUNTING)
def export(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, whole."""
    listing = Listing.read(request, "balances", COLUMNS, default="name")
    names = ("payments", "costs", "balance", "scheduled", "available_credit")
    is_whole = not set(request.GET) - {"format"}
    found = (
        every_balance(request.actor) if is_whole else all_figures(_rows(request, listing).order_by(*listing.ordering))
    )
    rows = ([each.name, each.email, *(amount(request, getattr(each, name)) for name in names)] for each in found)
    head = [_("Name"), _("E-mail"), _("Payments"), _("Costs"), _("Balance"), _("Scheduled"), _("Available credit")]
    return table_file(request, "balances", head, rows)


@require_safe
@team_page(MANAGE_ACCOUNTING)
def explain(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Why a balance is what it is."""
    client = access_payer(request.actor, client_id)
    found = balance_of(client.pk)
    return render_page(request, "web/money/explain_balance.html", {"client": client, "figures": found})


@require_safe
@team_page(MANAGE_ACCOUNTING)
def explain_entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Why a line of a statement is what it is: the reasons that were kept with it."""
    entry = JournalEntry.objects.filter(pk=entry_id).first()
    if entry is None:
        raise NotFound(what="entry")
    context = {"entry": entry, "reasons": reasons_from_json(entry.reasons)}
    return render_page(request, "web/money/explain_entry.html", context)

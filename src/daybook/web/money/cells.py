"""The rows of the list of balances, written in Python: what fifty rows share is worked out once."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from daybook.tenancy.models import Business
from daybook.ui import format
from daybook.ui.links import record_link
from daybook.ui.listing import Listing
from daybook.ui.tags.amounts import coloured, explain
from daybook.ui.tags.icons import icon
from daybook.ui.tags.people import avatar, state
from daybook.ui.tags.wrapped import menu


class BalanceCells:
    """Rows of `insights.balance_page`, as far as the listing shows them. `here` is the page to come back to."""

    def __init__(self, listing: Listing, business: Business, here: str) -> None:
        self.shows, self.currency, self.locale = listing.shows, business.currency, business.locale
        self.credit = escape(_("Available credit"))
        self.actions, self.why = _("Actions"), _("Why this figure?")
        pay, bill, paid = (reverse(f"web:{name}") for name in ("payment_add", "invoice_add", "payments"))
        # Around the client's id, and at last around the address of its statement.
        self.menu = (
            f'<a href="{pay}?client=',
            f'&amp;next={escape(quote(here))}" data-drawer>{icon("payment")}{escape(_("Add payment"))}</a><a href="{bill}?client=',
            f'">{icon("invoice")}{escape(_("Write an invoice"))}</a><a href="',
            f'">{icon("list")}{escape(_("Statement"))}</a><a href="{paid}?client=',
            f'">{icon("history")}{escape(_("Payment history"))}</a>',
        )

    def written(self, rows: Iterable[Any]) -> SafeString:
        return SafeString("".join([self.row(*row) for row in rows]))

    def row(self, client: str, first: str, last: str, status: str, paid: int, charged: int, planned: int) -> str:
        shows, name = self.shows, f"{first} {last}".strip()
        url, balance = record_link("web:statement", client), paid - charged
        other = "" if status == "active" else f" {state(status)}"
        cells = [
            f'<tr data-href="{url}"><th scope="row" class="lead"><span class="who">{avatar(name, "s")}'
            f'<a class="row-link" href="{url}">{escape(name)}</a>{other}</span></th>'
        ]
        if shows["payments"]:
            cells.append(f'<td class="num hide-narrow">{self._money(paid)}</td>')
        if shows["costs"]:
            cells.append(f'<td class="num hide-narrow">{self._money(charged)}</td>')
        why = explain(record_link("web:balance_explain", client), self.why)
        cells.append(f'<td class="num aside nowrap">{self._coloured(balance)} {why}</td>')
        if shows["scheduled"]:
            cells.append(f'<td class="num hide-narrow">{self._money(planned)}</td>')
        if shows["credit"]:
            cells.append(f'<td class="num whole" data-label="{self.credit}">{self._coloured(balance - planned)}</td>')
        pay, bill, statement, history, end = self.menu
        links = f"{pay}{client}{bill}{client}{statement}{url}{history}{client}{end}"
        cells.append(
            f'<td class="row-menu">{menu(links, label=self.actions, classes="btn-ghost btn-icon btn-s")}</td></tr>'
        )
        return "".join(cells)

    def _money(self, minor: int) -> str:
        return escape(format.money(minor, self.currency, self.locale))

    def _coloured(self, minor: int) -> str:
        return coloured(minor, format.money(minor, self.currency, self.locale))

"""The rows of a list of people, written column by column: what fifty rows share is worked out once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from html import escape
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from daybook.people.models import User
from daybook.people.permissions import MANAGE_ACCOUNTING, may_manage_role, may_see_contact
from daybook.tenancy.actor import Actor
from daybook.tenancy.models import Business
from daybook.ui import format
from daybook.ui.links import record_link
from daybook.ui.listing import Listing
from daybook.ui.tags.icons import icon
from daybook.ui.tags.people import avatar, email_link, phone, state
from daybook.ui.terms import capital, word
from daybook.web.people.kinds import Kind

NAMES_SHOWN, TAGS_SHOWN = 1, 1
PAYERS = ("client", "agent")


class Cells:
    """One method a column, by its name; each takes a row of `insights.people` and gives a `td`."""

    def __init__(
        self, listing: Listing, business: Business, words: Mapping[str, Any], *, kind: Kind, actor: Actor
    ) -> None:
        self.business, self.words, self.page = business, words, f"web:{kind.one}"
        self.may_edit = actor.is_team
        self.own_id = str(actor.user_id)
        self.editable = {role: may_manage_role(actor, role) for role in kind.roles}
        self.contact = {role: may_see_contact(actor, User(role=role)) for role in kind.roles}
        self.shown: list[Callable[[Any], str]] = [
            getattr(self, column.name)
            for column in listing.columns
            if column.name != "name" and column.name not in listing.hidden
        ]
        self.clients_word = escape(capital(word(words, "client", "plural")))
        self.role_word, self.edit_word = escape(_("Role")), escape(_("Edit"))
        self.edit_icon = icon("edit")
        # Around the id of one who pays: the way to the payments of each.
        self.payments: tuple[str, str] | None = None
        if actor.is_team and actor.may(MANAGE_ACCOUNTING):
            said = escape(_("Payment history"))
            self.payments = (
                f'<a class="btn btn-ghost btn-icon btn-s" href="{escape(reverse("web:payments"))}?client=',
                f'" aria-label="{said}: %s" title="{said}">{icon("payment")}</a>',
            )
        self.edit_sentence = escape(_("Edit %(name)s"))
        self.states: dict[str, str] = {}

    def written(self, rows: Iterable[Any]) -> SafeString:
        return SafeString("".join([self.row(row) for row in rows]))

    def row(self, row: Any) -> str:
        url = record_link(self.page, row.id)
        plain = f"{row.first_name} {row.last_name}".strip()
        name = escape(plain)
        off = ' class="is-off"' if row.status == "inactive" else ""
        check = edit = called = ""
        if self.may_edit:
            check = f'<td class="check"><label><input type="checkbox" name="id" value="{row.id}" data-check aria-label="{name}"></label></td>'
            link = ""
            if self.editable[row.role]:
                sentence = self.edit_sentence % {"name": name}
                link = f'<a class="btn btn-ghost btn-icon btn-s" href="{url}edit/" data-drawer aria-label="{sentence}" title="{self.edit_word}">{self.edit_icon}</a>'
            if self.payments and row.role in PAYERS:
                link = f"{self.payments[0]}{row.id}{self.payments[1] % name}{link}"
            edit = f'<td class="row-menu">{link}</td>'
        if row.preferred_name and row.preferred_name != row.first_name:
            called = f' <span class="muted">“{escape(row.preferred_name)}”</span>'
        cells = "".join([cell(row) for cell in self.shown])
        return (
            f'<tr data-href="{url}"{off}>{check}<th scope="row" class="lead"><span class="who">{avatar(plain, "s")}'
            f'<span><a class="row-link" href="{url}">{name}</a>{called}</span></span></th>{cells}{edit}</tr>'
        )

    def _reachable(self, row: Any) -> bool:
        """Whether the reader may see how to reach this person."""
        return self.contact[row.role] or row.id == self.own_id

    def role(self, row: Any) -> str:
        return f'<td data-label="{self.role_word}">{escape(capital(word(self.words, row.role)))}</td>'

    def status(self, row: Any) -> str:
        cell = self.states.get(row.status)
        if cell is None:
            cell = self.states[row.status] = f'<td class="aside">{state(row.status)}</td>'
        return cell

    def email(self, row: Any) -> str:
        link = email_link(row.email).replace("<wbr>", "") if self._reachable(row) else ""
        return f'<td class="hide-narrow mail">{link}</td>'

    def phone(self, row: Any) -> str:
        return f'<td class="nowrap">{phone(row.phone) if self._reachable(row) else ""}</td>'

    def practitioners(self, row: Any) -> str:
        return _first_of(row.practitioners, NAMES_SHOWN, escape)

    def agent(self, row: Any) -> str:
        return _narrow(escape(row.agent))

    def clients(self, row: Any) -> str:
        count = escape(format.number(row.clients, self.business.locale)) if row.clients else ""
        return f'<td class="num" data-label="{self.clients_word}">{count}</td>'

    def tags(self, row: Any) -> str:
        return _first_of(row.tags, TAGS_SHOWN, lambda tag: f'<span class="tag">{escape(tag)}</span>')

    def balance(self, row: Any) -> str:
        if not row.balance:
            return '<td class="num"></td>'
        kind = "credit" if row.balance > 0 else "owed"
        text = escape(format.money(row.balance, self.business.currency, self.business.locale))
        return f'<td class="num"><span class="money money-{kind}">{text}</span></td>'

    def birthday(self, row: Any) -> str:
        return _narrow(self._day(row.birthday) if self._reachable(row) else "")

    def username(self, row: Any) -> str:
        return _narrow(escape(row.username))

    def last_login(self, row: Any) -> str:
        return _narrow(self._day(row.last_login))

    def created_at(self, row: Any) -> str:
        return _narrow(self._day(row.created_at))

    def _day(self, day: date | None) -> str:
        if not day:
            return ""
        return f'<time datetime="{day.isoformat()}">{escape(format.day(day, self.business.locale))}</time>'


def _narrow(text: str) -> str:
    return f'<td class="hide-narrow">{text}</td>'


def _first_of(texts: list[str], shown: int, write: Callable[[str], str]) -> str:
    """A cell of one line: the first of several, how many more there are, and all of them when pointed at."""
    more = len(texts) - shown
    rest, title = (
        (f' <span class="muted">+{more}</span>', f' title="{escape(", ".join(texts))}"') if more > 0 else ("", "")
    )
    return f'<td class="hide-narrow nowrap"{title}>{" ".join(map(write, texts[:shown]))}{rest}</td>'

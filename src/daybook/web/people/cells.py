"""The rows of a list of people, written column by column: what fifty rows share is worked out once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from daybook.tenancy.models import Business
from daybook.ui import format
from daybook.ui.listing import Listing
from daybook.ui.tags.icons import icon
from daybook.ui.tags.people import avatar, email_link, phone, state
from daybook.ui.terms import capital, word
from daybook.web.people.rows import PersonRow

NAMES_SHOWN = 2


class Cells:
    """One method a column, by its name; each gives a `td`."""

    def __init__(self, listing: Listing, business: Business, words: Mapping[str, Any], *, may_edit: bool) -> None:
        self.business, self.words, self.may_edit = business, words, may_edit
        self.shown: list[Callable[[PersonRow], str]] = [
            getattr(self, column.name)
            for column in listing.columns
            if column.name != "name" and column.name not in listing.hidden
        ]
        self.clients_word = escape(capital(word(words, "client", "plural")))
        self.role_word, self.edit_word = escape(_("Role")), escape(_("Edit"))
        self.edit_icon = icon("edit")
        self.edit_sentence = _("Edit %(name)s")

    def written(self, rows: Iterable[PersonRow]) -> SafeString:
        return SafeString("".join(map(self.row, rows)))

    def row(self, row: PersonRow) -> str:
        user, url = row.user, escape(row.url)
        name = escape(user.name)
        off = ' class="is-off"' if user.status == "inactive" else ""
        check = edit = ""
        if self.may_edit:
            check = f'<td class="check"><label><input type="checkbox" name="id" value="{user.pk}" data-check aria-label="{name}"></label></td>'
            link = (
                f'<a class="btn btn-ghost btn-icon btn-s" href="{url}edit/" data-drawer'
                f' aria-label="{escape(self.edit_sentence % {"name": user.name})}" title="{self.edit_word}">{self.edit_icon}</a>'
            )
            edit = f'<td class="row-menu">{link if row.editable else ""}</td>'
        called = ""
        if user.preferred_name and user.preferred_name != user.first_name:
            called = f' <span class="muted">“{escape(user.preferred_name)}”</span>'
        cells = "".join([cell(row) for cell in self.shown])
        return (
            f'<tr data-href="{url}"{off}>{check}<th scope="row" class="lead"><span class="who">{avatar(user.name, "s")}'
            f'<span><a class="row-link" href="{url}">{name}</a>{called}</span></span></th>{cells}{edit}</tr>'
        )

    def role(self, row: PersonRow) -> str:
        return f'<td data-label="{self.role_word}">{escape(capital(word(self.words, row.user.role)))}</td>'

    def status(self, row: PersonRow) -> str:
        return f'<td class="aside">{state(row.user.status)}</td>'

    def email(self, row: PersonRow) -> str:
        return _narrow(email_link(row.user.email) if row.contact else "")

    def phone(self, row: PersonRow) -> str:
        return f'<td class="nowrap">{phone(row.user.phone) if row.contact else ""}</td>'

    def practitioners(self, row: PersonRow) -> str:
        more = len(row.practitioners) - NAMES_SHOWN
        rest = f' <span class="muted">+{more}</span>' if more > 0 else ""
        return _narrow(escape(", ".join(row.practitioners[:NAMES_SHOWN])) + rest)

    def agent(self, row: PersonRow) -> str:
        return _narrow(escape(row.agent))

    def clients(self, row: PersonRow) -> str:
        count = escape(format.number(row.clients, self.business.locale)) if row.clients else ""
        return f'<td class="num" data-label="{self.clients_word}">{count}</td>'

    def tags(self, row: PersonRow) -> str:
        return _narrow("".join([f'<span class="tag">{escape(tag)}</span> ' for tag in row.user.tags]))

    def balance(self, row: PersonRow) -> str:
        if not row.balance:
            return '<td class="num"></td>'
        kind = "credit" if row.balance > 0 else "owed"
        text = escape(format.money(row.balance, self.business.currency, self.business.locale))
        return f'<td class="num"><span class="money money-{kind}">{text}</span></td>'

    def birthday(self, row: PersonRow) -> str:
        return _narrow(self._day(row.user.birthday) if row.contact else "")

    def username(self, row: PersonRow) -> str:
        return _narrow(escape(row.user.username or ""))

    def last_login(self, row: PersonRow) -> str:
        return _narrow(self._day(row.user.last_login))

    def created_at(self, row: PersonRow) -> str:
        return _narrow(self._day(row.user.created_at))

    def _day(self, value: Any) -> str:
        if not value:
            return ""
        day = format.local(value, self.business.time_zone).date() if hasattr(value, "hour") else value
        return f'<time datetime="{day.isoformat()}">{escape(format.day(day, self.business.locale))}</time>'


def _narrow(text: str) -> str:
    return f'<td class="hide-narrow">{text}</td>'

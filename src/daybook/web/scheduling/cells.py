"""The rows of the list of sessions, written in Python: what fifty rows share is worked out once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from daybook.ui.tags.icons import icon
from daybook.ui.tags.people import chip
from daybook.ui.terms import capital, word
from daybook.web.scheduling.lines import Line

NAMES_SHOWN = 2  # of a group; its first one alone, where there are more


class SessionCells:
    """Rows as far as the listing `shows` them, with a box to tick and a link to edit where these may be used."""

    def __init__(self, shows: Mapping[str, bool], words: Mapping[str, Any], *, may_bulk: bool, may_edit: bool) -> None:
        self.shows, self.may_bulk, self.may_edit = shows, may_bulk, may_edit
        self.practitioner = escape(capital(word(words, "practitioner")))
        self.edit, self.edit_icon = escape(_("Edit")), icon("edit")
        self.closure = chip(_("On a closure"), "attention")
        self.group = icon("clients", "muted")

    def written(self, lines: Iterable[Line]) -> SafeString:
        return SafeString("".join([self.row(line) for line in lines]))

    def row(self, line: Line) -> str:
        shows, url, clients = self.shows, line.url, escape(line.clients)
        cells = [f'<tr data-href="{url}" class="{line.classes}">']
        if self.may_bulk:
            cells.append(
                f'<td class="check keep"><label><input type="checkbox" name="id" value="{line.id}" data-check aria-label="{clients}"></label></td>'
            )
        cells.append(
            f'<th scope="row" class="lead nowrap"><a class="row-link" href="{url}">{escape(line.day)}</a> <span class="sub">{escape(line.span)}</span></th>'
        )
        if shows.get("clients"):
            face, shown, title = line.face, clients, ""
            if line.size > 1:
                face, title = self.group, f' title="{clients}"'
            if line.size > NAMES_SHOWN:
                shown = f'{escape(line.first_client)} <span class="muted">+{line.size - 1}</span>'
            cells.append(f'<td class="start"{title}><span class="who">{face}<span>{shown}</span></span></td>')
        if shows.get("service"):
            cells.append(
                f'<td class="hide-narrow"><span class="who"><span class="swatch {line.hue}"></span><span>{escape(line.service)}</span></span></td>'
            )
        if shows.get("practitioner"):
            names = f' title="{escape(line.practitioners)}"' if line.practitioners else ""
            cells.append(f'<td class="start" data-label="{self.practitioner}"{names}>{escape(line.practitioner)}</td>')
        if shows.get("location"):
            cells.append(f'<td class="hide-narrow">{escape(line.location)}</td>')
        if shows.get("status"):
            closed = f' <span title="{escape(line.closures)}">{self.closure}</span>' if line.closures else ""
            cells.append(f'<td class="keep end">{line.state}{closed}</td>')
        if shows.get("cost"):
            cost = escape(line.cost)
            cells.append(
                f'<td class="num aside">{f"""<span class="muted">{cost}</span>""" if line.is_set_aside else cost}</td>'
            )
        if shows.get("wage"):
            cells.append(f'<td class="num hide-narrow">{escape(line.wage)}</td>')
        edit = ""
        if self.may_edit:
            edit = f'<a class="btn btn-ghost btn-icon btn-s" href="{url}edit/" data-drawer aria-label="{self.edit}" title="{self.edit}">{self.edit_icon}</a>'
        cells.append(f'<td class="row-menu keep">{edit}</td></tr>')
        return "".join(cells)

"""What stands in the rail, under **+**, and in the palette: what there is a page for, and the actor may open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.functional import Promise
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from daybook.ui.terms import capital, word


@dataclass(frozen=True, slots=True)
class Place:
    """A page in the navigation. `label` is a text, or `term:client` for the business's own plural.

    Staff need `permission`; practitioners see it where `practitioner` is true, or where they have the permission it names.
    """

    label: str | Promise
    url: str
    icon: str = ""
    permission: str | None = None
    practitioner: bool | str = False
    children: tuple[Place, ...] = field(default=())
    drawer: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A place as a template shows it."""

    label: str
    url: str
    icon: str
    children: tuple[Entry, ...] = ()
    is_current: bool = False
    active: bool = False
    count: int = 0
    drawer: bool = False
    is_root: bool = False


PLACES: tuple[Place, ...] = (
    Place(_("Dashboard"), "web:dashboard", "dashboard", practitioner=True),
    Place(_("Calendar"), "web:calendar", "calendar", "manage_schedule", practitioner=True),
    Place("term:session", "web:sessions", "sessions", "manage_schedule", practitioner=True, children=(
        Place(_("Closures"), "web:closures", permission="manage_schedule"),
    )),
    Place("term:client", "web:clients", "clients", "manage_clients", practitioner=True, children=(
        Place("term:agent", "web:agents", permission="manage_clients"),
    )),
    Place("term:practitioner", "web:practitioners", "practitioners", "manage_practitioners", children=(
        Place("term:staff", "web:staff", permission="manage_staff"),
    )),
    Place(_("Accounting"), "web:accounting", "accounting", "manage_accounting", children=(
        Place(_("Balances"), "web:balances", permission="manage_accounting"),
        Place("term:payment", "web:payments", permission="manage_accounting"),
        Place("term:invoice", "web:invoices", permission="manage_accounting"),
        Place("term:wage", "web:wages", permission="manage_accounting"),
        Place(_("Custom rates"), "web:custom_rates", permission="manage_accounting"),
    )),
    Place(_("Communications"), "web:communications", "communications", "manage_communications", children=(
        Place(_("Deleted {sessions}"), "web:deleted_sessions", permission="manage_schedule"),
    )),
    Place(_("Reports"), "web:reports", "reports", "see_insights"),
    Place(_("Settings"), "web:settings", "settings", "manage_settings", children=(
        Place("term:service", "web:services", permission="manage_settings"),
        Place("term:location", "web:locations", permission="manage_settings"),
        Place(_("Permissions"), "web:permissions", permission="manage_settings"),
    )),
)  # fmt: skip

CREATIONS: tuple[Place, ...] = (
    Place(
        "term:session:one",
        "web:session_add",
        "session-add",
        "manage_schedule",
        practitioner="add_sessions",
        drawer=True,
    ),
    Place("term:client:one", "web:client_add", "user-plus", "manage_clients", drawer=True),
    Place("term:payment:one", "web:payment_add", "payment", "manage_accounting", drawer=True),
    Place("term:invoice:one", "web:invoice_add", "invoice", "manage_accounting"),
)


# "g" and a letter go to a page.
KEYS = {
    "web:dashboard": "g d", "web:calendar": "g k", "web:sessions": "g s", "web:clients": "g c", "web:practitioners": "g p",
    "web:balances": "g b", "web:payments": "g m", "web:invoices": "g i", "web:reports": "g r", "web:settings": "g t",
}  # fmt: skip


def palette(pages: Sequence[Entry], new: Sequence[Entry]) -> list[dict[str, Any]]:
    """What the palette offers without asking the server: every page, and everything that can be added."""
    keys = {_url(name): pressed for name, pressed in KEYS.items()}
    items: list[dict[str, Any]] = []
    for page in pages:
        items += [
            {
                "group": _("Go to"),
                "label": each.label,
                "url": each.url,
                "icon": each.icon or page.icon,
                "keys": keys.get(each.url, ""),
            }
            for each in (page, *page.children)
        ]
    return items + [
        {
            "group": _("Add"),
            "label": _("New: %(thing)s") % {"thing": each.label.lower()},
            "url": each.url,
            "icon": each.icon,
            "drawer": each.drawer,
        }
        for each in new
    ]


_keys = count(1)


@dataclass(frozen=True, slots=True)
class _Here:
    """The places, seen from one of them. `key` is its own: no other frame, and no other place of this one, has it."""

    navigation: tuple[Entry, ...]
    key: int = field(default_factory=_keys.__next__)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What of the frame does not depend on the page; and what does, by the place that the page belongs to."""

    places: tuple[Entry, ...]
    creations: tuple[Entry, ...]
    palette: SafeString
    urls: Mapping[str, str]
    key: int = field(default_factory=_keys.__next__)
    heres: dict[tuple[str, ...], _Here] = field(default_factory=dict)

    def at(self, path: str) -> _Here:
        """Seen from a page; pages below the same places see the same."""
        marks = tuple(_marks(self.places, path))
        here = self.heres.get(marks)
        if here is None:
            here = self.heres[marks] = _Here(tuple(_at(entry, path) for entry in self.places))
        return here


def _marks(places: Iterable[Entry], path: str) -> Iterator[str]:
    """The addresses that a page is at (`=`) or below."""
    for entry in places:
        if path == entry.url:
            yield f"={path}"
        elif not entry.is_root and path.startswith(entry.url):
            yield entry.url
        if entry.children:
            yield from _marks(entry.children, path)


def frame(request: HttpRequest, words: Mapping[str, Any]) -> dict[str, Any]:
    """What the frame of a page needs beside its contents.

    `frame_key` stands for all of it, and `here_key` for all of it with the place of the page: what follows from them can
    be kept. A frame is made of what its key in `_frame` says, so a word, a permission or an address that changes makes
    another.
    """
    actor = request.actor
    always = _frame(actor.role, actor.permissions, tuple(words.items()), get_language(), get_script_prefix())
    here = always.at(request.path)
    return {
        "frame_key": always.key,
        "here_key": here.key,
        "navigation": here.navigation,
        "creations": always.creations,
        "palette_items": always.palette,
        **always.urls,
    }


@lru_cache(maxsize=256)
def _frame(
    role: str | None, permissions: frozenset[str], words: tuple[tuple[str, Any], ...], language: str | None, prefix: str
) -> _Frame:
    """Worked out once for all who may open the same places of a business. Language and prefix stand for themselves."""
    said = dict(words)
    places = tuple(entry for place in PLACES if (entry := _entry(place, role, permissions, said)))
    creations = tuple(entry for place in CREATIONS if (entry := _entry(place, role, permissions, said)))
    urls = {
        "account_url": _url("web:account"),
        "sign_out_url": _url("web:sign_out"),
        "search_url": _url("web:search"),
        "help_url": _url("web:help"),
    }
    return _Frame(places, creations, json_script(palette(places, creations), "palette-items"), urls)


def _entry(place: Place, role: str | None, permissions: frozenset[str], words: Mapping[str, Any]) -> Entry | None:
    url = _url(place.url)
    if not url or not _may_open(place, role, permissions):
        return None
    children = tuple(entry for child in place.children if (entry := _entry(child, role, permissions, words)))
    return Entry(
        _label(place.label, words), url, place.icon, children, drawer=place.drawer, is_root=place.url == "web:dashboard"
    )


def _at(entry: Entry, path: str) -> Entry:
    """The entry on the page at `path`."""
    is_current = path == entry.url
    inside = is_current or (not entry.is_root and path.startswith(entry.url))
    children = tuple(_at(child, path) for child in entry.children) if entry.children else ()
    active = inside or any(child.active for child in children)
    return Entry(
        entry.label, entry.url, entry.icon, children, is_current, active, drawer=entry.drawer, is_root=entry.is_root
    )


def _may_open(place: Place, role: str | None, permissions: frozenset[str]) -> bool:
    if role == "practitioner":
        return place.practitioner in permissions if isinstance(place.practitioner, str) else place.practitioner
    return place.permission is None or place.permission in permissions


def _label(label: str | Promise, words: Mapping[str, Any]) -> str:
    text = str(label)
    if not text.startswith("term:"):
        return text.format(sessions=word(words, "session", "plural"))
    _prefix, name, *form = text.split(":")
    return capital(word(words, name, "singular" if form else "plural"))


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""

"""The pages below Settings: what the hub shows, and the search finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from daybook.ui.terms import capital, word


@dataclass(frozen=True, slots=True)
class SettingsPlace:
    """`label` may be `term:service` for the business's own plural."""

    label: str | Promise
    text: str | Promise
    url: str
    icon: str
    permission: str = "manage_settings"


@dataclass(frozen=True, slots=True)
class Shown:
    label: str
    text: str
    url: str
    icon: str


GROUPS: tuple[tuple[str | Promise, tuple[SettingsPlace, ...]], ...] = (
    (_("Business"), (
        SettingsPlace(_("Business"), _("Name, time zone, currency, language, logo and colour"), "web:business", "building"),
        SettingsPlace(_("Words"), _("What you call clients, sessions and the rest"), "web:words", "message"),
        SettingsPlace(_("Permissions"), _("Who may see and do what"), "web:permissions", "shield"),
    )),
    (_("What you offer"), (
        SettingsPlace("term:service", _("Prices, wages, lengths, buffers, booking by clients"), "web:services", "services"),
        SettingsPlace("term:location", _("Rooms, branches and links for sessions on-line"), "web:locations", "location"),
        SettingsPlace(_("Completion types"), _("How sessions are saved, and what each way charges"), "web:completion_types", "circle-check"),
        SettingsPlace(_("Closures"), _("Holidays and days off, shown to everybody"), "web:closures", "closure", "manage_schedule"),
    )),
    (_("Data and programs"), (
        SettingsPlace(_("Import"), _("Clients, sessions and payments from spreadsheets"), "web:imports", "upload"),
        SettingsPlace(_("API"), _("Keys for other programs, and the pages that describe it"), "web:api_tokens", "api"),
    )),
)  # fmt: skip


def shown_places(request: HttpRequest, words: Mapping[str, Any]) -> list[tuple[str, list[Shown]]]:
    """The groups with those of their pages that are there and that the actor may open."""
    groups = []
    for title, places in GROUPS:
        shown = [found for place in places if (found := _shown(place, request, words))]
        if shown:
            groups.append((str(title), shown))
    return groups


def _shown(place: SettingsPlace, request: HttpRequest, words: Mapping[str, Any]) -> Shown | None:
    if not request.actor.may(place.permission):
        return None
    try:
        url = reverse(place.url)
    except NoReverseMatch:
        return None
    label = str(place.label)
    if label.startswith("term:"):
        label = capital(word(words, label.removeprefix("term:"), "plural"))
    return Shown(label, str(place.text), url, place.icon)

"""What a search over everything finds for an actor: people, sessions, invoices, pages."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from daybook.billing.permissions import visible_invoices
from daybook.core import format
from daybook.core.money import text_to_minor
from daybook.core.periods import day_span, local_date
from daybook.people.models import User
from daybook.people.permissions import MANAGE_ROLE, SEE_CONTACT_DATA, visible_people
from daybook.people.queries import having_in_name, search_people
from daybook.scheduling.queries.rows import Filters, SessionRow, session_page
from daybook.tenancy.queries import business_words
from daybook.ui.terms import capital, word
from daybook.web.search.dates import day_in
from daybook.web.settings.places import shown_places

MOST_OF_A_KIND = 6
SHORTEST = 2
ICONS = {
    "client": "user",
    "practitioner": "practitioners",
    "agent": "agents",
    "staff": "staff",
    "administrator": "staff",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One hit, as the palette shows it."""

    group: str
    label: str
    sub: str
    url: str
    icon: str


def find(request: HttpRequest, text: str, *, now: datetime) -> list[dict[str, Any]]:
    """Everything that `text` may mean, the likeliest first. At most some five statements."""
    text = text.replace("\x00", "").strip()[:100]
    if len(text) < SHORTEST:
        return []
    search = _Search(request, text, now)
    people = search.people()
    items = [
        *search.day(),
        *map(search.person_item, people),
        *search.sessions_of(people),
        *search.invoices(),
        *search.pages(),
    ]
    return [asdict(item) for item in items]


class _Search:
    def __init__(self, request: HttpRequest, text: str, now: datetime) -> None:
        self.request, self.actor, self.text, self.now = request, request.actor, text, now
        self.business = request.business
        self.words = business_words()

    def word(self, term: str) -> str:
        return capital(word(self.words, term, "plural"))

    def roles(self) -> list[str]:
        """Whose pages the actor may open."""
        if self.actor.role == "practitioner":
            return ["client"]
        return [role for role, permission in MANAGE_ROLE.items() if self.actor.may(permission)]

    def people(self) -> list[User]:
        roles = self.roles()
        if not roles:
            return []
        rows = visible_people(self.actor).filter(role__in=roles).order_by(Lower("last_name"), Lower("first_name"), "id")
        if not self.actor.may(SEE_CONTACT_DATA):
            return list(having_in_name(rows, self.text)[:MOST_OF_A_KIND])
        return list(search_people(rows, self.text, roles=roles, limit=MOST_OF_A_KIND).rows)

    def person_item(self, user: User) -> Item:
        from daybook.web.people.kinds import kind_of

        sub = user.preferred_name if user.preferred_name and user.preferred_name != user.first_name else ""
        if user.status != "active":
            sub = ", ".join(filter(None, (sub, str(user.get_status_display()).lower())))
        return Item(self.word(user.role), user.name, sub, _url(kind_of(user), user), ICONS[user.role])

    def may_see_sessions(self) -> bool:
        return self.actor.role == "practitioner" or self.actor.may("manage_schedule")

    def day(self) -> list[Item]:
        """The calendar of a day that was named, and its sessions."""
        today = local_date(self.now, self.business.time_zone)
        found = day_in(self.text, today=today, month_first=self.business.locale in ("en", "en-US"))
        if found is None or not self.may_see_sessions():
            return []
        starts, ends = day_span(found, found, self.business.time_zone)
        rows = session_page(self.actor, Filters(starts=starts, ends=ends), limit=MOST_OF_A_KIND)
        title = format.long_day(found, self.business.locale)
        calendar = _reverse("web:calendar", query=f"?date={found.isoformat()}")
        return [
            *([Item(_("Calendar"), title, "", calendar, "calendar")] if calendar else []),
            *map(self.session_item, rows),
        ]

    def sessions_of(self, people: list[User]) -> list[Item]:
        """The next sessions of the first client that was found."""
        client = next((user for user in people if user.role == "client"), None)
        if client is None or not self.may_see_sessions():
            return []
        filters = Filters(starts=self.now - timedelta(hours=2), client_id=client.pk)
        return [self.session_item(row) for row in session_page(self.actor, filters, limit=3)]

    def session_item(self, row: SessionRow) -> Item:
        local = format.local(row.starts_at, self.business.time_zone)
        when = (
            f"{format.weekday(local.date(), self.business.locale)}, {format.clock(local.time(), self.business.locale)}"
        )
        who = row.clients if len(row.participants) <= 2 else f"{row.participants[0].name} + {len(row.participants) - 1}"
        return Item(
            self.word("session"),
            f"{when} · {who}",
            f"{row.service}, {row.practitioner_short}",
            _reverse("web:session", row.id),
            "session",
        )

    def invoices(self) -> list[Item]:
        """By number, or by the amount to the cent."""
        if not self.actor.is_team or not any(character.isdigit() for character in self.text):
            return []
        condition = Q(number__icontains=self.text)
        amount = self._amount()
        if amount:
            condition |= Q(total_minor=amount)
        rows = (
            visible_invoices(self.actor)
            .filter(condition)
            .select_related("bill_to")
            .order_by("-sequence")[:MOST_OF_A_KIND]
        )
        return [self.invoice_item(row) for row in rows]

    def invoice_item(self, row: Any) -> Item:
        total = format.money(row.total_minor, row.currency, self.business.locale)
        issued = format.day(_as_date(row.issued_on), self.business.locale)
        return Item(
            self.word("invoice"),
            f"{row.number} · {row.bill_to.name}",
            f"{total}, {issued}",
            _reverse("web:invoice", row.pk),
            "invoice",
        )

    def _amount(self) -> int | None:
        try:
            text = format.parse_money(self.text, self.business.currency, self.business.locale)
            return text_to_minor(text, self.business.currency) if "." in text or "," in self.text else None
        except ValueError:
            return None

    def pages(self) -> list[Item]:
        """Settings by their names: the other pages stand in the palette already."""
        if self.actor.role == "practitioner":
            return []
        words = self.text.casefold().split()
        return [
            Item(_("Settings"), place.label, place.text, place.url, place.icon)
            for _group, places in shown_places(self.request, self.words)
            for place in places
            if all(each in f"{place.label} {place.text}".casefold() for each in words)
        ]


def _as_date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _url(kind: Any, user: User) -> str:
    try:
        return str(kind.url("record", user.pk))
    except NoReverseMatch:
        return str(kind.url())


def _reverse(name: str, *args: object, query: str = "") -> str:
    try:
        return reverse(name, args=args) + query
    except NoReverseMatch:
        return ""

"""A tiny model of a business's books, written from the requirements alone: exact fractions, plain lists, no database.

It knows what every session costs, earns and sets aside, whose time is taken, what each payment went to, and what every
client owes. The random week does the same things here and through the API, and compares.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo


def half_up(value: Fraction) -> int:
    """The nearest whole number, halves away from zero."""
    size = (abs(value) * 2 + 1) // 2
    return int(size if value >= 0 else -size)


@dataclass
class Service:
    is_hourly: bool
    cost: int
    wage: int
    tax: Fraction = Fraction(0)
    before: int = 0
    after: int = 0
    concurrent: bool = False


@dataclass
class Type:
    status: str
    is_fixed: bool
    client: int
    practitioner: int
    enabled: bool = True


@dataclass
class Place:
    """A client's place; `cost` and `tax` are None while open."""

    type: str | None = None
    status: str = "open"
    cost: int | None = None
    tax: int | None = None


@dataclass
class Session:
    service: str
    practitioner: str
    location: str | None
    starts_at: datetime
    ends_at: datetime
    places: dict[str, Place]
    status: str = "open"
    wage: int | None = None
    deleted: bool = False
    # Who is there beside the leading one, and what each earned.
    assistants: dict[str, int | None] = field(default_factory=dict)
    spans: list[tuple[str, datetime, datetime]] = field(default_factory=list)

    @property
    def moved_money(self) -> bool:
        wages = (self.wage, *self.assistants.values())
        return any(wages) or any(place.cost for place in self.places.values())

    @property
    def people(self) -> list[str]:
        return [self.practitioner, *self.assistants]


@dataclass
class Payment:
    client: str
    amount: int
    day: date
    number: int
    refunded: int = 0
    deleted: bool = False
    parts: dict[str, int] = field(default_factory=dict)

    @property
    def left(self) -> int:
        return 0 if self.deleted else self.amount - self.refunded - sum(self.parts.values())


@dataclass
class Line:
    net: int
    tax: int
    session: str | None = None


@dataclass
class Invoice:
    client: str
    basis: str
    due_on: date
    number: int
    lines: list[Line]
    state: str = "draft"
    paid: int = 0

    @property
    def total(self) -> int:
        return sum(line.net + line.tax for line in self.lines)


class Refused(Exception):
    """The rules refuse it, with one of these codes."""

    def __init__(self, *codes: str) -> None:
        super().__init__(*codes)
        self.codes = codes


@dataclass
class Books:
    zone: ZoneInfo
    digits: int
    today: date
    services: dict[str, Service] = field(default_factory=dict)
    types: dict[str, Type] = field(default_factory=dict)
    rooms: dict[str, int | None] = field(default_factory=dict)
    status: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    invoices: dict[str, Invoice] = field(default_factory=dict)
    # (person, service) → first day → amount
    rates: dict[tuple[str, str], dict[date, int]] = field(default_factory=dict)
    # client → (day, amount): above zero is paid, below is charged
    entries: dict[str, list[tuple[date, int]]] = field(default_factory=dict)
    earned: dict[str, int] = field(default_factory=dict)

    # What it costs ------------------------------------------------------------------------------------------------

    def day(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def amount(self, session: Session, person: str, default: int, kind: Type | None, share: int) -> int:
        if kind and kind.is_fixed:
            return share * 10**self.digits
        begun = {
            since: rate
            for since, rate in self.rates.get((person, session.service), {}).items()
            if since <= self.day(session.starts_at)
        }
        exact = Fraction(begun[max(begun)] if begun else default)
        if self.services[session.service].is_hourly:
            exact = exact * int((session.ends_at - session.starts_at).total_seconds()) / 3600
        return half_up(exact * share / 100)

    def cost(
        self, session: Session, client: str, kind: str | None = None, override: int | None = None
    ) -> tuple[int, int]:
        service, found = self.services[session.service], self.types[kind] if kind else None
        net = override
        if net is None:
            net = self.amount(session, client, service.cost, found, found.client if found else 100)
        return net, half_up(net * service.tax / 100)

    def scheduled(self, client: str) -> int:
        """What all open sessions of a client would cost, at the rates of now."""
        open_ones = (each for each in self.sessions.values() if each.status == "open" and not each.deleted)
        return sum(sum(self.cost(each, client)) for each in open_ones if client in each.places)

    # Whose time ---------------------------------------------------------------------------------------------------

    def wanted(self, session: Session) -> list[tuple[str, datetime, datetime]]:
        service = self.services[session.service]
        first = session.starts_at - timedelta(minutes=service.before)
        last = session.ends_at + timedelta(minutes=service.after)
        who = [] if service.concurrent else session.people
        if session.location and self.rooms[session.location] == 1:
            who.append(session.location)
        return [(each, first, last) for each in who]

    def take(self, session: Session) -> None:
        spans = self.wanted(session)
        for other in self.sessions.values():
            if other is not session and not other.deleted and other.status != "canceled":
                for who, first, last in other.spans:
                    if any(who == mine and first < ends and starts < last for mine, starts, ends in spans):
                        raise Refused("double_booking")
        session.spans = spans

    def retake(self, now: datetime, *, service: str | None = None, room: str | None = None) -> None:
        """New settings of a service or a room: what is to come takes its time anew, all of it or the change is refused."""
        coming = [
            session
            for session in self.sessions.values()
            if session.ends_at > now and not session.deleted and session.status != "canceled"
            if session.service == service or (room and session.location == room)
        ]
        for session in coming:
            session.spans = []
        try:
            for session in coming:
                self.take(session)
        except Refused:
            raise Refused("would_overlap") from None

    # Sessions -----------------------------------------------------------------------------------------------------

    def found(self, session_id: str, *, deleted: bool = False) -> Session:
        session = self.sessions[session_id]
        if session.deleted is not deleted:
            raise Refused("not_found")
        return session

    def add(self, session: Session) -> None:
        self._check_active(*session.people, *session.places)
        self.take(session)

    def _check_active(self, *people: str) -> None:
        if any(self.status[person] != "active" for person in people):
            raise Refused("client_not_active", "practitioner_not_active")

    def change(self, session_id: str, new: Session) -> None:
        old = self.found(session_id)
        facts = ("service", "practitioner", "location", "starts_at", "ends_at")
        moved = [name for name in facts if getattr(old, name) != getattr(new, name)]
        if old.assistants.keys() != new.assistants.keys():
            moved.append("assistants")
        newcomers = new.places.keys() - old.places.keys()
        leaving = old.places.keys() - new.places.keys()
        if not moved and not newcomers and not leaving:
            return
        if old.status != "open":
            raise Refused("already_completed")
        self._check_active(*newcomers, *(each for each in new.people if each not in old.people))
        new.spans, old.deleted = old.spans, True
        try:
            if moved:
                self.take(new)
        finally:
            old.deleted = False
        if any(self.live_lines(session_id, client) for client in leaving):
            raise Refused("invoiced")
        self.sessions[session_id] = new

    def choose(self, kind: str) -> Type:
        if not self.types[kind].enabled:
            raise Refused("invalid")
        return self.types[kind]

    def complete(
        self,
        session_id: str,
        kind: str,
        now: datetime,
        own: dict[str, str] | None = None,
        cost: int | None = None,
        wage: int | None = None,
        wages: dict[str, int] | None = None,
    ) -> None:
        found = self.choose(kind)
        own = own or {}
        for each in own.values():
            self.choose(each)
        session = self.found(session_id)
        if session.status != "open":
            raise Refused("already_completed")
        day = self.day(session.starts_at)
        for client, place in session.places.items():
            place.type = own.get(client, kind)
            place.status = self.types[place.type].status
            place.cost, place.tax = self.cost(session, client, place.type, None if client in own else cost)
            self.enter(client, day, -place.cost - place.tax)
        service = self.services[session.service]
        session.wage = wage
        if wage is None:
            session.wage = self.amount(session, session.practitioner, service.wage, found, found.practitioner)
        self.earned[session.practitioner] = self.earned.get(session.practitioner, 0) + session.wage
        for each in session.assistants:
            full = self.amount(session, each, service.wage, found, found.practitioner)
            session.assistants[each] = by_hand = (wages or {}).get(each, full)
            self.earned[each] = self.earned.get(each, 0) + by_hand
        session.status = found.status
        if session.status == "canceled":
            session.spans = []

    def reopen(self, session_id: str) -> None:
        session = self.found(session_id)
        if session.status == "open":
            raise Refused("not_saved")
        if any(invoice.basis != "scheduled" for invoice in self.live_lines(session_id)):
            raise Refused("invoiced")
        if session.status == "canceled":
            self.take(session)
        for client, place in session.places.items():
            self.enter(client, self.day(session.starts_at), place.cost + place.tax)
            session.places[client] = Place()
        self.earned[session.practitioner] -= session.wage
        for each, wage in session.assistants.items():
            self.earned[each] -= wage or 0
            session.assistants[each] = None
        session.status, session.wage = "open", None

    def delete(self, session_id: str) -> None:
        session = self.found(session_id)
        if session.status in ("completed", "missed") or session.moved_money:
            raise Refused("has_history")
        if self.live_lines(session_id):
            raise Refused("invoiced")
        session.deleted, session.spans = True, []

    def recover(self, session_id: str) -> None:
        session = self.found(session_id, deleted=True)
        if session.status == "open":
            self.take(session)
        session.deleted = False

    # Money --------------------------------------------------------------------------------------------------------

    def enter(self, client: str, day: date, amount: int) -> None:
        if amount:
            self.entries[client].append((day, amount))

    def live_lines(self, session_id: str, client: str | None = None) -> list[Invoice]:
        """Invoices, not void, that bill a session (of one client)."""
        return [
            invoice
            for invoice in self.invoices.values()
            if invoice.state != "void"
            and (client is None or invoice.client == client)
            and any(line.session == session_id for line in invoice.lines)
        ]

    def billable(self, client: str, first: date, last: date, basis: str) -> list[Line]:
        lines = []
        for session_id, session in self.sessions.items():
            place = session.places.get(client)
            if place is None or session.deleted or not first <= self.day(session.starts_at) <= last:
                continue
            if (session.status == "open") is not (basis == "scheduled") or self.live_lines(session_id, client):
                continue
            net, tax = self.cost(session, client) if basis == "scheduled" else (place.cost, place.tax)
            if net + tax:
                lines.append(Line(net, tax, session_id))
        if not lines:
            raise Refused("nothing_to_invoice")
        return lines

    def unpaid(self, client: str) -> list[str]:
        mine = [
            (invoice.due_on, invoice.number, key)
            for key, invoice in self.invoices.items()
            if invoice.client == client and invoice.state == "issued" and invoice.paid < invoice.total
        ]
        return [key for _, _, key in sorted(mine)]

    def apply(self, payment: Payment, invoice_ids: list[str]) -> None:
        for key in invoice_ids:
            invoice = self.invoices[key]
            part = min(payment.left, invoice.total - invoice.paid)
            if part > 0:
                payment.parts[key] = payment.parts.get(key, 0) + part
                invoice.paid += part

    def issue(self, invoice_id: str) -> None:
        invoice = self.invoices[invoice_id]
        for line in invoice.lines:
            if line.session is None:
                self.enter(invoice.client, self.today, -line.net - line.tax)
        invoice.state = "issued"
        self.use_credit(invoice_id)

    def use_credit(self, invoice_id: str) -> int:
        invoice = self.invoices[invoice_id]
        before = invoice.paid
        mine = [payment for payment in self.payments.values() if payment.client == invoice.client and payment.left > 0]
        for payment in sorted(mine, key=lambda payment: (payment.day, payment.number)):
            self.apply(payment, [invoice_id])
        return invoice.paid - before

    def pay(self, payment_id: str, payment: Payment, invoice_id: str | None = None) -> None:
        if self.status[payment.client] != "active":
            raise Refused("client_not_active")
        if invoice_id:
            self._make_payable(self.invoices[invoice_id], invoice_id)
        self.enter(payment.client, payment.day, payment.amount)
        unpaid = self.unpaid(payment.client)
        self.apply(payment, [key for key in unpaid if key == invoice_id] + [key for key in unpaid if key != invoice_id])
        self.payments[payment_id] = payment

    def _make_payable(self, invoice: Invoice, invoice_id: str) -> None:
        if invoice.state == "void":
            raise Refused("invoice_void")
        if invoice.state == "draft":
            self.issue(invoice_id)
        elif invoice.paid >= invoice.total:
            raise Refused("invoice_paid")

    def refund(self, payment_id: str, amount: int, day: date) -> None:
        payment = self.payments[payment_id]
        if payment.deleted:
            raise Refused("not_found")
        if amount > payment.amount - payment.refunded:
            raise Refused("refund_too_large")
        self._take_back(payment, max(0, amount - payment.left))
        payment.refunded += amount
        self.enter(payment.client, day, -amount)

    def _take_back(self, payment: Payment, amount: int) -> None:
        for key in reversed(list(payment.parts)):
            part = min(amount, payment.parts[key])
            payment.parts[key] -= part
            self.invoices[key].paid -= part
            amount -= part
            if not payment.parts[key]:
                del payment.parts[key]

    def delete_payment(self, payment_id: str) -> None:
        payment = self.payments[payment_id]
        if payment.deleted:
            raise Refused("not_found")
        if payment.refunded:
            raise Refused("payment_refunded")
        self._take_back(payment, sum(payment.parts.values()))
        payment.deleted = True
        self.enter(payment.client, payment.day, -payment.amount)

    def recover_payment(self, payment_id: str) -> None:
        payment = self.payments[payment_id]
        if payment.deleted:
            payment.deleted = False
            self.enter(payment.client, payment.day, payment.amount)
            self.apply(payment, self.unpaid(payment.client))

    def send(self, invoice_id: str) -> None:
        if self.invoices[invoice_id].state == "void":
            raise Refused("invoice_void")
        if self.invoices[invoice_id].state == "draft":
            self.issue(invoice_id)

    def void(self, invoice_id: str) -> None:
        invoice = self.invoices[invoice_id]
        if invoice.state == "void":
            raise Refused("invoice_void")
        for payment in self.payments.values():
            payment.parts.pop(invoice_id, None)
        if invoice.state == "issued":
            for line in invoice.lines:
                if line.session is None:
                    self.enter(invoice.client, self.today, line.net + line.tax)
        invoice.state, invoice.paid = "void", 0

    def settle(self, invoice_id: str) -> None:
        """Use what is left of the client's payments."""
        invoice = self.invoices[invoice_id]
        if invoice.state == "void":
            raise Refused("invoice_void")
        if invoice.paid >= invoice.total:
            raise Refused("invoice_paid")
        before = invoice.paid
        if invoice.state == "draft":
            self.issue(invoice_id)
        else:
            self.use_credit(invoice_id)
        if invoice.paid == before:
            raise Refused("no_credit")

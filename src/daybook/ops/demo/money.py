"""How the invented clients pay: by invoice, after each week, ahead, or late; with refunds, drafts and mistakes."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from daybook.core.periods import local_instant, month_span
from daybook.ledger import rules
from daybook.ops.demo.books import Books
from daybook.ops.demo.people import Client
from daybook.ops.demo.plan import Plan
from daybook.ops.demo.rows import AllocationRow, InvoiceRow, LineRow, PaymentRow, RefundRow

DUE_DAYS = 14
REFUND_NOTE = "Paid too much"
REFUND_SHARE = 7  # one of so many payments in advance
TOP_UPS = (20_000, 25_000, 30_000, 50_000)


@dataclass(frozen=True, slots=True)
class Bill:
    """A charge that an invoice may take up. Amounts in cents, `cost` net."""

    participant_id: UUID | None
    day: date
    text: str
    cost: int
    tax: int
    tax_rate: Decimal


@dataclass(slots=True)
class OpenInvoice:
    """An invoice whose fate is not over: kept back until it is, so that its row is written once."""

    id: UUID
    client: int
    number: int
    state: str
    issued_on: date
    period: tuple[date, date]
    bills: list[Bill]
    paid: int = 0
    note: str = ""
    payments: list[tuple[UUID, int]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(bill.cost + bill.tax for bill in self.bills)


@dataclass(frozen=True, slots=True)
class Due:
    """Something that will happen on a day: a payment of an invoice, or a refund of a payment."""

    client: int
    amount: int
    invoice: OpenInvoice | None = None
    refund_of: UUID | None = None
    method: str = "bank"


class MoneyStory:
    """Told day by day after the sessions. `owed` is what a client owes by the books: charges less payments."""

    def __init__(self, plan: Plan, rng: Random, books: Books, currency: str, zone: str) -> None:
        self.plan, self.rng, self.books, self.currency, self.zone = plan, rng, books, currency, zone
        self.owed: dict[int, int] = defaultdict(int)
        self.unbilled: dict[int, list[Bill]] = defaultdict(list)
        self.dues: dict[date, list[Due]] = defaultdict(list)
        self.open_invoices: dict[UUID, OpenInvoice] = {}
        self.last_invoice = 0
        self.last_receipt = 0
        self.advances = 0
        self.by_habit: dict[str, list[int]] = defaultdict(list)
        for index, client in enumerate(plan.cast.clients):
            if client.person.status != "prospect":
                self.by_habit[client.habit].append(index)

    def charged(self, client: int, bill: Bill) -> None:
        self.owed[client] += bill.cost + bill.tax
        if self._client(client).habit in ("invoice", "debtor"):
            self.unbilled[client].append(bill)

    def tell(self, day: date) -> None:
        """Everything about money on a day that has come."""
        for due in self.dues.pop(day, ()):
            self._settle(day, due)
        if day.day == 1:
            self._invoice_all(day)
        if day.weekday() == 5:
            self._pay_the_week(day)
        if day.weekday() in (0, 3):
            self._top_up(day)

    def finish(self) -> None:
        """Drafts of the month at hand, then all invoices that are still open."""
        today = self.plan.today
        drafts = [index for index in self.by_habit["invoice"] if self.unbilled[index]]
        for index in drafts[:3]:
            bills = sorted(self.unbilled.pop(index), key=lambda bill: bill.day)
            self._number(index, today, bills, "draft", (bills[0].day, today))
        for invoice in list(self.open_invoices.values()):
            self._write(invoice)

    # Invoices

    def _invoice_all(self, day: date) -> None:
        period = month_span(day - timedelta(days=1))
        for index in sorted([*self.by_habit["invoice"], *self.by_habit["debtor"]]):
            bills = self.unbilled.pop(index, [])
            if bills:
                self._invoice(day, index, bills, period)

    def _invoice(self, day: date, index: int, bills: list[Bill], period: tuple[date, date]) -> None:
        chance = self.rng.random()
        if chance < 0.03:
            self._number(index, day, bills, "void", period, note="Wrong period: replaced by the next one.")
        if chance > 0.95:
            bills = [*bills, self._hire(day)]
        invoice = self._number(index, day, bills, "issued", period)
        for bill in bills:
            if bill.participant_id is None:
                self.owed[index] += bill.cost
        if invoice.total > 0:
            self._plan_payments(day, index, invoice)

    def _hire(self, day: date) -> Bill:
        return Bill(
            None,
            day,
            self.rng.choice(("Instrument hire, half-size violin", "Exam entry fee", "Course book")),
            self.rng.choice((2500, 4500, 6800)),
            0,
            Decimal(0),
        )

    def _number(
        self, index: int, day: date, bills: list[Bill], state: str, period: tuple[date, date], note: str = ""
    ) -> OpenInvoice:
        self.last_invoice += 1
        invoice = OpenInvoice(self.plan.next_id(), index, self.last_invoice, state, day, period, bills, note=note)
        self.open_invoices[invoice.id] = invoice
        if state == "void":
            self._write(invoice)
        return invoice

    def _plan_payments(self, day: date, index: int, invoice: OpenInvoice) -> None:
        """When, and how much of it, will be paid: most in time, some late, some in part, some not yet."""
        client, rng = self._client(index), self.rng
        mood = client.reliability * 0.6 + rng.random() * 0.4
        if client.habit == "debtor" or mood < 0.13:
            parts = [(rng.randrange(50, 80), 1, 2)]
        elif mood < 0.25:
            parts = [(rng.randrange(8, 14), 1, 2), (rng.randrange(35, 60), 1, 1)]
        elif mood < 0.42:
            parts = [(rng.randrange(16, 40), 1, 1)]
        else:
            parts = [(rng.randrange(1, 14), 1, 1)]
        left = invoice.total
        for days, share, of in parts:
            amount = left if share == of else left * share // of // 100 * 100
            when = day + timedelta(days=days)
            if amount > 0 and when <= self.plan.today:
                self.dues[when].append(Due(index, amount, invoice, method=rng.choice(("bank", "bank", "bank", "card"))))
                left -= amount

    def _write(self, invoice: OpenInvoice) -> None:
        """The invoice's rows as they are now, and what it charges itself."""
        del self.open_invoices[invoice.id]
        plan, client = self.plan, self._client(invoice.client)
        issued_at = self._at(invoice.issued_on, 9)
        is_void, is_draft = invoice.state == "void", invoice.state == "draft"
        number = f"INV-{invoice.number:04d}"
        self.books.batch.invoices.append(
            InvoiceRow(
                invoice.id,
                client.person.id,
                (client.payer_person or client.person).id,
                number,
                invoice.number,
                invoice.state,
                "completed",
                self.currency,
                invoice.issued_on,
                invoice.issued_on + timedelta(days=DUE_DAYS),
                invoice.period[0],
                invoice.period[1],
                invoice.note,
                sum(bill.cost for bill in invoice.bills),
                sum(bill.tax for bill in invoice.bills),
                invoice.total,
                invoice.paid,
                None if is_draft else issued_at,
                issued_at + timedelta(hours=2) if is_void else None,
                issued_at,
            )
        )
        self.books.batch.allocations += [
            AllocationRow(plan.next_id(), payment_id, invoice.id, amount) for payment_id, amount in invoice.payments
        ]
        for position, bill in enumerate(invoice.bills, start=1):
            line_id = plan.next_id()
            self.books.batch.lines.append(
                LineRow(
                    line_id, invoice.id, position, bill.text, Decimal(1), bill.cost, bill.tax_rate,
                    bill.cost, bill.tax, bill.participant_id, not is_void,
                )
            )  # fmt: skip
            if bill.participant_id is None and not is_void and not is_draft:
                self._post(
                    rules.invoice_charge(
                        payer_id=client.person.id, cost_minor=bill.cost, tax_minor=bill.tax,
                        occurred_on=invoice.issued_on, source_id=line_id, description=f"{number}: {bill.text}",
                    ),
                    issued_at,
                )  # fmt: skip

    # Payments

    def _settle(self, day: date, due: Due) -> None:
        if due.refund_of is not None:
            self._refund(day, due)
            return
        invoice = due.invoice
        payment_id = self._pay(day, due.client, due.amount, due.method, invoice=invoice)
        if invoice is not None:
            invoice.paid += due.amount
            invoice.payments.append((payment_id, due.amount))
            if invoice.paid == invoice.total:
                self._write(invoice)

    def _pay_the_week(self, day: date) -> None:
        for index in self.by_habit["each"]:
            if self.owed[index] > 0 and self.rng.random() < 0.88:
                self._pay(day, index, self.owed[index], self.rng.choice(("card", "card", "cash", "paypal", "check")))

    def _top_up(self, day: date) -> None:
        for index in self.by_habit["prepay"]:
            client = self._client(index)
            week = (day - self.plan.first_day).days // 7
            if self.owed[index] > -7_000 and client.first_week <= week <= client.last_week and self.rng.random() < 0.6:
                amount = max(self.rng.choice(TOP_UPS), (self.owed[index] // 5_000 + 1) * 5_000)
                self._pay(day, index, amount, self.rng.choice(("bank", "card")), note="In advance", may_refund=True)

    def _pay(
        self, day: date, index: int, amount: int, method: str, *, invoice: OpenInvoice | None = None, note: str = "",
        may_refund: bool = False,
    ) -> UUID:  # fmt: skip
        self.last_receipt += 1
        payment_id, at = self.plan.next_id(), self._at(day, 10)
        refund = self._plan_refund(day, index, payment_id, amount, method) if may_refund else 0
        client_id = self._client(index).person.id
        reference = (
            f"INV-{invoice.number:04d}" if invoice else f"TX{self.rng.randrange(10**6):06d}" if method == "card" else ""
        )
        self.books.batch.payments.append(
            PaymentRow(
                payment_id, client_id, amount, self.currency, method, day, reference, note, self.last_receipt, refund,
                amount if invoice else 0, at,
            )
        )  # fmt: skip
        self._post(
            rules.payment(
                payer_id=client_id, amount_minor=amount, method=method, occurred_on=day, source_id=payment_id,
                description=reference,
            ),
            at,
        )  # fmt: skip
        self.owed[index] -= amount
        return payment_id

    def _plan_refund(self, day: date, index: int, payment_id: UUID, amount: int, method: str) -> int:
        """A part of some payments goes back days later; how much, or 0."""
        when = day + timedelta(days=self.rng.randrange(2, 12))
        self.advances += 1
        if self.advances % REFUND_SHARE or when > self.plan.today:
            return 0
        back = amount * self.rng.choice((20, 25, 50, 100)) // 100
        self.dues[when].append(Due(index, back, refund_of=payment_id, method=method))
        return back

    def _refund(self, day: date, due: Due) -> None:
        assert due.refund_of is not None
        refund_id, at = self.plan.next_id(), self._at(day, 11)
        client_id = self._client(due.client).person.id
        self.books.batch.refunds.append(RefundRow(refund_id, due.refund_of, due.amount, day, REFUND_NOTE, at))
        self._post(
            rules.refund(
                payer_id=client_id, amount_minor=due.amount, method=due.method, occurred_on=day, source_id=refund_id,
                description=REFUND_NOTE,
            ),
            at,
        )  # fmt: skip
        self.owed[due.client] += due.amount

    def _post(self, entry: rules.NewEntry, at: datetime) -> None:
        self.books.post(entry, at, "user", self.plan.cast.staff[0].id)

    def _client(self, index: int) -> Client:
        return self.plan.cast.clients[index]

    def _at(self, day: date, hour: int) -> datetime:
        return local_instant(day, time(hour, self.rng.randrange(60)), self.zone)

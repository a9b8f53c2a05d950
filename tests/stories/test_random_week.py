"""A random week through the API, beside a tiny model of the books: whatever is done in whatever order, every price,
balance, statement, invoice and taken hour is what the model says. `--long` walks longer and further.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from daybook.ledger.models import Account
from daybook.scheduling.models import Occupancy, Participant
from daybook.tenancy.scope import open_scope
from tests.api.client import Answer, Caller, caller_for
from tests.factories.businesses import make_administrator, make_business
from tests.factories.sessions import make_completion_types
from tests.stories.books import Books, Invoice, Line, Payment, Place, Refused, Service, Session, Type, half_up

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
# The night of 28 March, when Europe's clocks change, is in the middle.
FIRST = datetime(2026, 3, 27, tzinfo=UTC)
FIXED_TYPES = [
    ("missed", True, 7, 3),
    ("completed", False, 33, 50),
    ("canceled", False, 50, 0),
    ("canceled", False, 0, 0),
]
PLACES = [("Europe/Berlin", "EUR", 2), ("Pacific/Kiritimati", "KWD", 3), ("Pacific/Honolulu", "JPY", 0)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One short walk a currency, or many long ones."""
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(30 if metafunc.config.getoption("--long") else 1))


@pytest.fixture(autouse=True)
def loud(settings: Any) -> None:
    """A mistake of ours fails the test instead of becoming a 500, and nobody is told to slow down."""
    settings.API_RAISES = True
    settings.API_RATE = 1_000_000


class Week:
    """Does random things twice, in the model and through the API, and compares."""

    def __init__(self, api: Caller, books: Books, rng: random.Random) -> None:
        self.api, self.books, self.rng = api, books, rng
        self.log: list[str] = []
        self.refusals: Counter[str] = Counter()
        self.type_names: dict[str, str] = {}
        self._fill()

    # The world ----------------------------------------------------------------------------------------------------

    def _fill(self) -> None:
        books = self.books
        self.clients = [self._made("/clients", first_name=f"Client {n}") for n in range(5)]
        self.practitioners = [self._made("/practitioners", first_name=f"Teacher {n}") for n in range(3)]
        for person in self.clients + self.practitioners:
            books.status[person] = "active"
        books.entries = {client: [] for client in self.clients}
        books.earned = dict.fromkeys(self.practitioners, 0)
        for n, capacity in enumerate((1, 3, None)):
            books.rooms[self._made("/locations", name=f"Room {n}", capacity=capacity)] = capacity
        for n in range(4):
            service = Service(n % 2 == 0, self.minor(), self.minor(), self.percent(), concurrent=n == 3)
            body = {"kind": "hourly" if service.is_hourly else "fixed", "concurrent": service.concurrent}
            made = self._made("/services", name=f"Service {n}", **body, **self._prices(service))
            books.services[made] = service
        for row in self.get("/completion-types")["items"]:
            books.types[row["id"]] = Type(row["status"], False, row["client_modifier"], row["practitioner_modifier"])
        for n, (status, fixed, client, practitioner) in enumerate(FIXED_TYPES):
            made = self._made(
                "/completion-types",
                status=status,
                label=f"Type {n}",
                modifier="fixed" if fixed else "percentage",
                client_modifier=client,
                practitioner_modifier=practitioner,
            )
            books.types[made] = Type(status, fixed, client, practitioner)

    def _made(self, path: str, **body: Any) -> str:
        answer = self.api.post(path, body)
        assert answer.status == 201, answer.body
        return answer.body["id"]

    def _prices(self, service: Service) -> dict[str, Any]:
        return {
            "cost": self.text(service.cost),
            "wage": self.text(service.wage),
            "tax_rate": f"{float(service.tax):g}",
            "buffer_before": service.before,
            "buffer_after": service.after,
        }

    def get(self, path: str, **query: Any) -> Any:
        answer = self.api.get(path, **query)
        assert answer.status == 200, answer.body
        return answer.body

    # Chance -------------------------------------------------------------------------------------------------------

    def minor(self) -> int:
        return self.rng.choice([0, 1, 5, 33, 995, 3310, 5000, 12345, 100_000])

    def percent(self) -> Fraction:
        return self.rng.choice([Fraction(0), Fraction(0), Fraction(19), Fraction(15, 2)])

    def text(self, minor: int) -> str:
        """Minor units as the API writes them."""
        digits = self.books.digits
        if not digits:
            return str(minor)
        sign, size = "-" if minor < 0 else "", f"{abs(minor):0{digits + 1}d}"
        return f"{sign}{size[:-digits]}.{size[-digits:]}"

    def pick(self, among: Any) -> Any:
        return self.rng.choice(list(among))

    def some_clients(self) -> list[str]:
        return self.rng.sample(self.clients, self.pick([1, 1, 1, 2, 3, 5]))

    def some_time(self) -> tuple[datetime, datetime]:
        starts_at = FIRST + timedelta(minutes=self.rng.randrange(0, 8 * 24 * 60, 5))
        return starts_at, starts_at + timedelta(minutes=self.pick([1, 25, 45, 60, 60, 85, 90, 120, 1440]))

    def some_day(self) -> date:
        return date(2026, 3, 25) + timedelta(days=self.rng.randrange(12))

    # The two worlds side by side ----------------------------------------------------------------------------------

    def both(self, what: str, ask: Callable[[], Answer], do: Callable[[Books, Any], Any]) -> Any:
        """Ask the API; then the model, with the answer's body, must agree that it is done or why it is refused."""
        self.log.append(what)
        answer = ask()
        after = deepcopy(self.books)
        try:
            do(after, answer.body if answer.status < 400 else {"id": "none", "number": "0"})
        except Refused as refusal:
            assert answer.status >= 400, f"{what}: done, but should be refused as {refusal.codes}"
            assert answer.code in refusal.codes, f"{what}: {answer.body}, but should be {refusal.codes}"
            self.refusals[answer.code] += 1
            return None
        assert answer.status < 400, f"{what}: {answer.body}"
        self.books = after
        return answer.body

    def step(self) -> None:
        verbs = {
            self.add: 20, self.move: 10, self.complete: 18, self.reopen: 7, self.delete: 5, self.recover: 5, self.bulk: 4,
            self.client_rate: 4, self.wage_rate: 3, self.drop_rate: 1, self.price: 4, self.timing: 3, self.type: 1, self.status: 2,
            self.pay: 8, self.pay_many: 1, self.refund: 4, self.delete_payment: 3, self.recover_payment: 2,
            self.invoice_period: 6, self.invoice_lines: 4, self.rewrite: 2, self.send: 5, self.void: 3, self.pay_invoice: 4,
            self.use_credit: 2,
        }  # fmt: skip
        self.rng.choices(list(verbs), list(verbs.values()))[0]()

    # Sessions -----------------------------------------------------------------------------------------------------

    def add(self) -> None:
        starts_at, ends_at = self.some_time()
        session = Session(
            self.pick(self.books.services),
            self.pick(self.practitioners),
            self.pick([None, *self.books.rooms]),
            starts_at,
            ends_at,
            {client: Place() for client in self.some_clients()},
            assistants=dict.fromkeys(self.rng.sample(self.practitioners, self.pick([0, 0, 0, 1, 2]))),
        )
        session.assistants.pop(session.practitioner, None)

        def do(books: Books, body: Any) -> None:
            books.add(session)
            books.sessions[body["id"]] = session

        self.both(f"add {session}", lambda: self.api.post("/sessions", self._body(session)), do)

    def _body(self, session: Session) -> dict[str, Any]:
        return {
            "service": session.service,
            "practitioners": [session.practitioner, *session.assistants],
            "location": session.location,
            "clients": list(session.places),
            "starts_at": session.starts_at.astimezone(self.books.zone).isoformat(),
            "ends_at": session.ends_at.isoformat(),
        }

    def a_session(self, *, deleted: bool = False) -> str | None:
        """Mostly one that the verb fits."""
        fitting = [key for key, session in self.books.sessions.items() if session.deleted is deleted]
        among = fitting if fitting and self.rng.random() < 0.95 else list(self.books.sessions)
        return self.pick(among) if among else None

    def move(self) -> None:
        if (session_id := self.a_session()) is None:
            return
        new = deepcopy(self.books.sessions[session_id])
        for part in self.rng.sample(["time", "who", "where", "what", "whom"], self.pick([1, 1, 2, 5])):
            if part == "time":
                new.starts_at, new.ends_at = self.some_time()
            elif part == "who":
                new.practitioner = self.pick(self.practitioners)
                new.assistants = dict.fromkeys(self.rng.sample(self.practitioners, self.pick([0, 0, 1, 2])))
                new.assistants.pop(new.practitioner, None)
            elif part == "where":
                new.location = self.pick([None, *self.books.rooms])
            elif part == "what":
                new.service = self.pick(self.books.services)
            else:
                new.places = {client: new.places.get(client, Place()) for client in self.some_clients()}
        self.both(
            f"move {session_id} to {new}",
            lambda: self.api.patch(f"/sessions/{session_id}", self._body(new)),
            lambda books, _: books.change(session_id, deepcopy(new)),
        )

    def _choice(self, kind: str) -> str:
        """A type by its id, or a default one by its name."""
        first = next(key for key, each in self.books.types.items() if each.status == self.books.types[kind].status)
        return self.books.types[kind].status if kind == first and self.rng.random() < 0.5 else kind

    def complete(self) -> None:
        if (session_id := self.a_session()) is None:
            return
        kind, own, cost, wage = self.pick(self.books.types), {}, None, None
        wages: dict[str, int] = {}
        for client in self.books.sessions[session_id].places:
            if self.rng.random() < 0.25:
                own[client] = self.pick(self.books.types)
        if self.rng.random() < 0.2:
            cost, wage = self.pick([None, self.minor()]), self.pick([None, self.minor()])
            wages = {each: self.minor() for each in self.books.sessions[session_id].assistants}
        body = {
            "completion_type": self._choice(kind),
            "participants": [{"client": client, "completion_type": self._choice(each)} for client, each in own.items()],
            "override": {
                "cost": None if cost is None else self.text(cost),
                "wage": None if wage is None else self.text(wage),
                "wages": {each: self.text(amount) for each, amount in wages.items()},
            },
        }
        self.both(
            f"complete {session_id} {body}",
            lambda: self.api.post(f"/sessions/{session_id}/complete", body),
            lambda books, _: books.complete(session_id, kind, NOW, own, cost, wage, wages),
        )

    def reopen(self) -> None:
        if session_id := self.a_session():
            self.both(
                f"reopen {session_id}",
                lambda: self.api.post(f"/sessions/{session_id}/reopen"),
                lambda books, _: books.reopen(session_id),
            )

    def delete(self) -> None:
        if session_id := self.a_session():
            self.both(
                f"delete {session_id}",
                lambda: self.api.delete(f"/sessions/{session_id}"),
                lambda books, _: books.delete(session_id),
            )

    def recover(self) -> None:
        if session_id := self.a_session(deleted=True):
            self.both(
                f"recover {session_id}",
                lambda: self.api.post(f"/deleted-sessions/{session_id}/recover"),
                lambda books, _: books.recover(session_id),
            )

    def bulk(self) -> None:
        """Each goes through or is refused by itself, in their order."""
        if not self.books.sessions:
            return
        ids = [self.a_session() for _ in range(self.rng.randrange(1, 6))]
        ids = list(dict.fromkeys(each for each in ids if each))
        action = self.pick(["complete", "cancel", "miss", "delete", "recover"])
        status = {"complete": "completed", "cancel": "canceled", "miss": "missed"}.get(action)
        kind = next((key for key, each in self.books.types.items() if each.status == status), "")

        def do(books: Books, body: Any) -> None:
            if kind:
                books.choose(kind)
            told = {item["id"]: item["problem"] and item["problem"]["code"] for item in body["items"]}
            assert list(told) == ids
            for session_id in ids:
                tried = deepcopy(books)
                try:
                    if kind:
                        tried.complete(session_id, kind, NOW)
                    else:
                        getattr(tried, action)(session_id)
                except Refused as refusal:
                    assert told[session_id] in refusal.codes, (action, session_id, told[session_id], refusal.codes)
                else:
                    assert told[session_id] is None, (action, session_id, told[session_id])
                    books.__dict__.update(tried.__dict__)

        self.both(f"{action} {ids}", lambda: self.api.post("/sessions/bulk", {"ids": ids, "action": action}), do)

    # Prices -------------------------------------------------------------------------------------------------------

    def client_rate(self) -> None:
        self._rate("/client-rates", "client", self.pick(self.clients), "cost")

    def wage_rate(self) -> None:
        self._rate("/wage-rates", "practitioner", self.pick(self.practitioners), "wage")

    def _rate(self, path: str, whose: str, person: str, what: str) -> None:
        service, amount, day = self.pick(self.books.services), self.minor(), self.some_day()
        body = {whose: person, "service": service, what: self.text(amount), "starts_on": day.isoformat()}

        def do(books: Books, _: Any) -> None:
            books.rates.setdefault((person, service), {})[day] = amount

        self.both(f"rate {body}", lambda: self.api.post(path, body), do)

    def drop_rate(self) -> None:
        """Take a rate away, or let it begin on another day."""
        path = self.pick(["/client-rates", "/wage-rates"])
        rows = self.get(path, limit=500)["items"]
        if not rows:
            return
        row = self.pick(rows)
        person = row.get("client") or row["practitioner"]
        day, other = date.fromisoformat(row["starts_on"]), self.some_day()
        there = f"{path}/{row['id']}"
        taken = self.books.rates[person, row["service"]]
        if other in taken or self.rng.random() < 0.5:
            self.both(
                f"drop {row}",
                lambda: self.api.delete(there),
                lambda books, _: books.rates[person, row["service"]].pop(day),
            )
            return

        def do(books: Books, _: Any) -> None:
            rates = books.rates[person, row["service"]]
            rates[other] = rates.pop(day)

        self.both(f"{row} from {other}", lambda: self.api.patch(there, {"starts_on": other.isoformat()}), do)

    def price(self) -> None:
        service_id = self.pick(self.books.services)
        new = deepcopy(self.books.services[service_id])
        new.cost, new.wage, new.tax = self.minor(), self.minor(), self.percent()
        new.is_hourly = self.rng.random() < 0.5

        def do(books: Books, _: Any) -> None:
            books.services[service_id] = new

        body = self._prices(new) | {"kind": "hourly" if new.is_hourly else "fixed"}
        self.both(f"price {service_id} {new}", lambda: self.api.patch(f"/services/{service_id}", body), do)

    def timing(self) -> None:
        """New buffers, or side by side or not; a room that becomes exclusive, or is one no more."""
        if self.rng.random() < 0.5:
            room, capacity = self.pick(self.books.rooms), self.pick([1, 1, 3, None])

            def change_room(books: Books, _: Any) -> None:
                was, books.rooms[room] = books.rooms[room], capacity
                if (was == 1) is not (capacity == 1):
                    books.retake(NOW, room=room)

            body: dict[str, Any] = {"capacity": capacity}
            self.both(f"room {room} {body}", lambda: self.api.patch(f"/locations/{room}", body), change_room)
            return
        service = self.pick(self.books.services)
        values = {
            "before": self.pick([0, 0, 10]),
            "after": self.pick([0, 5]),
            "concurrent": self.pick([False, False, True]),
        }

        def change_service(books: Books, _: Any) -> None:
            found = books.services[service]
            before = {name: getattr(found, name) for name in values}
            found.__dict__.update(values)
            if before != values:
                books.retake(NOW, service=service)

        asked = {"buffer_before": values["before"], "buffer_after": values["after"], "concurrent": values["concurrent"]}
        self.both(f"{service} {asked}", lambda: self.api.patch(f"/services/{service}", asked), change_service)

    def type(self) -> None:
        """What was saved by a type stays as it is."""
        kind = self.pick(self.books.types)
        client, practitioner, enabled = self.pick([0, 25, 100, 133]), self.pick([0, 50, 100]), self.rng.random() < 0.8

        def do(books: Books, _: Any) -> None:
            found = books.types[kind]
            found.client, found.practitioner, found.enabled = client, practitioner, enabled

        body = {"client_modifier": client, "practitioner_modifier": practitioner, "enabled": enabled}
        self.both(f"type {kind} {body}", lambda: self.api.patch(f"/completion-types/{kind}", body), do)

    def status(self) -> None:
        person = self.pick(self.clients + self.practitioners)
        status = self.pick(["active", "active", "active", "inactive"])
        path = "/clients" if person in self.clients else "/practitioners"

        def do(books: Books, _: Any) -> None:
            books.status[person] = status

        self.both(f"{person} {status}", lambda: self.api.patch(f"{path}/{person}", {"status": status}), do)

    # Money --------------------------------------------------------------------------------------------------------

    def pay(self) -> None:
        client, amount, day = self.pick(self.clients), self.minor() or 700, self.some_day()
        invoice = None
        mine = [key for key, each in self.books.invoices.items() if each.client == client]
        if mine and self.rng.random() < 0.5:
            invoice = self.pick(mine)
        body = {"client": client, "amount": self.text(amount), "method": "cash", "received_on": day.isoformat()}
        if invoice:
            body["invoice"] = invoice
        payment = Payment(client, amount, day, len(self.books.payments))
        self.both(
            f"pay {body}",
            lambda: self.api.post("/payments", body),
            lambda books, made: books.pay(made["id"], deepcopy(payment), invoice),
        )

    def pay_many(self) -> None:
        asked = [Payment(self.pick(self.clients), self.minor() or 1, self.some_day(), n) for n in range(3)]
        body = [
            {
                "client": each.client,
                "amount": self.text(each.amount),
                "method": "bank",
                "received_on": each.day.isoformat(),
            }
            for each in asked
        ]

        def do(books: Books, made: Any) -> None:
            if any(books.status[each.client] != "active" for each in asked):
                raise Refused("invalid")
            for row, each in zip(made["items"], asked, strict=True):
                each.number = len(books.payments)
                books.pay(row["id"], each)

        self.both(f"pay {body}", lambda: self.api.post("/payments/bulk", body), do)

    def a_payment(self) -> str | None:
        return self.pick(self.books.payments) if self.books.payments else None

    def refund(self) -> None:
        if payment_id := self.a_payment():
            payment, day = self.books.payments[payment_id], self.some_day()
            amount = self.pick([payment.amount, max(1, payment.amount // 3), max(1, payment.amount - payment.refunded)])
            body = {"amount": self.text(amount), "refunded_on": day.isoformat()}
            self.both(
                f"refund {payment_id} {body}",
                lambda: self.api.post(f"/payments/{payment_id}/refund", body),
                lambda books, _: books.refund(payment_id, amount, day),
            )

    def delete_payment(self) -> None:
        if payment_id := self.a_payment():
            self.both(
                f"delete payment {payment_id}",
                lambda: self.api.delete(f"/payments/{payment_id}"),
                lambda books, _: books.delete_payment(payment_id),
            )

    def recover_payment(self) -> None:
        if payment_id := self.a_payment():
            self.both(
                f"recover payment {payment_id}",
                lambda: self.api.post(f"/payments/{payment_id}/recover"),
                lambda books, _: books.recover_payment(payment_id),
            )

    def _invoice(self, client: str, basis: str, body: dict[str, Any], lines: Callable[[Books], list[Line]]) -> None:
        issued = self.books.today - timedelta(days=self.pick([0, 0, 40]))
        due_on = issued + timedelta(days=self.rng.randrange(30))
        body = {"client": client, "issued_on": issued.isoformat(), "due_on": due_on.isoformat(), **body}

        def do(books: Books, made: Any) -> None:
            found = Invoice(client, basis, due_on, int(made["number"].removeprefix("INV-")), lines(books))
            if found.total < 0:
                raise Refused("invalid")
            books.invoices[made["id"]] = found

        self.both(f"invoice {body}", lambda: self.api.post("/invoices", body), do)

    def invoice_period(self) -> None:
        client, basis = self.pick(self.clients), self.pick(["completed", "completed", "scheduled"])
        first = self.some_day()
        last = first + timedelta(days=self.pick([0, 3, 20]))
        body = {"from": first.isoformat(), "to": last.isoformat(), "basis": basis}
        self._invoice(client, basis, body, lambda books: books.billable(client, first, last, basis))

    def _free_lines(self) -> tuple[list[dict[str, Any]], list[Line]]:
        asked, lines = [], []
        for n in range(self.rng.randrange(1, 4)):
            quantity = self.pick([Fraction(1), Fraction(2), Fraction(1, 3).limit_denominator(1), Fraction(5, 2)]) or 1
            unit, tax = self.minor() * self.pick([1, 1, 1, -1]), self.percent()
            net = half_up(Fraction(quantity) * unit)
            lines.append(Line(net, half_up(net * tax / 100)))
            asked.append(
                {
                    "description": f"Line {n}",
                    "quantity": float(quantity),
                    "unit_amount": self.text(unit),
                    "tax_rate": f"{float(tax):g}",
                }
            )
        return asked, lines

    def invoice_lines(self) -> None:
        asked, lines = self._free_lines()
        self._invoice(self.pick(self.clients), "lines", {"lines": asked}, lambda books: lines)

    def an_invoice(self) -> str | None:
        return self.pick(self.books.invoices) if self.books.invoices else None

    def rewrite(self) -> None:
        if (invoice_id := self.an_invoice()) is None:
            return
        asked, lines = self._free_lines()

        def do(books: Books, _: Any) -> None:
            if books.invoices[invoice_id].state != "draft":
                raise Refused("invoice_issued")
            books.invoices[invoice_id].lines = lines
            if books.invoices[invoice_id].total < 0:
                raise Refused("invalid")

        self.both(f"rewrite {invoice_id}", lambda: self.api.patch(f"/invoices/{invoice_id}", {"lines": asked}), do)

    def send(self) -> None:
        if invoice_id := self.an_invoice():
            self.both(
                f"send {invoice_id}",
                lambda: self.api.post(f"/invoices/{invoice_id}/{self.pick(['issue', 'issue', 'issue', 'send'])}"),
                lambda books, _: books.send(invoice_id),
            )

    def void(self) -> None:
        if invoice_id := self.an_invoice():
            self.both(
                f"void {invoice_id}",
                lambda: self.api.post(f"/invoices/{invoice_id}/void"),
                lambda books, _: books.void(invoice_id),
            )

    def use_credit(self) -> None:
        if invoice_id := self.an_invoice():
            self.both(
                f"use credit on {invoice_id}",
                lambda: self.api.post(f"/invoices/{invoice_id}/use-credit"),
                lambda books, _: books.settle(invoice_id),
            )

    def pay_invoice(self) -> None:
        if (invoice_id := self.an_invoice()) is None:
            return
        amount = self.pick([None, None, 1, 5000])
        body = {"method": "card"} | ({} if amount is None else {"amount": self.text(amount)})
        before = set(self.books.payments)

        def do(books: Books, _: Any) -> None:
            invoice = books.invoices[invoice_id]
            if invoice.state == "draft":
                books.issue(invoice_id)
            if invoice.state == "void":
                raise Refused("invoice_void")
            if invoice.paid >= invoice.total:
                raise Refused("invoice_paid")
            paid = invoice.total - invoice.paid if amount is None else amount
            new = [
                row
                for row in self.get("/payments", limit=500, client=invoice.client)["items"]
                if row["id"] not in before
            ]
            payment = Payment(invoice.client, paid, books.today, len(books.payments))
            books.pay(new[0]["id"] if new else "none", payment, invoice_id)

        self.both(f"pay {invoice_id} {body}", lambda: self.api.post(f"/invoices/{invoice_id}/pay", body), do)

    # Everything is as the model says ------------------------------------------------------------------------------

    def compare(self) -> None:
        self._compare_sessions()
        self._compare_clients()
        self._compare_documents()
        check = self.get("/ledger/check")
        assert (check["problems"], check["balanced"]) == ([], True)
        for practitioner, earned in self.books.earned.items():
            account = Account.objects.filter(kind="wages_payable", owner=practitioner).first()
            assert (-account.balance_minor if account else 0) == earned

    def _compare_sessions(self) -> None:
        shown = {row["id"]: row for path in ("/sessions", "/deleted-sessions") for row in self._all(path)}
        assert shown.keys() == self.books.sessions.keys()
        for key, session in self.books.sessions.items():
            row = shown[key]
            assert (row["status"], row["wage"]) == (session.status, self._text(session.wage)), key
            assert datetime.fromisoformat(row["starts_at"]) == session.starts_at
            assert datetime.fromisoformat(row["ends_at"]) == session.ends_at
            assert row["wages"][0] == {"practitioner": session.practitioner, "wage": self._text(session.wage)}, key
            assert {each["practitioner"]: each["wage"] for each in row["wages"][1:]} == {
                each: self._text(wage) for each, wage in session.assistants.items()
            }, key
            places = {place["client"]: place for place in row["participants"]}
            assert places.keys() == session.places.keys(), key
            for client, place in session.places.items():
                found = places[client]
                scheduled = sum(self.books.cost(session, client)) if session.status == "open" else 0
                assert (found["status"], found["cost"]) == (place.status, self._text(place.cost)), key
                assert found["tax"] == self._text(place.tax), key
                if not session.deleted:
                    assert found["scheduled"] in (self.text(scheduled), None if session.status != "open" else 0), key
        taken = Counter(
            (str(row.session_id), str(row.resource_id), row.span.lower, row.span.upper)
            for row in Occupancy.objects.all()
        )
        assert taken == Counter((key, *span) for key, each in self.books.sessions.items() for span in each.spans)
        assert Participant.objects.filter(session__deleted_at__isnull=False).exclude(scheduled_minor=0).count() == 0

    def _text(self, minor: int | None) -> str | None:
        return None if minor is None else self.text(minor)

    def _all(self, path: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            page = self.get(path, limit=37, **cursor)
            rows += page["items"]
            if page["next_cursor"] is None:
                return rows
            cursor = {"cursor": page["next_cursor"]}

    def _compare_clients(self) -> None:
        balances = {row["client"]: row for row in self._all("/balances")}
        for client, entries in self.books.entries.items():
            balance, scheduled = sum(amount for _, amount in entries), self.books.scheduled(client)
            found = self.get(f"/clients/{client}/balance")
            asked = {"balance": balance, "scheduled": scheduled, "available_credit": balance - scheduled}
            assert {name: found[name] for name in asked} == {name: self.text(each) for name, each in asked.items()}
            assert all(balances[client][name] == found[name] for name in (*asked, "payments", "costs"))
            paid = sum(
                each.amount - each.refunded
                for each in self.books.payments.values()
                if each.client == client and not each.deleted
            )
            assert (found["payments"], found["costs"]) == (self.text(paid), self.text(paid - balance))
            statement = self.get(f"/clients/{client}/statement", limit=500)
            lines = Counter((line["date"], line["amount"]) for line in statement["entries"])
            assert lines == Counter((day.isoformat(), self.text(amount)) for day, amount in entries)
            assert (statement["opening"], statement["closing"]) == (self.text(0), self.text(balance))
            assert [line["date"] for line in statement["entries"]] == sorted(
                line["date"] for line in statement["entries"]
            )

    def _compare_documents(self) -> None:
        invoices = {row["id"]: row for row in self._all("/invoices")}
        assert invoices.keys() == self.books.invoices.keys()
        assert sorted(each.number for each in self.books.invoices.values()) == list(range(1, len(invoices) + 1))
        for key, invoice in self.books.invoices.items():
            row, due = invoices[key], 0 if invoice.state == "void" else invoice.total - invoice.paid
            assert (row["total"], row["paid"], row["due"]) == tuple(
                map(self.text, (invoice.total, invoice.paid, due))
            ), key
            assert row["status"] == self._shown(invoice), key
            assert Counter((line["amount"], line["tax"]) for line in row["lines"]) == Counter(
                (self.text(line.net), self.text(line.tax)) for line in invoice.lines
            ), key
        payments = {
            row["id"]: row
            for row in [*self._all("/payments"), *self.get("/payments", deleted=True, limit=500)["items"]]
        }
        assert payments.keys() == self.books.payments.keys()
        for key, payment in self.books.payments.items():
            row = payments[key]
            assert row["refunded"] == self.text(payment.refunded)
            assert {part["invoice"]: part["amount"] for part in row["allocations"]} == {
                invoice: self.text(part) for invoice, part in payment.parts.items()
            }, key
            if not payment.deleted:
                assert row["credit"] == self.text(payment.left)

    def _shown(self, invoice: Invoice) -> str:
        if invoice.state != "issued":
            return invoice.state
        if invoice.paid >= invoice.total:
            return "paid"
        if invoice.due_on < self.books.today:
            return "overdue"
        return "partly_paid" if invoice.paid else "sent"


@pytest.mark.parametrize("place", PLACES, ids=[place[1] for place in PLACES])
def test_random_week_is_what_the_model_says(
    db: None, place: tuple[str, str, int], seed: int, pytestconfig: Any
) -> None:
    zone, currency, digits = place
    with time_machine.travel(NOW, tick=False), open_scope(make_business(time_zone=zone, currency=currency).pk):
        make_completion_types()
        books = Books(ZoneInfo(zone), digits, NOW.astimezone(ZoneInfo(zone)).date())
        week = Week(caller_for(make_administrator()), books, random.Random(f"{currency} {seed}"))
        steps = 600 if pytestconfig.getoption("--long") else 120
        try:
            for number in range(1, steps + 1):
                week.step()
                if number % 40 == 0:
                    week.compare()
        except AssertionError as error:
            error.add_note("\n".join(week.log[-40:]))
            raise
        assert week.refusals.total() > 0

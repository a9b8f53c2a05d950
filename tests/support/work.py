"""Work for a running Daybook while something breaks, and the proof afterwards that nothing was lost or done twice."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from typing import Any

from tests.support.caller import Answered, Caller

PAUSE_SECONDS = 0.1
COST = 40  # of one session


@dataclass
class Load:
    """Sessions and payments, each with a key of its own, sent again under that key until an answer comes.

    With several `ports`, the callers are spread over them. Any answer but a success and an honest 503 ends the test.
    """

    api: Caller
    operations: int
    ports: tuple[int, ...] = ()
    callers: int = 4
    patience: float = 60
    done: dict[str, str] = field(default_factory=dict)
    refusals: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def retries(self) -> int:
        return self.refusals.total()

    def prepare(self) -> Load:
        self.client = self.api.made("/clients", {"first_name": "Leo", "last_name": "Lind", "email": "leo@example.org"})
        self.service = self.api.made(
            "/services", {"name": f"Lesson {self.client}", "kind": "fixed", "cost": f"{COST}.00", "wage": "20.00"}
        )
        self.practitioners = [
            self.api.made("/practitioners", {"first_name": "Pia", "last_name": str(n)}) for n in range(self.callers)
        ]
        return self

    def run(self) -> None:
        with ThreadPoolExecutor(self.callers) as pool:
            list(pool.map(self._caller, range(self.callers)))

    def run_until(self, share: float, deed: Callable[[], object], *, times: int = 1) -> Load:
        """Run, and do the deed `times` times meanwhile: when `share` of the work is done, and evenly from there on."""
        with ThreadPoolExecutor(1) as pool:
            work = pool.submit(self.run)
            for turn in range(times):
                due = 2 * self.operations * (share + (1 - share) * turn / times)
                while len(self.done) < due and not work.done():
                    time.sleep(0.005)
                deed()
            work.result()
        return self

    def _caller(self, number: int) -> None:
        api = replace(self.api, port=self.ports[number % len(self.ports)]) if self.ports else self.api
        for index in range(number, self.operations, self.callers):
            self._once(api, f"session-{index}", "/sessions", self._session(number, index))
            self._once(api, f"payment-{index}", "/payments", self._payment(index))

    def _session(self, number: int, index: int) -> dict[str, Any]:
        day, slot = divmod(index // self.callers, 12)
        when = f"{date(2031, 3, 3) + timedelta(days=day)}T{8 + slot:02}"
        return {
            "service": self.service,
            "practitioner": self.practitioners[number],
            "clients": [self.client],
            "starts_at": f"{when}:00:00Z",
            "ends_at": f"{when}:45:00Z",
            "public_note": f"session-{index}",
        }

    def _payment(self, index: int) -> dict[str, Any]:
        return {
            "client": self.client,
            "amount": "1.00",
            "method": "cash",
            "received_on": "2026-03-03",
            "reference": f"payment-{index}",
        }

    def _once(self, api: Caller, key: str, path: str, body: dict[str, Any]) -> None:
        deadline = time.monotonic() + self.patience
        while time.monotonic() < deadline:
            began = time.monotonic()
            try:
                answered: Answered | None = api.call("POST", path, body, key=f"{self.client}-{key}")
            except (OSError, http.client.HTTPException):
                answered = None
            with self._lock:
                self.slowest = max(self.slowest, time.monotonic() - began)
                if answered and answered.status == 201:
                    self.done[key] = str(answered.body["id"])
                    return
                assert answered is None or answered.status == 503, answered
                self.refusals[answered.code if answered else "no answer"] += 1
            time.sleep(PAUSE_SECONDS)
        raise AssertionError(f"{key} was not acknowledged within {self.patience} s: {dict(self.refusals)}")


@dataclass(frozen=True)
class Figures:
    """What was found after the fault."""

    operations: int
    acknowledged: int
    found: int
    lost: int
    double: int
    half: int
    retries: int
    slowest: float

    @property
    def is_right(self) -> bool:
        return self.acknowledged == self.found == self.operations and not (self.lost or self.double or self.half)


def figures(load: Load) -> Figures:
    """Count what is there: each operation by its id and its own mark, its effects by the sums that it must add up to."""
    api, count = load.api, load.operations
    sessions = every(api, f"/sessions?client={load.client}")
    payments = every(api, f"/payments?client={load.client}")
    rows = sessions + payments
    marks = Counter([each["public_note"] for each in sessions] + [each["reference"] for each in payments])
    acknowledged = set(load.done.values())
    balance = api.call("GET", f"/clients/{load.client}/balance").body
    report = api.call("GET", "/ledger/check").body
    paid, planned = Decimal(balance["payments"]), Decimal(balance["scheduled"])
    half = ceil(abs(paid - len(payments)) + abs(planned / COST - len(sessions)))
    half += sum(each["clients"] != [load.client] for each in sessions)
    return Figures(
        operations=2 * count,
        acknowledged=len(load.done),
        found=len(acknowledged & {each["id"] for each in rows}),
        lost=len(acknowledged - {each["id"] for each in rows}),
        double=len(rows) - len(marks),
        half=half + (0 if report["balanced"] is True else 1),
        retries=load.retries,
        slowest=load.slowest,
    )


def every(api: Caller, path: str) -> list[dict[str, Any]]:
    """All items of a list, page by page."""
    items: list[dict[str, Any]] = []
    cursor = ""
    while True:
        mark = "&" if "?" in path else "?"
        page = api.call("GET", f"{path}{mark}limit=500{f'&cursor={cursor}' if cursor else ''}").body
        items += page["items"]
        cursor = page["next_cursor"]
        if not cursor:
            return items

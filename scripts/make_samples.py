"""Make the sample files under samples/: one believable month in Daybook's own layouts, and other systems' exports.

The same seed gives the same files.
Run `python scripts/make_samples.py`; a test checks that what is committed is what this makes.
"""

from __future__ import annotations

import csv
import io
import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from foreign_samples import foreign_files

SEED = 20_260_501
FOLDER = Path(__file__).resolve().parents[1] / "samples"
FIRST, LAST = date(2026, 5, 1), date(2026, 5, 31)
CLOSED = frozenset({date(2026, 5, 1), date(2026, 5, 14), date(2026, 5, 25)})

# Name, family name, e-mail's host: made up, from many places.
PRACTITIONERS = (
    ("Annika", "Lindqvist", "piano"),
    ("Mateo", "Alvarez", "guitar"),
    ("Priya", "Raman", "maths"),
    ("Jonas", "Weidmann", "science"),
    ("Claire", "Moreau", "french"),
    ("Tomasz", "Zieliński", "speech"),
    ("Hana", "Okada", "piano"),
    ("Samuel", "Osei", "maths"),
)
FAMILIES = (
    ("Abbott", ("Leo", "Ivy")), ("Baumann", ("Felix",)), ("Castillo", ("Lucía", "Diego")), ("Dubois", ("Margaux",)),
    ("Eriksen", ("Nora",)), ("Fofanah", ("Ibrahim",)), ("García", ("Sofía",)), ("Haddad", ("Karim", "Layla")),
    ("Ivanova", ("Daria",)), ("Jensen", ("Emil",)), ("Kowalska", ("Zofia",)), ("Lehmann", ("Paul", "Greta")),
    ("Marković", ("Luka",)), ("Nakamura", ("Yuki",)), ("O'Brien", ("Finn",)), ("Petrov", ("Mila",)),
    ("Quist", ("Astrid",)), ("Rossi", ("Chiara", "Matteo")), ("Schäfer", ("Jakob",)), ("Tanaka", ("Ren",)),
    ("Ulrich", ("Theo",)), ("Vargas", ("Camila",)), ("Whitfield", ("Grace", "Henry")), ("Xu", ("Mei",)),
    ("Yılmaz", ("Elif",)), ("Zimmermann", ("Lotte",)), ("Adeyemi", ("Tobi",)), ("Brandt", ("Oskar",)),
    ("Conti", ("Giulia",)), ("Demir", ("Kaan",)), ("Ferreira", ("Beatriz",)), ("Grant", ("Isla",)),
    ("Horváth", ("Bence",)), ("Iqbal", ("Amina",)), ("Johansson", ("Elsa",)), ("Keller", ("Max",)),
)  # fmt: skip
# Name, kind, cost, wage, minutes, subject, places.
SERVICES = (
    ("Piano lesson", "hourly", "62.00", "31.00", 45, "piano", 1),
    ("Guitar lesson", "hourly", "58.00", "29.00", 45, "guitar", 1),
    ("Maths tutoring", "hourly", "54.00", "27.00", 60, "maths", 1),
    ("Science tutoring", "hourly", "54.00", "27.00", 60, "science", 1),
    ("French conversation", "hourly", "48.00", "24.50", 60, "french", 1),
    ("Speech therapy", "fixed", "85.00", "46.00", 50, "speech", 1),
    ("First assessment", "fixed", "95.00", "50.00", 60, "speech", 1),
    ("Maths exam group", "fixed", "24.00", "44.00", 90, "maths", 5),
)
ROOMS = {
    "piano": "Piano room",
    "guitar": "Studio",
    "maths": "Room 1",
    "science": "Room 2",
    "french": "Online",
    "speech": "Quiet room",
}
METHODS = ("bank", "bank", "bank", "card", "card", "cash", "paypal")


@dataclass
class Client:
    first: str
    last: str
    subjects: list[str]
    email: str
    phone: str
    birthday: date
    practitioners: list[str] = field(default_factory=list)
    owes: int = 0

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


@dataclass(frozen=True)
class Session:
    day: date
    start: time
    end: time
    service: str
    practitioner: str
    clients: tuple[str, ...]
    location: str
    status: str
    cost: str
    note: str


class Month:
    """One month of a small centre, made step by step from one stream of chance."""

    def __init__(self) -> None:
        self.chance = random.Random(SEED)
        self.practitioners = [(first, last, subject) for first, last, subject in PRACTITIONERS]
        self.clients = self._clients()
        self.sessions: list[Session] = []
        self._weekly_lessons()
        self._groups()
        self.sessions.sort(key=lambda each: (each.day, each.start, each.practitioner))
        self.payments = self._payments()

    def _clients(self) -> list[Client]:
        subjects = ["piano", "piano", "guitar", "maths", "maths", "science", "french", "speech"]
        found = []
        for last, children in FAMILIES:
            host = plain(last)
            phone = f"+49 151 {self.chance.randrange(1000000, 9999999)}"
            for first in children:
                wanted = [self.chance.choice(subjects)]
                if self.chance.random() < 0.9:
                    wanted.append(self.chance.choice([each for each in subjects if each != wanted[0]]))
                birthday = date(
                    self.chance.randrange(2008, 2019), self.chance.randrange(1, 13), self.chance.randrange(1, 29)
                )
                # Brothers and sisters share the parents' address, as they do in life.
                found.append(Client(first, last, wanted, f"{host}@example.org", phone, birthday))
        return found

    def _weekly_lessons(self) -> None:
        """Each client comes at the same time every week for each subject, with the teacher that has room."""
        taken: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
        for client in self.clients:
            for subject in client.subjects:
                service = next(each for each in SERVICES if each[5] == subject)
                teachers = [f"{first} {last}" for first, last, taught in self.practitioners if taught == subject]
                teacher = min(
                    teachers, key=lambda name: sum(len(rows) for key, rows in taken.items() if key[0] == name)
                )
                slot = self._free_slot(taken, teacher, client, service[4])
                client.practitioners.append(teacher)
                self._repeat(client, service, teacher, *slot)

    def _free_slot(
        self, taken: dict[tuple[str, int], list[tuple[int, int]]], teacher: str, client: Client, minutes: int
    ) -> tuple[int, int]:
        for _ in range(400):
            weekday = self.chance.randrange(5)
            start = self.chance.choice(range(13 * 60, 19 * 60 + 1, 15))
            busy = taken[teacher, weekday] + taken[client.name, weekday]
            if weekday == 3 and start < 17 * 60 + 45 and start + minutes > 16 * 60 + 15:
                continue  # the exam group's time
            if all(start + minutes <= begun or ended <= start for begun, ended in busy):
                for who in (teacher, client.name):
                    taken[who, weekday].append((start, start + minutes))
                return weekday, start
        raise SystemExit("the week is too full for these clients")

    def _repeat(self, client: Client, service: tuple, teacher: str, weekday: int, start: int) -> None:
        name, _, _, _, minutes, subject, _ = service
        days = [FIRST + timedelta(days=each) for each in range((LAST - FIRST).days + 1)]
        for index, day in enumerate(day for day in days if day.weekday() == weekday and day not in CLOSED):
            status, cost, note = self._outcome()
            first = subject == "speech" and index == 0 and self.chance.random() < 0.4
            begins = datetime.combine(day, time(start // 60, start % 60))
            length = timedelta(minutes=50 if subject == "speech" else minutes)
            self.sessions.append(
                Session(
                    day, begins.time(), (begins + length).time(), "First assessment" if first else name, teacher, (client.name,),
                    ROOMS[subject] if self.chance.random() < 0.85 else "", status, cost, note,
                )
            )  # fmt: skip

    def _outcome(self) -> tuple[str, str, str]:
        drawn = self.chance.random()
        if drawn < 0.03:
            return "canceled", "", "Ill, told us two days before"
        if drawn < 0.06:
            return "canceled", "15.00", "Canceled on the day"
        if drawn < 0.085:
            return "missed", "", ""
        return (
            "completed",
            "",
            self.chance.choice(
                ["", "", "", "", "", "Homework: pages 12–14", "Very good progress", "Bring the new book"]
            ),
        )

    def _groups(self) -> None:
        """The exam group meets on Thursdays, five at most."""
        teacher = next(f"{first} {last}" for first, last, subject in self.practitioners if subject == "maths")
        members = [client.name for client in self.clients if "maths" in client.subjects][:5]
        for day in (FIRST + timedelta(days=each) for each in range((LAST - FIRST).days + 1)):
            if day.weekday() == 3 and day not in CLOSED:
                here = tuple(name for name in members if self.chance.random() < 0.9)
                self.sessions.append(
                    Session(
                        day,
                        time(16, 15),
                        time(17, 45),
                        "Maths exam group",
                        teacher,
                        here,
                        "Room 1",
                        "completed",
                        "",
                        "",
                    )
                )

    def _payments(self) -> list[tuple[str, date, str, str, str, str]]:
        """Most pay what April's lessons cost in the first half of the month, and some pay again at its end."""
        rows = []
        for number, client in enumerate(self.clients, start=1):
            lessons = sum(client.name in session.clients for session in self.sessions)
            amount = lessons * self.chance.choice([45, 46, 50, 52])
            day = FIRST + timedelta(days=self.chance.randrange(3, 14))
            if self.chance.random() < 0.9 and amount:
                rows.append((client.name, day, f"{amount}.00", self.chance.choice(METHODS), f"2026-05-{number:03}", ""))
            if self.chance.random() < 0.6:
                later = FIRST + timedelta(days=self.chance.randrange(20, 31))
                part = self.chance.choice(["20.00", "46.50", "50.00", "85.00", "100.00"])
                rows.append(
                    (
                        client.name,
                        later,
                        part,
                        self.chance.choice(METHODS),
                        "",
                        self.chance.choice(["", "", "part", "for the books"]),
                    )
                )
        return sorted(rows, key=lambda row: (row[1], row[0]))


def plain(text: str) -> str:
    table = str.maketrans("áäćéèëíıńóöśüúžćčđéłþýÿ", "aaceeeiinoosuuzccdeltyy")
    return "".join(letter for letter in text.casefold().translate(table) if letter.isascii() and letter.isalnum())


def daybook_files() -> dict[str, str]:
    """File name → contents, in the order in which they are to be imported."""
    month = Month()
    clients = [
        (
            client.first, client.last, client.email, client.phone, client.birthday.isoformat(), "active",
            ";".join(dict.fromkeys(client.practitioners)), "; ".join(dict.fromkeys(client.subjects)), f"C{number:04}",
        )
        for number, client in enumerate(month.clients, start=1)
    ]  # fmt: skip
    practitioners = [
        (first, last, f"{plain(first)}@lindenstudio.example", "+49 30 55 01 0" + str(index), "active", subject)
        for index, (first, last, subject) in enumerate(month.practitioners, start=1)
    ]
    sessions = [
        (
            each.day.isoformat(), f"{each.start:%H:%M}", f"{each.end:%H:%M}", each.service, each.practitioner,
            "; ".join(each.clients), each.location, each.status, each.cost, each.note,
        )
        for each in month.sessions
    ]  # fmt: skip
    payments = [
        (name, day.isoformat(), amount, method, reference, note)
        for name, day, amount, method, reference, note in month.payments
    ]
    return {
        "daybook/1-services.csv": as_csv(
            ("Name", "Type", "Cost", "Wage", "Minutes"), [service[:5] for service in SERVICES]
        ),
        "daybook/2-practitioners.csv": as_csv(
            ("First name", "Last name", "Email", "Phone", "Status", "Tags"), practitioners
        ),
        "daybook/3-clients.csv": as_csv(
            ("First name", "Last name", "Email", "Phone", "Birthday", "Status", "Practitioners", "Tags", "ID"), clients
        ),
        "daybook/4-sessions.csv": as_csv(
            ("Date", "Start", "End", "Service", "Practitioner", "Clients", "Location", "Status", "Cost", "Public note"),
            sessions,
        ),
        "daybook/5-payments.csv": as_csv(("Client", "Date", "Amount", "Method", "Reference", "Note"), payments),
    }


def as_csv(headings: tuple[str, ...], rows: list[tuple]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return out.getvalue()


def all_files() -> dict[str, bytes]:
    return {name: text.encode() for name, text in daybook_files().items()} | foreign_files()


def main() -> None:
    for name, content in all_files().items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        print(f"{name}: {len(content)} bytes")


if __name__ == "__main__":
    main()

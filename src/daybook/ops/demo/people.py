"""Everyone of the invented studio: who they are, what they come for, and how they pay."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from uuid import UUID

from daybook.ops.demo import names
from daybook.ops.demo.catalogue import SUBJECTS
from daybook.ops.demo.shapes import Shape

NextId = Callable[[], UUID]

# From and to in minutes of the day, where it is not noon to half past eight.
HOURS = {
    "speech": (9 * 60, 17 * 60 + 30),
    "languages": (9 * 60, 18 * 60),
    "piano": (10 * 60, 19 * 60 + 30),
    "strings": (10 * 60, 19 * 60 + 30),
}


@dataclass(slots=True)
class Person:
    """A user as columns; `username` only for those who sign in."""

    id: UUID
    role: str
    first_name: str
    last_name: str
    email: str = ""
    phone: str = ""
    address: str = ""
    birthday: date | None = None
    preferred_name: str = ""
    notes: str = ""
    tags: list[str] = field(default_factory=list)
    username: str | None = None
    status: str = "active"
    inactive_on: date | None = None
    agent_id: UUID | None = None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(slots=True)
class Practitioner:
    """One who teaches or treats. `days` maps weekday → (from, to) in minutes of the day."""

    person: Person
    subject: str
    days: dict[int, tuple[int, int]]


@dataclass(slots=True)
class Client:
    """One who is taught. `habit` is how they pay; weeks count from the first one of the story."""

    person: Person
    subjects: tuple[str, ...]
    habit: str
    is_minor: bool
    reliability: float
    first_week: int = 0
    last_week: int = 10_000
    hides_costs: bool = False
    payer_person: Person | None = None  # an agent who gets the invoices


@dataclass(slots=True)
class Cast:
    administrator: Person
    staff: list[Person]
    agents: list[Person]
    practitioners: list[Practitioner]
    clients: list[Client]

    def everyone(self) -> list[Person]:
        team = [self.administrator, *self.staff, *self.agents]
        return [*team, *(each.person for each in self.practitioners), *(each.person for each in self.clients)]


def make_cast(shape: Shape, rng: Random, next_id: NextId, today: date) -> Cast:
    """All people of a shape. Some sign in, under the name of their role."""
    administrator = _team_member(rng, next_id, "administrator", "admin")
    staff = [_team_member(rng, next_id, "staff", "staff" if index == 0 else None) for index in range(shape.staff)]
    agents = [_agent(rng, next_id, index) for index in range(shape.agents)]
    practitioners = [_practitioner(shape, rng, next_id, index, today) for index in range(shape.practitioners)]
    cast = Cast(administrator, staff, agents, practitioners, _clients(shape, rng, next_id, today))
    _give_logins(cast)
    return cast


def _team_member(rng: Random, next_id: NextId, role: str, username: str | None) -> Person:
    first, last, _ = names.pick_name(rng)
    mail = names.mail_address(rng, first, last)
    return Person(next_id(), role, first, last, mail, names.pick_phone(rng), username=username)


def _agent(rng: Random, next_id: NextId, index: int) -> Person:
    first, last, _ = names.pick_name(rng)
    office = ("Northside Family Support", "Harbour Education Fund", "Lantern Trust")[index % 3]
    return Person(
        next_id(), "agent", first, last, names.mail_address(rng, first, last, index if index > 2 else 0),
        names.pick_phone(rng), names.pick_address(rng), notes=f"Case manager, {office}.",
    )  # fmt: skip


def _practitioner(shape: Shape, rng: Random, next_id: NextId, index: int, today: date) -> Practitioner:
    first, last, _ = names.pick_name(rng)
    subject = SUBJECTS[index % len(SUBJECTS)]
    person = Person(
        next_id(), "practitioner", first, last,
        names.mail_address(rng, first, last, index if index > 40 else 0), names.pick_phone(rng),
        names.pick_address(rng), tags=[subject],
    )  # fmt: skip
    return Practitioner(person, subject, _working_days(shape, rng, subject, today))


def _working_days(shape: Shape, rng: Random, subject: str, today: date) -> dict[int, tuple[int, int]]:
    """Five days of the six, always the weekday of today, so that today is full."""
    if not shape.keeps_hours:
        return dict.fromkeys(range(6), (8 * 60, 21 * 60)) | {today.weekday(): (8 * 60, 21 * 60)}
    hours = HOURS.get(subject, (12 * 60, 20 * 60 + 30))
    days = dict.fromkeys(range(5), hours) | {5: (9 * 60, 15 * 60)}
    free = rng.choice([day for day in days if day != today.weekday()])
    del days[free]
    return days | {today.weekday(): (9 * 60, 20 * 60)}


def _clients(shape: Shape, rng: Random, next_id: NextId, today: date) -> list[Client]:
    clients: list[Client] = []
    while len(clients) < shape.clients:
        first, last, kin = names.pick_name(rng)
        is_minor = rng.random() < 0.68
        parent = rng.choice([name for name in kin if name != first])
        mail = names.mail_address(rng, parent if is_minor else first, last, len(clients) if len(clients) > 200 else 0)
        phone, address = names.pick_phone(rng), names.pick_address(rng)
        children = [first]
        if is_minor and rng.random() < 0.18 and len(clients) + 1 < shape.clients:
            children.append(rng.choice([name for name in kin if name not in (first, parent)]))
        for child in children:
            person = Person(next_id(), "client", child, last, mail, phone, address)
            person.birthday = _birthday(rng, today, is_minor)
            person.notes = _notes(rng, is_minor, parent, last)
            person.tags = _tags(rng, is_minor, len(children) > 1)
            clients.append(_client(shape, rng, person, is_minor))
    return clients


def _client(shape: Shape, rng: Random, person: Person, is_minor: bool) -> Client:
    count = 1 if rng.random() < 0.6 else 2
    taught = SUBJECTS[: shape.practitioners]
    subjects = rng.sample(taught, min(count, len(taught)))
    client = Client(
        person,
        tuple(subjects),
        rng.choices(("invoice", "each", "prepay", "debtor"), (44, 24, 26, 6))[0],
        is_minor,
        rng.random(),
    )
    if rng.random() < 0.22:
        client.first_week = rng.randrange(1, max(2, shape.weeks_back - 1))
    elif rng.random() < 0.06:
        client.last_week = rng.randrange(3, max(4, shape.weeks_back - 2))
        client.person.status = "inactive"
    return client


def _birthday(rng: Random, today: date, is_minor: bool) -> date:
    years = rng.uniform(5.5, 17.6) if is_minor else rng.uniform(19, 71)
    return today - timedelta(days=int(years * 365.25))


_ABOUT_ANYONE = (
    "Allergic to nuts.",
    "Wears hearing aids; sit on the left.",
    "Learns best in short steps.",
    "Came by recommendation.",
)
_ABOUT_MINORS = (
    "Leaving Certificate next summer.",
    "May go home alone by bus.",
    "Grade 5 planned for autumn.",
    "Little brother waits in the hall.",
)
_ABOUT_ADULTS = (
    "Prefers mornings.",
    "Wants to play at a wedding in June.",
    "Moving house soon: ask for the new address.",
)


def _notes(rng: Random, is_minor: bool, parent: str, last: str) -> str:
    lines = []
    if is_minor:
        how, when = (
            rng.choice(("Calls", "Texts", "E-mails")),
            rng.choice(("after five", "in the morning", "at lunch time")),
        )
        lines.append(f"Parent: {parent} {last}. {how} are best {when}.")
    known = _ABOUT_ANYONE + (_ABOUT_MINORS if is_minor else _ABOUT_ADULTS)
    return "\n".join(lines + rng.sample(known, rng.choice((0, 0, 1, 1, 2))))


def _tags(rng: Random, is_minor: bool, has_sibling: bool) -> list[str]:
    tags = ["sibling"] if has_sibling else []
    if not is_minor:
        tags.append("adult")
    if rng.random() < 0.12:
        tags.append(rng.choice(("scholarship", "exam year", "waiting for Saturday", "concert")))
    return tags


def _give_logins(cast: Cast) -> None:
    """Sign-ins of clients and agents, clients of agents, and one client that sees no costs."""
    active = [client for client in cast.clients if client.person.status == "active" and client.first_week == 0]
    if len(active) < 2:  # of very few clients, two stay whatever was drawn for them
        active = cast.clients[:2]
        for client in active:
            client.person.status, client.first_week, client.last_week = "active", 0, 10_000
    shown, hidden, *rest = active
    shown.person.username = "client"
    shown.habit, shown.reliability = "invoice", 0.5
    cast.agents[0].username = "agent"
    _hand_over(hidden, cast.agents[0])
    hidden.person.username = "client-no-costs"
    hidden.hides_costs = True
    hidden.habit = "invoice"
    share = max(2, len(cast.clients) // 12)
    for index, client in enumerate(rest[1 : 1 + share]):
        _hand_over(client, cast.agents[index % len(cast.agents)])


def _hand_over(client: Client, agent: Person) -> None:
    client.person.agent_id = agent.id
    client.payer_person = agent
    client.person.tags.append("funded")

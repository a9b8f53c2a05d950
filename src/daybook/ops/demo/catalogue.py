"""What the invented studio offers, and where."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Offer:
    """A service. `cost` and `wage` are cents; `lengths` minutes that it is booked for; `rooms` the kinds of place it
    takes, best first; `group` how many clients one session has (1 to 1: single)."""

    subject: str
    name: str
    description: str
    kind: str
    cost: int
    wage: int
    color: str
    lengths: tuple[int, ...] = (60,)
    rooms: tuple[str, ...] = ("study", "online")
    group: tuple[int, int] = (1, 1)
    tax_rate: Decimal = Decimal(0)
    buffer_before: int = 0
    buffer_after: int = 0
    is_concurrent: bool = False
    client_bookable: bool = True
    notes: tuple[str, ...] = ()


OFFERS = (
    Offer(
        "maths", "Maths tutoring", "One to one, primary to Leaving Certificate.", "hourly", 4800, 2600, "#3a6cab",
        lengths=(60, 60, 90), notes=("Quadratics: completing the square.", "Past paper 2, questions 4 to 6.", "Fractions with the number line; much surer now."),
    ),
    Offer(
        "english", "English and writing", "Essays, reading and exam technique.", "hourly", 4500, 2400, "#5a58b0",
        notes=("Opening paragraphs; bring the second draft.", "Read chapters 7 and 8 together.", "Comparative essay: plan agreed."),
    ),
    Offer(
        "languages", "Spanish and French", "Conversation, grammar and oral exams.", "hourly", 4400, 2300, "#8250a3",
        lengths=(60, 45), rooms=("online", "study"), notes=("Past tenses, then twenty minutes of conversation.", "Oral: picture sequence 3."),
    ),
    Offer(
        "piano", "Piano lesson", "For beginners of any age, up to diploma.", "hourly", 5200, 2900, "#0d5a61",
        lengths=(30, 45, 45, 60), rooms=("piano", "hall"), notes=("Bach, Invention 4: hands apart, slowly.", "Scales of three flats.", "Ready for the spring concert."),
    ),
    Offer(
        "strings", "Violin and cello lesson", "Instruments can be lent for the first term.", "hourly", 5400, 3000, "#946a42",
        lengths=(45, 45, 60), rooms=("hall", "piano"), notes=("Third position; thumb to stay loose.", "New strings needed soon."),
    ),
    Offer(
        "speech", "Speech therapy", "Individual therapy with a chartered therapist.", "hourly", 7800, 4500, "#3d8a50",
        lengths=(45,), rooms=("therapy", "online"), buffer_after=15, client_bookable=False,
        notes=("/s/ in sentences, 8 of 10 without a cue.", "Story retelling with pictures.", "Home practice sheet given."),
    ),
    Offer(
        "speech", "Speech assessment", "First visit, with a written report.", "fixed", 14000, 8000, "#7f8a2a",
        lengths=(90,), rooms=("therapy",), buffer_before=10, buffer_after=15, client_bookable=False, notes=("Report due in ten days.",),
    ),
    Offer(
        "strings", "String ensemble", "Weekly playing together, two concerts a year.", "fixed", 1800, 4000, "#c26a22",
        rooms=("hall",), group=(5, 8), notes=("Seating as last week. Bring the new parts.",),
    ),
    Offer(
        "maths", "Homework club", "Supervised study with a tutor at hand.", "fixed", 1200, 2800, "#a97611",
        lengths=(90,), rooms=("study",), group=(4, 7), tax_rate=Decimal("13.5"), is_concurrent=True,
        notes=("Snack from 16:30. Collect at the side door.",),
    ),
)  # fmt: skip
SUBJECTS = ("maths", "piano", "english", "strings", "speech", "languages")
ASSESSMENT = next(index for index, offer in enumerate(OFFERS) if offer.name == "Speech assessment")


@dataclass(frozen=True, slots=True)
class Place:
    """A location. `kind` is what an Offer asks for; capacity 1 makes it exclusive."""

    kind: str
    name: str
    capacity: int | None
    address: str = "14 Linden Grove, Dublin 6"
    online_link: str = ""
    client_bookable: bool = True


ONLINE = Place("online", "Online", None, "", "https://meet.example.org/linden")
STUDY = Place("study", "Study room", 24)
HALL = Place("hall", "Garden hall", 30)
EXCLUSIVE_KINDS = ("piano", "therapy")
EXCLUSIVE_NAMES = {"piano": "Piano room", "therapy": "Therapy room"}


def places(exclusive: int) -> tuple[Place, ...]:
    """All locations, `exclusive` rooms of capacity 1 among them."""
    rooms = [EXCLUSIVE_KINDS[index % 2] for index in range(exclusive)]
    many = exclusive > len(EXCLUSIVE_KINDS)
    named = [
        Place(kind, f"{EXCLUSIVE_NAMES[kind]} {index // 2 + 1}" if many else EXCLUSIVE_NAMES[kind], 1)
        for index, kind in enumerate(rooms)
    ]
    return (*named, HALL, STUDY, ONLINE)


@dataclass(frozen=True, slots=True)
class Completion:
    """A way of saving a session. The first three are the defaults that every business has."""

    status: str
    label: str
    modifier: str = "percentage"
    client_modifier: int = 100
    practitioner_modifier: int = 100
    description: str = ""
    is_default: bool = False


OWN_COMPLETIONS = (
    Completion("canceled", "Late cancel", "percentage", 50, 50, "Less than 24 hours of notice: half is charged."),
    Completion("completed", "Trial lesson", "fixed", 20, 25, "A first lesson at a fixed price."),
)

"""The sizes that a demo business comes in."""

from dataclasses import dataclass

SEED = 2024
PASSWORD = "daybook-demo"
TIME_ZONE = "Europe/Dublin"
CURRENCY = "EUR"


@dataclass(frozen=True, slots=True)
class Shape:
    """How much of everything. `rooms` are the exclusive ones; `sessions` is the exact number, past and to come.

    `together` is of how many weekly groups two practitioners; `keeps_hours` holds minors to the hours after school; without it the timetable may fill the whole day.
    """

    name: str
    slug: str
    business: str
    practitioners: int
    clients: int
    sessions: int
    weeks_back: int
    weeks_ahead: int
    agents: int = 2
    staff: int = 2
    rooms: int = 2
    keeps_hours: bool = True
    together: int = 0

    @property
    def weeks(self) -> int:
        return self.weeks_back + self.weeks_ahead


SHAPES = {
    shape.name: shape
    for shape in (
        Shape("small", "demo", "Linden Learning Studio", 12, 60, 1_900, weeks_back=13, weeks_ahead=5, together=4),
        Shape(
            "large", "demo-large", "Linden Academies", 200, 5_000, 100_000, weeks_back=96, weeks_ahead=8,
            agents=40, staff=12, rooms=40,
        ),
        Shape(
            "huge", "demo-huge", "Linden Academies International", 200, 5_000, 1_000_000, weeks_back=96, weeks_ahead=8,
            agents=40, staff=12, rooms=80, keeps_hours=False,
        ),
    )
}  # fmt: skip

"""How far a new business has come: the steps of its first hour, told from what is there (requirements 9.3)."""

from dataclasses import dataclass

from django.db import connection

STEPS = ("service", "location", "practitioner", "client", "session")

_THERE = """
    select exists (select from catalog_service where deleted_at is null),
           exists (select from catalog_location where deleted_at is null),
           exists (select from people_user where role = 'practitioner' and deleted_at is null),
           exists (select from people_user where role = 'client' and deleted_at is null),
           exists (select from scheduling_session where deleted_at is null)
"""


@dataclass(frozen=True, slots=True)
class FirstHour:
    """Each step with whether it is done, in order."""

    steps: tuple[tuple[str, bool], ...]

    @property
    def done(self) -> int:
        return sum(done for _, done in self.steps)

    @property
    def is_over(self) -> bool:
        """The first session ends the guide, whatever was left out."""
        return dict(self.steps)["session"]

    @property
    def next_step(self) -> str | None:
        return next((step for step, done in self.steps if not done), None)


def first_hour() -> FirstHour:
    """One statement of five index look-ups."""
    with connection.cursor() as cursor:
        cursor.execute(_THERE)
        return FirstHour(tuple(zip(STEPS, cursor.fetchone(), strict=True)))

"""Reads of the scheduling room."""

from daybook.scheduling.permissions import visible_sessions
from daybook.scheduling.queries.facts import Asked, load_facts
from daybook.scheduling.queries.holders import double_booking
from daybook.scheduling.queries.rows import (
    MOST_COUNTED,
    Filters,
    ParticipantRow,
    PractitionerRow,
    SessionRow,
    count_sessions,
    session_detail,
    session_page,
    session_rows,
)

__all__ = [
    "Asked",
    "Filters",
    "ParticipantRow",
    "PractitionerRow",
    "SessionRow",
    "MOST_COUNTED",
    "count_sessions",
    "double_booking",
    "load_facts",
    "session_detail",
    "session_page",
    "session_rows",
    "visible_sessions",
]

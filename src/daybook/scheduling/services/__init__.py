"""Writing the scheduling room's tables. Called by workflows and doors; each says what it locks."""

from daybook.scheduling.services.sessions import NewSession, Plan, insert_sessions, occupy
from daybook.scheduling.services.states import (
    bin_sessions,
    free_time,
    reopen_sessions,
    save_sessions,
    set_scheduled,
    unbin_sessions,
)

__all__ = [
    "NewSession",
    "Plan",
    "bin_sessions",
    "free_time",
    "insert_sessions",
    "occupy",
    "reopen_sessions",
    "save_sessions",
    "set_scheduled",
    "unbin_sessions",
]

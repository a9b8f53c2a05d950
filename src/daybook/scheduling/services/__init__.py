"""Writing the scheduling room's tables. Called by workflows and doors; each says what it locks."""

from daybook.scheduling.services.closures import access_closure, create_closure, delete_closure, update_closure
from daybook.scheduling.services.completion_types import (
    create_completion_type,
    delete_completion_type,
    update_completion_type,
)
from daybook.scheduling.services.sessions import (
    NewSession,
    Plan,
    insert_sessions,
    occupy,
    occupy_many,
    replace_assistants,
    spans_of,
    taking_time,
)
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
    "access_closure",
    "bin_sessions",
    "create_closure",
    "create_completion_type",
    "delete_closure",
    "delete_completion_type",
    "free_time",
    "insert_sessions",
    "occupy",
    "occupy_many",
    "reopen_sessions",
    "replace_assistants",
    "save_sessions",
    "set_scheduled",
    "spans_of",
    "taking_time",
    "unbin_sessions",
    "update_closure",
    "update_completion_type",
]

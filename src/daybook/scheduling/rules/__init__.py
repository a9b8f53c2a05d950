"""Decisions about sessions: who may be added, whose time they take, what they cost. Values in, values out."""

from daybook.scheduling.rules.checks import (
    MAX_ASSISTANTS,
    MAX_CLIENTS,
    MAX_NOTE,
    check_assistants,
    check_clients,
    check_may_add,
    check_may_change,
    check_notes,
    check_period,
    notices,
)
from daybook.scheduling.rules.facts import ClientFacts, Facts, LocationFacts, PractitionerFacts, ServiceFacts, Span
from daybook.scheduling.rules.outcomes import (
    Charge,
    CompletionFacts,
    Outcome,
    Override,
    PlaceOutcome,
    charge_of,
    check_may_save,
    check_override,
    modifier_of,
    outcome_of,
    wage_of,
)
from daybook.scheduling.rules.spans import free_from, lock_key, occupied, session_minutes

__all__ = [
    "MAX_ASSISTANTS", "MAX_CLIENTS", "MAX_NOTE", "Charge", "ClientFacts", "CompletionFacts", "Facts", "LocationFacts", "Outcome",
    "Override", "PlaceOutcome", "PractitionerFacts", "ServiceFacts", "Span", "charge_of", "check_assistants", "check_clients",
    "check_may_add", "check_may_change",
    "check_may_save", "check_notes", "check_override", "check_period", "free_from", "lock_key", "modifier_of", "notices",
    "occupied", "outcome_of", "session_minutes", "wage_of",
]  # fmt: skip

"""Writing the scheduling room's tables. Called by workflows and doors; each says what it locks."""

from daybook.scheduling.services.sessions import NewSession, Plan, insert_sessions, occupy

__all__ = ["NewSession", "Plan", "insert_sessions", "occupy"]

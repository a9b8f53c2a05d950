"""The instant that tests take for now: a Monday afternoon in Berlin."""

from datetime import UTC, datetime

NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)

"""One record, one line."""

from __future__ import annotations

import logging
import time


class OneLine(logging.Formatter):
    """`2026-01-31T12:00:00Z WARNING daybook.jobs: text`; line ends inside a record become ` | `.

    Of a lost database or a full disk only what happened is told: the place in the program that noticed says nothing.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%SZ")
        self.converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        return " | ".join(super().format(record).splitlines())

    def formatException(self, ei: object) -> str:
        from daybook.tenancy.outage import is_lost

        error = ei[1] if isinstance(ei, tuple) else None
        if isinstance(error, Exception) and is_lost(error):
            return f"{type(error).__name__}: {error}"
        return super().formatException(ei)  # type: ignore[arg-type]

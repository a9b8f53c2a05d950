"""One record, one line."""

from __future__ import annotations

import logging
import time
from typing import Any


class OneLine(logging.Formatter):
    """`2026-01-31T12:00:00Z WARNING daybook.jobs: text`; line ends inside a record become ` | `.

    Of a lost database or a full disk only what happened is told: the place in the program that noticed says nothing.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%SZ")
        self.converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        return " | ".join(super().format(record).splitlines())

    def formatException(self, ei: Any) -> str:
        from daybook.tenancy.outage import is_lost

        error = ei[1]
        while error is not None and not is_lost(error):
            error = error.__cause__
        return f"{type(error).__name__}: {error}" if error is not None else super().formatException(ei)

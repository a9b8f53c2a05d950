"""One record, one line."""

from __future__ import annotations

import logging
import time


class OneLine(logging.Formatter):
    """`2026-01-31T12:00:00Z WARNING daybook.jobs: text`; line ends inside a record become ` | `."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%SZ")
        self.converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        return " | ".join(super().format(record).splitlines())

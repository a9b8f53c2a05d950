"""Showing what was measured: a table for people, JSON for programs, and the machine that it was measured on."""

import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import connection

from daybook.ops.bench.timing import Line

HEAD = ("", "median", "p95", "best", "unit", "floor", "ratio", "target", "ok", "")


def as_table(lines: Sequence[Line]) -> str:
    return laid_out([HEAD, *(_cells(line) for line in lines)], left=(0, 4, 9))


def laid_out(rows: Sequence[tuple[str, ...]], *, left: Sequence[int]) -> str:
    """Columns in line; those named by `left` begin there, the others end there."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _cells(line: Line) -> tuple[str, ...]:
    sign = "≥" if line.more_is_better else "≤"
    targets = [f"{sign} {line.target:g}"] if line.target is not None else []
    targets += [f"≤ {line.most_ratio:g}×"] if line.most_ratio is not None else []
    targets += [f"p95 ≤ {line.target_p95:g}"] if line.target_p95 is not None else []
    ok = {True: "yes", False: "NO", None: ""}[line.ok]
    ratio = f"{line.ratio:.1f}×" if line.ratio else ""
    return (
        line.name, number_text(line.median), number_text(line.p95), number_text(line.best), line.unit, number_text(line.floor), ratio, ", ".join(targets), ok,
        line.note,
    )  # fmt: skip


def number_text(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def as_json(size: str, lines: Sequence[Line]) -> str:
    told = {
        "size": size,
        "machine": machine(),
        "lines": [
            {
                "name": line.name,
                "median": round(line.median, 3),
                "p95": None if line.p95 is None else round(line.p95, 3),
                "unit": line.unit,
                "floor": None if line.floor is None else round(line.floor, 3),
                "ratio": None if line.ratio is None else round(line.ratio, 2),
                "target": line.target,
                "ok": line.ok,
            }
            for line in lines
        ],
    }
    return json.dumps(told, indent=2, ensure_ascii=False)


def machine() -> dict[str, Any]:
    """What the figures were measured on, and how busy it was with other things."""
    with connection.cursor() as cursor:
        cursor.execute("show server_version")
        database = cursor.fetchone()[0]
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20,
        "system": platform.platform(),
        "python": platform.python_version(),
        "postgresql": database,
        "load": [round(value, 2) for value in os.getloadavg()],
    }


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")]
    return names[0] if names else platform.processor()

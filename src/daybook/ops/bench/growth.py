"""How the figures change from one size to the next."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from daybook.ops.bench.table import laid_out, number_text

Report = Mapping[str, Any]


def as_growth(reports: Sequence[Report]) -> str:
    """A table of every line's median at each size, by how much it has grown, and by how much its floor has.

    A floor grows with the rows that are answered, so a line that grows with its floor does not grow with history.
    """
    sizes = [str(report["size"]) for report in reports]
    by_name = [{line["name"]: line for line in report["lines"]} for report in reports]
    rows = [("", "unit", sizes[0], *(cell for size in sizes[1:] for cell in (size, "grown", "floor")))]
    for name, first in by_name[0].items():
        grown = [_grown(before.get(name), after.get(name)) for before, after in pairwise(by_name)]
        rows.append((name, first["unit"], number_text(first["median"]), *(cell for cells in grown for cell in cells)))
    return laid_out(rows, left=(0, 1))


def _grown(before: Report | None, after: Report | None) -> tuple[str, str, str]:
    if before is None or after is None:
        return "", "", ""
    return number_text(after["median"]), _times(before, after, "median"), _times(before, after, "floor")


def _times(before: Report, after: Report, figure: str) -> str:
    return f"{after[figure] / before[figure]:.2f}×" if before[figure] and after[figure] else ""

"""Taking times, and what is told of them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

WARM_UP = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One measured thing. Times are milliseconds unless `unit` says else; `floor` is the same rows by plain SQL, and
    `best` the quickest run: the one that other work on the machine disturbed least.

    `target` bounds the median (from above, or from below where `more_is_better`), `most_ratio` median ÷ floor and
    `target_p95` the 95th percentile.
    """

    name: str
    median: float
    p95: float | None = None
    best: float | None = None
    unit: str = "ms"
    floor: float | None = None
    target: float | None = None
    most_ratio: float | None = None
    target_p95: float | None = None
    more_is_better: bool = False
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return self.median / self.floor if self.floor else None

    @property
    def ok(self) -> bool | None:
        """Whether every target is met; None where there is none."""
        tests = []
        if self.target is not None:
            tests.append(self.median >= self.target if self.more_is_better else self.median <= self.target)
        if self.most_ratio is not None and self.ratio is not None:
            tests.append(self.ratio <= self.most_ratio)
        if self.target_p95 is not None and self.p95 is not None:
            tests.append(self.p95 <= self.target_p95)
        return all(tests) if tests else None


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of many runs of one thing."""

    median: float
    p95: float
    best: float


def summary(milliseconds: list[float]) -> Times:
    if len(milliseconds) < 2:
        return Times(milliseconds[0], milliseconds[0], milliseconds[0])
    return Times(median(milliseconds), quantiles(milliseconds, n=20, method="inclusive")[-1], min(milliseconds))


def measure(act: Callable[[int], Any], times: int, *, warm_up: int = WARM_UP) -> Times:
    """Run `act(0)`, `act(1)`, … and take the time of each; the first few are not counted."""
    for number in range(warm_up):
        act(number)
    taken = []
    for number in range(times):
        started = time.perf_counter()
        act(number)
        taken.append((time.perf_counter() - started) * 1000)
    return summary(taken)


def side_by_side(act: Callable[[int], Any], floor: Callable[[int], Any], times: int) -> tuple[Times, Times]:
    """Both, turn by turn, so that what else the machine does weighs on both alike."""
    for number in range(WARM_UP):
        act(number), floor(number)
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(times):
        for place, run in enumerate((act, floor)):
            started = time.perf_counter()
            run(number)
            taken[place].append((time.perf_counter() - started) * 1000)
    return summary(taken[0]), summary(taken[1])

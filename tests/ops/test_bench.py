"""What the bench tells: medians, targets, ratios, the table and the JSON."""

import json

import pytest

from daybook.ops.bench.growth import as_growth
from daybook.ops.bench.table import as_json, as_table
from daybook.ops.bench.timing import Line, measure, side_by_side, summary


def test_summary_of_many_gives_median_and_95th_percentile() -> None:
    found = summary([float(number) for number in range(1, 101)])

    assert found.median == 50.5
    assert 95 <= found.p95 <= 96


def test_measure_counts_only_after_the_warm_up() -> None:
    seen: list[int] = []
    measure(seen.append, 5, warm_up=2)

    assert seen == [0, 1, 0, 1, 2, 3, 4]


def test_side_by_side_takes_turns() -> None:
    seen: list[str] = []
    side_by_side(lambda _: seen.append("one"), lambda _: seen.append("floor"), 3)

    assert seen == ["one", "floor"] * 6


@pytest.mark.parametrize(
    ("line", "ok"),
    [
        (Line("no target", 5), None),
        (Line("under", 5, target=7), True),
        (Line("over", 8, target=7), False),
        (Line("too far from the floor", 5, floor=1, target=7, most_ratio=3), False),
        (Line("near the floor", 5, floor=2, target=7, most_ratio=3), True),
        (Line("slow at times", 5, p95=60, target=7, target_p95=50), False),
        (Line("many a second", 200, target=150, more_is_better=True), True),
        (Line("few a second", 100, target=150, more_is_better=True), False),
    ],
)
def test_line_is_ok_when_every_target_is_met(line: Line, ok: bool | None) -> None:
    assert line.ok is ok


def test_table_shows_each_line_with_its_target() -> None:
    table = as_table(
        [Line("one", 5.25, 6, floor=2.5, target=7, most_ratio=3), Line("rate", 80, target=150, more_is_better=True)]
    )

    assert "2.1×" in table
    assert "≤ 7, ≤ 3×" in table
    assert table.splitlines()[-1].split()[-3:] == ["≥", "150", "NO"]


@pytest.mark.django_db
def test_json_names_the_machine_and_every_field() -> None:
    told = json.loads(as_json("small", [Line("one", 5.25, 6, floor=2.5, target=7, most_ratio=3)]))

    assert told["size"] == "small"
    assert told["machine"]["cores"] >= 1
    assert told["lines"] == [
        {
            "name": "one", "median": 5.25, "p95": 6, "unit": "ms", "floor": 2.5, "ratio": 2.1, "target": 7, "ok": True,
        }
    ]  # fmt: skip


def report(size: str, **medians: tuple[float, float | None]) -> dict[str, object]:
    lines = [
        {"name": name, "unit": "ms", "median": median, "floor": floor} for name, (median, floor) in medians.items()
    ]
    return {"size": size, "lines": lines}


def test_growth_shows_each_line_beside_its_floor() -> None:
    table = as_growth(
        [
            report("small", one=(2, 1), gone=(1, None)),
            report("large", one=(5, 2), new=(9, None)),
            report("huge", one=(6, 2)),
        ]
    ).splitlines()

    assert table[0].split() == ["unit", "small", "large", "grown", "floor", "huge", "grown", "floor"]
    assert table[1].split() == ["one", "ms", "2.00", "5.00", "2.50×", "2.00×", "6.00", "1.20×", "1.00×"]
    assert [line.split()[0] for line in table[2:]] == ["gone"]

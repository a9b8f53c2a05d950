"""What the tests of faults share: an installation, how much work, and the table of what was found."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import takewhile
from pathlib import Path

import pytest

from daybook.config.postgres import Cluster
from tests.support.caller import PASSWORD, Caller
from tests.support.up import daybook
from tests.support.work import Figures, Load, figures

LONG = 500
TABLE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "faults.md"
_HEAD = "| fault | operations | acknowledged | found | lost | double | half | sent again | longest wait |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n"

Proof = Callable[[str, Load], None]


@pytest.fixture
def long(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--long"))


@pytest.fixture
def operations(long: bool) -> int:
    """How many of each kind: 500 in `make faults`, fewer in `make test`."""
    return LONG if long else 40


@pytest.fixture
def prove(request: pytest.FixtureRequest) -> Proof:
    """Hold what is there against what was acknowledged. With `--write`, the fault's line in the documents is renewed."""

    def check(fault: str, load: Load) -> None:
        found = figures(load)
        assert found.is_right, found
        if request.config.getoption("--write"):
            write(fault, found)

    return check


def write(fault: str, found: Figures) -> None:
    before, _, rest = TABLE.read_text().partition(_HEAD)
    rows = list(takewhile(lambda line: line.startswith("|"), rest.splitlines()))
    after = rest.splitlines()[len(rows) :]
    known = {row.split("|")[1].strip(): row for row in rows}
    known[fault] = _line(fault, found)
    TABLE.write_text(f"{before}{_HEAD}" + "\n".join([*known.values(), *after]) + "\n")


def _line(fault: str, found: Figures) -> str:
    counts = (found.operations, found.acknowledged, found.found, found.lost, found.double, found.half, found.retries)
    return f"| {fault} | " + " | ".join(f"{each:,}" for each in counts) + f" | {found.slowest:.1f} s |"


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with an embedded database and one business."""
    folder = tmp_path_factory.mktemp("faults") / "data"
    folder.mkdir()
    make_business(folder)
    yield folder
    remove(folder)


def make_business(folder: Path) -> None:
    """A business, and its administrator's token beside the data folder."""
    made = daybook(
        *("create-business", "--name", "Faults", "--slug", "faults", "--currency", "EUR"),
        *("--time-zone", "Europe/Berlin", "--plan", "enterprise"),
        *("--admin-username", "ada", "--admin-password", PASSWORD),
        data_dir=folder,
    )
    assert made.returncode == 0, made.stderr
    (folder / "token").write_text(json.loads(made.stdout)["token"])


def remove(folder: Path) -> None:
    cluster = Cluster(folder)
    cluster.stop()
    cluster.remove()


def caller(folder: Path, port: int) -> Caller:
    return Caller(port, (folder / "token").read_text())

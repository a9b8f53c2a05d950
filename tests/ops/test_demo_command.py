"""`daybook demo`: makes it once, says so the second time, and leaves real businesses alone."""

from argparse import Namespace

import pytest
from django.utils import timezone

from daybook.ops import runtime
from daybook.ops.commands import demo
from daybook.ops.demo import remove, shapes
from daybook.ops.demo.make import make_demo
from daybook.ops.errors import CommandProblem
from daybook.tenancy.models import Business
from tests.factories.businesses import make_business

ARGS = Namespace(size="small", replace=False, seed=None)


@pytest.fixture(autouse=True)
def in_the_test(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """The command runs on the test's own connection, where nothing is left to remove."""
    monkeypatch.setattr(runtime, "ready", lambda args=None: None)
    monkeypatch.setattr(remove, "remove_demo", lambda slug: None)


def test_demo_beside_a_real_business_of_that_address_refuses() -> None:
    make_business(slug=shapes.SHAPES["small"].slug)

    with pytest.raises(CommandProblem, match="no demo"):
        demo.run(ARGS)


def test_demo_that_is_there_says_so_and_prints_the_logins(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny = shapes.Shape("small", "demo", "Tiny", 6, 20, 120, weeks_back=4, weeks_ahead=2)
    made = make_demo(tiny, seed=3, now=timezone.now())

    assert demo.run(ARGS) == 0
    told = capsys.readouterr()
    assert "already there" in told.err
    assert "/b/demo/sign-in/" in told.out
    assert shapes.PASSWORD in told.out
    assert {line.split()[0] for line in told.out.splitlines()[1:]} == set(demo._ORDER)
    assert Business.objects.get(slug="demo").pk == made.pk

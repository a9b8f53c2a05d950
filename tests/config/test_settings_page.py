from dataclasses import fields
from pathlib import Path

from daybook.config.env import Environment

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "settings.md"


def test_every_variable_is_explained() -> None:
    text = PAGE.read_text()
    names = [field.metadata["name"] for field in fields(Environment)]
    assert [name for name in names if f"`{name}`" not in text] == []

"""The set-up's own steps."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

SETUP = Path(__file__).resolve().parents[2] / "scripts" / "setup.py"


@pytest.fixture
def setup() -> ModuleType:
    spec = importlib.util.spec_from_file_location("daybook_setup", SETUP)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def collected(build: Path, name: str, **files: str) -> Path:
    folder = build / name
    folder.mkdir(parents=True)
    for stem, contents in files.items():
        (folder / f"{stem}.css").write_text(contents)
        (folder / f"{stem}.css.gz").write_text(f"packed {contents}")
    (folder / "staticfiles.json").write_text(json.dumps({"paths": {stem: f"{stem}.css" for stem in files}}))
    return folder


def test_new_static_files_come_in_one_step_and_keep_the_names_before(setup: ModuleType, tmp_path: Path) -> None:
    collected(tmp_path, "collected", base_1="one", same="same")  # as an older set-up made it: a plain folder
    place = tmp_path / "collected"
    for number, known in ((2, {"base_1", "base_2"}), (3, {"base_2", "base_3"}), (4, {"base_3", "base_4"})):
        setup.swap_static(collected(tmp_path, f"collected-{number}", **{f"base_{number}": "new", "same": "same"}))
        assert {path.stem for path in place.glob("base_*.css")} == known
        assert (place / f"base_{number - 1}.css.gz").is_file()
        assert (place / "same.css").read_text() == "same"
        assert json.loads((place / "staticfiles.json").read_text())["paths"].keys() == {f"base_{number}", "same"}
        assert [path.name for path in sorted(tmp_path.iterdir())] == ["collected", f"collected-{number}"]

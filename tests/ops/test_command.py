"""The frame of the `daybook` command."""

import ast
import os
import subprocess
import sys

import pytest

from daybook.ops.command import COMMANDS, main, subcommands

UNUSED = os.environ | {"DAYBOOK_DATA_DIR": "/nowhere/at/all", "DJANGO_SETTINGS_MODULE": ""}


def daybook(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "daybook.ops", *arguments]
    return subprocess.run(command, env=UNUSED | environment, capture_output=True, text=True, check=False)


def test_help_lists_every_command_with_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    shown = capsys.readouterr().out
    assert ended.value.code == 0
    assert {"up", "migrate", "manage"} <= set(subcommands())
    for each in subcommands().values():
        assert each.help, f"{each.module} needs a HELP"
        assert each.name in shown


@pytest.mark.parametrize("name", sorted(subcommands()))
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert f"usage: daybook {name}" in capsys.readouterr().out


@pytest.mark.parametrize("path", sorted(COMMANDS.glob("*.py")), ids=lambda path: path.stem)
def test_no_command_imports_django_at_its_top(path: object) -> None:
    for statement in ast.parse(path.read_text()).body:  # type: ignore[attr-defined]
        if isinstance(statement, ast.ImportFrom):
            assert not (statement.module or "").startswith("django"), "import Django inside run()"


def test_help_loads_neither_django_nor_the_driver() -> None:
    code = "import sys; from daybook.ops.command import build_parser; build_parser(None); print('django' in sys.modules, 'psycopg' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_misspelt_variable_is_one_sentence_and_exit_code_1() -> None:
    done = daybook("migrate", DAYBOOK_DATADIR="x")
    assert done.returncode == 1
    assert (
        done.stderr == "daybook: DAYBOOK_DATADIR is not a variable that Daybook knows. Did you mean DAYBOOK_DATA_DIR?\n"
    )


def test_unknown_command_is_exit_code_2() -> None:
    done = daybook("fly")
    assert done.returncode == 2
    assert "invalid choice: 'fly'" in done.stderr


def test_database_that_does_not_answer_is_one_sentence() -> None:
    done = daybook("migrate", DATABASE_URL="postgresql://a:b@127.0.0.1:1/none")
    assert done.returncode == 1
    assert done.stderr.startswith("daybook: The database does not answer: ")
    assert "Traceback" not in done.stderr

"""Whatever happened to a file on its way: it is read, or refused in words, and never breaks the reader."""

from __future__ import annotations

import io
import random
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from daybook.core.errors import DomainError
from daybook.imports.layouts import ALL
from daybook.imports.layouts.base import Setting
from daybook.imports.rules.parsing import Options, parse
from daybook.imports.rules.reading import read_tables

SAMPLES = sorted(path for path in Path("samples").rglob("*") if path.is_file())
STRAY = (b'"', b"\x00", b"<table>", b"</td>", b"\r", b",,,,", b"\xff\xfe", b";", b"\t", b"')", b"\\", b"PK")


def cut(content: bytearray, chance: random.Random) -> bytes:
    return bytes(content[: chance.randrange(len(content))])


def spoilt(content: bytearray, chance: random.Random) -> bytes:
    for _ in range(chance.randrange(1, 20)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    return bytes(content)


def strewn(content: bytearray, chance: random.Random) -> bytes:
    place = chance.randrange(len(content))
    content[place:place] = chance.choice(STRAY) * chance.randrange(1, 5)
    return bytes(content)


def holed(content: bytearray, chance: random.Random) -> bytes:
    place = chance.randrange(len(content))
    del content[place : place + chance.randrange(1, 2_000)]
    return bytes(content)


def shuffled(content: bytearray, chance: random.Random) -> bytes:
    lines = content.split(b"\n")
    chance.shuffle(lines)
    return b"\n".join(lines[:60])


def recoded(content: bytearray, chance: random.Random) -> bytes:
    return content.decode("utf-8", "replace").encode(chance.choice(["utf-16", "utf-16-be", "cp1252"]), "replace")


def spoilt_inside(content: bytearray, chance: random.Random) -> bytes:
    """A workbook whose parts are damaged, in an archive that is whole."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive, zipfile.ZipFile(buffer, "w") as other:
        for name in archive.namelist():
            if chance.random() > 0.1:
                part = bytearray(archive.read(name))
                other.writestr(name, spoilt(part, chance) if chance.random() < 0.5 else bytes(part))
    return buffer.getvalue()


@pytest.mark.parametrize("seed", range(2))
def test_damaged_files_are_read_or_refused(request: pytest.FixtureRequest, seed: int) -> None:
    chance = random.Random(seed)
    found: Counter[str] = Counter()
    for _ in range(1_000 if request.config.getoption("--long") else 20):
        path = chance.choice(SAMPLES)
        damages = [cut, spoilt, strewn, holed, shuffled, recoded]
        damage = spoilt_inside if path.suffix == ".xlsx" and chance.random() < 0.5 else chance.choice(damages)
        try:
            parse(
                read_tables(damage(bytearray(path.read_bytes()), chance), path.name),
                ALL,
                Options(layout="auto"),
                Setting("EUR", "Europe/Berlin"),
            )
            found["read"] += 1
        except DomainError as refusal:
            found[refusal.code] += 1
    assert found["read"] > 0 and found["file_unreadable"] > 0, found


@pytest.mark.parametrize(
    "content",
    [b"INSERT INTO `other` VALUES (1,'a');", b'{"a": 1}', b"{}", b"[]", b"INSERT INTO `ea_users` VALUES ("],
    ids=["another dump", "an object", "nothing in it", "an empty list", "cut off"],
)
def test_dump_or_json_without_a_table_is_refused(content: bytes) -> None:
    with pytest.raises(DomainError) as refusal:
        parse(read_tables(content, "a.txt"), ALL, Options(layout="auto"), Setting("EUR", "Europe/Berlin"))
    assert refusal.value.code in ("file_unreadable", "layout_unknown")

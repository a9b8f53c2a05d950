"""Unpack WOFF fonts into the plain TrueType that documents (PDF) are set with. Standard library only."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

FACES = "@fontsource/instrument-sans/files/instrument-sans-{subset}-{weight}-normal.woff"
# The extended letters get a family name of their own: of two files with one name, the wrong one may be taken first.
SUBSETS: dict[str, tuple[str, str] | None] = {"latin": None, "latin-ext": ("Instrument Sans", "Instrument Sext")}
WEIGHTS = (400, 500, 600, 700)


def unpack(woff: bytes, rename: tuple[str, str] | None = None) -> bytes:
    """The TrueType font inside a WOFF 1.0 file: the same tables, uncompressed, under a new directory.

    `rename` is (name, other name of the same length).
    """
    signature, flavor, _, count = struct.unpack_from(">4s4sIH", woff)
    if signature != b"wOFF":
        raise ValueError("not a WOFF font")
    power = 1 << (count.bit_length() - 1)
    head = struct.pack(">4sHHHH", flavor, count, power * 16, power.bit_length() - 1, (count - power) * 16)
    directory, body = b"", b""
    start = len(head) + 16 * count
    for index in range(count):
        tag, offset, packed, length, checksum = struct.unpack_from(">4sIIII", woff, 44 + 20 * index)
        table = woff[offset : offset + packed]
        if packed != length:
            table = zlib.decompress(table)
        if tag == b"name" and rename:
            for coding in ("ascii", "utf-16-be"):
                table = table.replace(rename[0].encode(coding), rename[1].encode(coding))
        directory += struct.pack(">4sIII", tag, checksum, start + len(body), length)
        body += table + b"\0" * (-length % 4)
    return head + directory + body


def write_fonts(modules: Path, target: Path) -> int:
    """Write the faces of the documents into `target`; answers how many."""
    target.mkdir(parents=True, exist_ok=True)
    for subset, rename in SUBSETS.items():
        for weight in WEIGHTS:
            source = modules / FACES.format(subset=subset, weight=weight)
            (target / f"sans-{subset}-{weight}.ttf").write_bytes(unpack(source.read_bytes(), rename))
    return len(SUBSETS) * len(WEIGHTS)

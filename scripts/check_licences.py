"""Refuse a locked package whose licence is not one that Daybook may be shipped or built with.

Reads the metadata of what is installed; nothing is asked of a network. Exit code 1 names each package at fault.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

LOCK = Path(__file__).resolve().parent.parent / "requirements" / "dev.txt"
ALLOWED = re.compile(
    r"\b(MIT|MIT-0|BSD|BSD-[23]-Clause|0BSD|Apache|Apache-2\.0|ISC|PSF|Python Software Foundation|PSF-2\.0|MPL|MPL-2\.0"
    r"|Mozilla Public License|Unlicense|PostgreSQL|HPND|Zlib|Artistic)\b",
    re.IGNORECASE,
)
# Used as a library, unchanged and replaceable, which its licence (LGPL) allows any program.
ALLOWED_BY_NAME = {"psycopg", "psycopg-binary", "psycopg-pool"}


def locked_names() -> list[str]:
    return re.findall(r"^([a-z0-9][a-z0-9._-]*)==", LOCK.read_text(), re.MULTILINE)


def licence(package: Distribution) -> str:
    """What the package says of itself: the expression, else the classifiers, the free field's first line, the text."""
    data = package.metadata
    classifiers = [line for line in data.get_all("Classifier") or [] if line.startswith("License ::")]
    said = data.get("License-Expression") or " / ".join(classifiers) or (data.get("License") or "").split("\n")[0]
    return said or " ".join(_first_line(package, name) for name in data.get_all("License-File") or [])


def _first_line(package: Distribution, name: str) -> str:
    text = package.read_text(f"licenses/{name}") or package.read_text(name) or ""
    return text.strip().split("\n")[0]


def main() -> int:
    faults = []
    names = locked_names()
    for name in names:
        try:
            text = licence(distribution(name))
        except PackageNotFoundError:  # for another platform
            continue
        if name not in ALLOWED_BY_NAME and not ALLOWED.search(text):
            faults.append(f"{name}: {text or 'says nothing'}")
    for fault in faults:
        print(f"licence not allowed: {fault}", file=sys.stderr)
    print(f"licences: {len(names)} packages, {len(faults)} not allowed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

"""Copy what the pages need from `node_modules` to `build/static/vendor`.

Only the files named here are served: whole `dist` folders are large, and name source maps
that are not there. Standard library only, so that it runs before anything is installed.
Run again at will: it writes the folder anew, and nothing else.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

from print_fonts import write_fonts

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
TARGET = ROOT / "build" / "static" / "vendor"
PRINT_FONTS = ROOT / "build" / "fonts"
ICON_LIST = ROOT / "src" / "daybook" / "ui" / "icons.txt"

FILES = {
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "alpine.js": "@alpinejs/csp/dist/cdn.min.js",
    "calendar.js": "@event-calendar/build/dist/event-calendar.min.js",
    "calendar.css": "@event-calendar/build/dist/event-calendar.min.css",
    "chart.js": "chart.js/dist/chart.umd.min.js",
    "fonts/sans-latin.woff2": ("@fontsource-variable/instrument-sans/files/instrument-sans-latin-wght-normal.woff2"),
    "fonts/sans-latin-ext.woff2": (
        "@fontsource-variable/instrument-sans/files/instrument-sans-latin-ext-wght-normal.woff2"
    ),
}
# Packages whose code is inside a copied file: their licence goes along.
LICENSED = [
    "htmx.org",
    "@alpinejs/csp",
    "@vue/reactivity",
    "@vue/shared",
    "@event-calendar/build",
    "chart.js",
    "@kurkle/color",
    "@fontsource-variable/instrument-sans",
    "@fontsource/instrument-sans",
    "@tabler/icons",
]
SOURCE_MAP = re.compile(rb"(//[#@] sourceMappingURL=\S+|/\*[#@] sourceMappingURL=.*?\*/)\s*")
INNER = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def copy_files() -> None:
    for name, source in FILES.items():
        target = TARGET / name
        target.parent.mkdir(parents=True, exist_ok=True)
        data = (MODULES / source).read_bytes()
        if target.suffix in {".js", ".css"}:
            data = SOURCE_MAP.sub(b"", data)
        target.write_bytes(data)


def copy_licences() -> None:
    folder = TARGET / "licences"
    folder.mkdir(parents=True)
    for package in LICENSED:
        about = json.loads((MODULES / package / "package.json").read_text())
        head = f"{about['name']} {about['version']}\nLicence: {about['license']}\n\n"
        texts = sorted((MODULES / package).glob("LICENSE*"))
        body = texts[0].read_text() if texts else "The package carries no licence file.\n"
        name = package.replace("@", "").replace("/", "-")
        (folder / f"{name}.txt").write_text(head + body)


def icon_names() -> dict[str, str]:
    """Names of `icons.txt`: own name → file in the icon set."""
    names = {}
    for line in ICON_LIST.read_text().splitlines():
        text = line.split("#")[0].strip()
        if text:
            own, _, source = (part.strip() for part in text.partition("="))
            names[own] = source or own
    return names


def symbol(own: str, source: str) -> str:
    style, _, name = source.rpartition(":")
    path = MODULES / "@tabler" / "icons" / "icons" / (style or "outline") / f"{name}.svg"
    svg = COMMENT.sub("", path.read_text())
    inner = INNER.search(svg)
    if inner is None:
        sys.exit(f"{path} is not an icon")
    body = re.sub(r"\s+", " ", inner.group(1)).replace("> <", "><").strip()
    paint = (
        'fill="currentColor"'
        if style == "filled"
        else 'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"'
    )
    return f'<symbol id="{own}" viewBox="0 0 24 24" {paint}>{body}</symbol>'


def write_sprite() -> int:
    symbols = []
    missing = []
    for own, source in icon_names().items():
        try:
            symbols.append(symbol(own, source))
        except FileNotFoundError:
            missing.append(f"{own} ({source})")
    if missing:
        sys.exit(f"Not in the icon set: {', '.join(missing)}. Correct {ICON_LIST.name}.")
    text = '<svg xmlns="http://www.w3.org/2000/svg">' + "\n".join(symbols) + "</svg>\n"
    (TARGET / "icons.svg").write_text(text)
    return len(symbols)


def main() -> None:
    if not MODULES.is_dir():
        sys.exit("node_modules is missing: run `npm ci` first (make setup does).")
    if TARGET.exists():
        shutil.rmtree(TARGET)
    TARGET.mkdir(parents=True)
    copy_files()
    copy_licences()
    write_fonts(MODULES, PRINT_FONTS)
    count = write_sprite()
    size = sum(path.stat().st_size for path in TARGET.rglob("*") if path.is_file())
    print(f"Front-end files: {count} icons, {size // 1024} kB in all.")


if __name__ == "__main__":
    main()

"""Write docs/guide from the texts of the help: `guide.py`, or `guide.py --check` to ask whether it is up to date."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from daybook.ui.help.articles import CATEGORIES, Article, Category, articles, label_of
from daybook.ui.help.pages import PAGES
from daybook.ui.help.words import worded

FOLDER = Path(__file__).parents[1] / "docs" / "guide"
HEAD = """# Guide

How things are done in Daybook, subject by subject. The same articles are in the product: **?** at the top of every page,
or the key `?`, opens those of the page that is open, with a search. There, a business that calls its clients students
reads of students.

<!-- Written by `make guide` from src/daybook/ui/help/texts: change the texts, not this. -->
"""
_LINK = re.compile(r"\{\{ (page|help):([\w:-]+) \}\}")
_ODD = re.compile(r"[^\w\- ]")


def files() -> dict[str, str]:
    """What the guide is made of: the contents by the name of the file."""
    index = [HEAD]
    written = {}
    for category in CATEGORIES:
        shelf = [each for each in articles().values() if each.category == category.name]
        title = worded(category.title, None)
        index.append(f"\n## [{title}]({category.name}.md)\n")
        index += [f"- [{_title(each)}]({category.name}.md#{_anchor(each)})" for each in shelf]
        written[f"{category.name}.md"] = _chapter(category, shelf)
    return {"README.md": "\n".join(index) + "\n"} | written


def _chapter(category: Category, shelf: list[Article]) -> str:
    parts = [f"# {worded(category.title, None)}\n\n[All subjects](README.md)\n"]
    for article in shelf:
        done = [worded(PAGES[name].label, None) for name in article.go]
        where = f"\nWhere: {', '.join(f'**{each}**' for each in done)}.\n" if done else ""
        parts.append(f"## {_title(article)}\n\n{worded(_LINK.sub(_link, article.text), None)}\n{where}")
    return "\n".join(parts)


def _link(found: re.Match[str]) -> str:
    kind, name = found.groups()
    if kind == "page":
        return f"**{label_of(kind, name)}**"
    article = articles()[name]
    return f"[{label_of(kind, name)}]({article.category}.md#{_anchor(article)})"


def _title(article: Article) -> str:
    return worded(article.title, None)


def _anchor(article: Article) -> str:
    """As GitHub makes it of a heading."""
    return _ODD.sub("", _title(article).lower()).replace(" ", "-")


def stale() -> list[str]:
    """The files that are not as they would be written now."""
    wanted = files()
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    return sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))


def main() -> int:
    if "--check" in sys.argv[1:]:
        for name in stale():
            print(f"docs/guide/{name} is not up to date: run `make guide`")
        return 1 if stale() else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = files()
    for path in FOLDER.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

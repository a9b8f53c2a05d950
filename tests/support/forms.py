"""The forms of a page, as a browser would send them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

TEXTS = {"text", "email", "tel", "url", "search", "password", "textarea", ""}
DATES = {"date", "time", "datetime-local", "month"}


@dataclass
class Form:
    """Where it goes, and its fields: name → (kind, the value it has)."""

    action: str
    method: str
    fields: dict[str, tuple[str, str]] = field(default_factory=dict)

    def values(self) -> dict[str, str]:
        return {name: value for name, (_kind, value) in self.fields.items()}

    def of_kind(self, kinds: set[str]) -> list[str]:
        return [name for name, (kind, _value) in self.fields.items() if kind in kinds]


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.select = self.textarea = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.form = Form(given.get("action") or self.address, given.get("method", "get").lower())
            self.forms.append(self.form)
        if self.form is None or "disabled" in given:
            return
        name = given.get("name", "")
        if tag == "input" and name and given.get("type") not in ("submit", "button", "file"):
            self._input(name, given)
        if tag == "select" and name:
            self.select = name
            self.form.fields.setdefault(name, ("select", ""))
        if tag == "option" and self.select and "selected" in given:
            self.form.fields[self.select] = ("select", given.get("value", ""))
        if tag == "textarea" and name:
            self.textarea = name
            self.form.fields[name] = ("textarea", "")
        if tag == "button" and name and given.get("type", "submit") == "submit":
            self.form.fields.setdefault(name, ("button", given.get("value", "")))

    def _input(self, name: str, given: dict[str, str]) -> None:
        assert self.form is not None
        kind = given.get("type", "text").lower()
        if kind in ("checkbox", "radio") and "checked" not in given and name in self.form.fields:
            return
        self.form.fields[name] = (kind, given.get("value", "on" if kind == "checkbox" else ""))

    def handle_data(self, data: str) -> None:
        if self.form is not None and self.textarea:
            kind, value = self.form.fields[self.textarea]
            self.form.fields[self.textarea] = (kind, value + data.lstrip("\n"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        if tag == "select":
            self.select = ""
        if tag == "textarea":
            self.textarea = ""


def forms_of(text: str, address: str) -> list[Form]:
    """The forms of a page that change something."""
    reader = _Reader(address)
    reader.feed(text)
    return [form for form in reader.forms if form.method == "post"]

"""Inputs that HTML alone does not have. Each works with the keyboard and without a script as far as HTML can."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daybook.ui.colours import HUES
from daybook.ui.format import currency_affix

DAYS = [
    ("mon", _("Monday")),
    ("tue", _("Tuesday")),
    ("wed", _("Wednesday")),
    ("thu", _("Thursday")),
    ("fri", _("Friday")),
    ("sat", _("Saturday")),
    ("sun", _("Sunday")),
]


class DateInput(forms.DateInput):
    """The browser's own date picker, always with an ISO value."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"class": "input-short", **(attrs or {})}, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own time field, to the minute; steps of five minutes with the arrow keys."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"class": "input-short", "step": 300, **(attrs or {})}, format="%H:%M")


class DateTimeInput(forms.DateTimeInput):
    """Date and time in one field of the browser's."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"class": "input-short", "step": 300, **(attrs or {})}, format="%Y-%m-%dT%H:%M")


class MoneyInput(forms.TextInput):
    """An amount with its currency's sign where the locale puts it."""

    template_name = "ui/widgets/money.html"

    def __init__(self, currency: str = "EUR", locale: str = "en", attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})
        self.currency = currency
        self.locale = locale

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        before, after = currency_affix(self.currency, self.locale)
        return {**super().get_context(name, value, attrs), "before": before, "after": after}


class Switch(forms.CheckboxInput):
    """An on/off that takes effect with the form."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"class": "switch", "role": "switch", **(attrs or {})})


class ColourInput(forms.Widget):
    """One of the twelve hues, or none; the value is `#rrggbb`."""

    template_name = "ui/widgets/colour.html"
    is_group = True

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["hues"] = [(hue, colour, value and str(value).lower() == colour) for hue, colour in HUES.items()]
        context["other"] = value if value and str(value).lower() not in HUES.values() else ""
        return context


class Combobox(forms.Select):
    """A text input with a list below. `url` answers `?q=` with `{"items": [{"value", "label", "sub"}]}`; without it,
    the choices are searched in place. A plain `select` without scripts."""

    template_name = "ui/widgets/combobox.html"
    multiple = False

    def __init__(
        self, url: str = "", placeholder: str = "", attrs: dict[str, Any] | None = None, choices: Iterable[Any] = ()
    ) -> None:
        super().__init__(attrs=attrs, choices=choices)
        self.url = url
        self.placeholder = placeholder

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context |= {"url": self.url, "placeholder": self.placeholder, "multiple": self.multiple}
        return context


class ComboboxMultiple(Combobox, forms.SelectMultiple):
    """Several of a list, shown as pills."""

    allow_multiple_selected = True
    multiple = True


class TwoBlockPicker(forms.SelectMultiple):
    """Two blocks side by side: those there are, and those chosen."""

    template_name = "ui/widgets/two_block.html"
    is_group = True

    def __init__(
        self, available: str = "", chosen: str = "", attrs: dict[str, Any] | None = None, choices: Iterable[Any] = ()
    ) -> None:
        super().__init__(attrs=attrs, choices=choices)
        self.titles = {"available": available or _("Available"), "chosen": chosen or _("Chosen")}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return {**super().get_context(name, value, attrs), "titles": self.titles}


class WeekEditor(forms.Widget):
    """Weekly windows: for each day any number of starts and ends. Posts `<name>-<day>-start` and `-end`, repeated."""

    template_name = "ui/widgets/week.html"
    is_group = True

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        windows = value if isinstance(value, list) else json.loads(value) if value else []
        days = [(day, label, [each for each in windows if each["day"] == day]) for day, label in DAYS]
        return {**super().get_context(name, value, attrs), "days": days}

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[dict[str, str]]:
        getlist: Callable[[str], list[str]] = getattr(data, "getlist", lambda key: data.get(key, []))
        return [
            {"day": day, "start": start, "end": end}
            for day, _label in DAYS
            for start, end in zip(getlist(f"{name}-{day}-start"), getlist(f"{name}-{day}-end"), strict=False)
            if start or end
        ]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return False

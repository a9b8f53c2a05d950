"""Form fields that speak of money and weeks."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from daybook.core.errors import DomainError, InvalidInput
from daybook.core.money import text_to_minor
from daybook.ui import format, sentences
from daybook.ui.sentences.amounts import amount_problem
from daybook.ui.widgets import DAYS, MoneyInput, WeekEditor


class MoneyField(forms.Field):
    """An amount typed in the locale's way; cleans to whole minor units. Negative only where `signed`."""

    widget = MoneyInput

    def __init__(self, *, currency: str = "EUR", locale: str = "en", signed: bool = False, **options: Any) -> None:
        self.signed = signed
        super().__init__(**options)
        self.set_business(currency, locale)

    def set_business(self, currency: str, locale: str) -> None:
        """Currency and locale of the business: called by `BusinessForm`, or by hand."""
        self.currency, self.locale = currency, locale
        if isinstance(self.widget, MoneyInput):
            self.widget.currency, self.widget.locale = currency, locale

    def prepare_value(self, value: Any) -> Any:
        return format.money_input(value, self.currency, self.locale) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        try:
            minor = text_to_minor(format.parse_money(str(value), self.currency, self.locale), self.currency)
        except ValueError as error:
            text = amount_problem(error, self.currency, self.locale)
            raise ValidationError(text, code="not_an_amount") from error
        if minor < 0 and not self.signed:
            raise ValidationError(_("An amount here cannot be below zero."), code="negative")
        return minor

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True


class WeekField(forms.Field):
    """Weekly windows; cleans to a list of `{day, start, end}` with `time` values, in order."""

    widget = WeekEditor

    def to_python(self, value: Any) -> list[dict[str, Any]]:
        windows = []
        for each in value or []:
            try:
                start, end = time.fromisoformat(each["start"]), time.fromisoformat(each["end"])
            except ValueError as error:
                raise ValidationError(
                    _("Each window needs a start and an end, such as 09:00 and 12:30."), code="invalid"
                ) from error
            if end <= start:
                raise ValidationError(_("A window must end after it starts."), code="end_before_start")
            windows.append({"day": each["day"], "start": start, "end": end})
        order = [day for day, _label in DAYS]
        windows.sort(key=lambda window: (order.index(window["day"]), window["start"]))
        for first, second in zip(windows, windows[1:], strict=False):
            if first["day"] == second["day"] and second["start"] < first["end"]:
                raise ValidationError(_("Two windows of one day overlap."), code="overlap")
        return windows


_PLAIN: tuple[tuple[type[forms.Field], str, Any], ...] = (
    (forms.Field, "required", _("This is needed.")),
    (forms.ChoiceField, "invalid_choice", _("Choose one from the list.")),
    (forms.DateField, "invalid", _("There is no such date. Write it as year, month, day: 2026-01-31.")),
    (forms.TimeField, "invalid", _("There is no such time. Write it as hours and minutes: 14:30.")),
    (forms.IntegerField, "invalid", _("Enter a whole number.")),
    (forms.DecimalField, "invalid", _("Enter a number.")),
    (forms.EmailField, "invalid", _("This does not look like an e-mail address. Check it for slips.")),
)


def _speak_plainly(field: forms.Field) -> None:
    """Our own words in place of Django's, where a form gave none of its own."""
    for kind, code, text in _PLAIN:
        if isinstance(field, kind) and field.error_messages.get(code) == _first_message(kind, code):
            field.error_messages[code] = text


def _first_message(kind: type[forms.Field], code: str) -> Any:
    return kind.default_error_messages.get(code)


class BusinessForm(forms.Form):
    """A form that knows its business: money fields take its currency and locale, refusals land beside their field.

    `BusinessForm(request.POST or None, business=request.business, terms=terms)`.
    """

    hide_optional = False

    def __init__(self, *args: Any, business: Any = None, terms: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.business = business
        self.terms = terms
        for each in self.fields.values():
            _speak_plainly(each)
        if business is not None:
            for each in self.fields.values():
                if isinstance(each, MoneyField):
                    each.set_business(business.currency, business.locale)

    def refuse(self, error: DomainError) -> None:
        """Put a refusal where it belongs: beside its field, or above the form."""
        style = {}
        if self.business is not None:
            style = {
                "locale": self.business.locale,
                "zone": self.business.time_zone,
                "currency": self.business.currency,
            }
        if isinstance(error, InvalidInput):
            for problem in error.errors:
                self.add_error(
                    problem.field if problem.field in self.fields else None,
                    sentences.field_sentence(problem, self.terms, **style),
                )
            return
        self.add_error(
            error.field if error.field in self.fields else None, sentences.sentence(error, self.terms, **style)
        )

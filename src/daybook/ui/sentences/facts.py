"""The plain data of a refusal or a reason, read as a person would say it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from daybook.core.money import Money, text_to_minor
from daybook.ui import format
from daybook.ui.terms import capital, word


@dataclass(frozen=True, slots=True)
class Facts:
    """Data with the reader's words, locale, zone and currency. A fact that is missing reads as an empty text."""

    data: Mapping[str, Any]
    terms: Mapping[str, Any] | None
    locale: str
    zone: str
    currency: str

    def has(self, name: str) -> bool:
        return self.data.get(name) not in (None, "", [], ())

    def text(self, name: str, otherwise: str = "") -> str:
        value = self.data.get(name)
        return otherwise if value in (None, "") else str(value)

    def count(self, name: str) -> int:
        value = self.data.get(name)
        if isinstance(value, (list, tuple)):
            return len(value)
        return int(str(value)) if str(value or "").isdecimal() else 0

    def names(self, name: str) -> str:
        """One or several names: `Pia`, `Pia and Leo`, `Pia, Leo and Ada`."""
        value = self.data.get(name)
        if not isinstance(value, (list, tuple)):
            return self.text(name)
        several = [str(each) for each in value]
        if len(several) < 2:
            return "".join(several)
        return _("%(first)s and %(last)s") % {"first": ", ".join(several[:-1]), "last": several[-1]}

    def money(self, name: str) -> str:
        """An amount given as `Money` or as a decimal text."""
        value = self.data.get(name)
        if isinstance(value, Money):
            return format.money(value.minor, value.currency, self.locale)
        try:
            return format.money(text_to_minor(str(value), self.currency), self.currency, self.locale)
        except ValueError:
            return self.text(name)

    def instant(self, name: str) -> datetime | None:
        value = self.data.get(name)
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                return None
        return format.local(value, self.zone) if isinstance(value, datetime) and value.tzinfo else None

    def clock(self, name: str) -> str:
        value = self.instant(name)
        return format.clock(value.time().replace(second=0, microsecond=0), self.locale) if value else self.text(name)

    def day(self, name: str) -> str:
        value: Any = self.instant(name) or self.data.get(name)
        if isinstance(value, datetime):
            value = value.date()
        if isinstance(value, str):
            try:
                value = date.fromisoformat(value)
            except ValueError:
                return value
        return format.day(value, self.locale) if isinstance(value, date) else self.text(name)

    def term(self, name: str, form: str = "singular") -> str:
        return word(self.terms, name, form)

    def Term(self, name: str, form: str = "singular") -> str:
        return capital(self.term(name, form))


Say = Callable[[Facts], str]

"""What is wrong with an amount that somebody typed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from daybook.core import format
from daybook.core.money import MAX_MINOR, currency_digits


def amount_problem(error: ValueError, currency: str, locale: str) -> str:
    """The sentence beside a field whose text `core.money.text_to_minor` refused with `error`."""
    digits = currency_digits(currency)
    if "digits" in str(error):
        if not digits:
            return _("This currency has no digits after the point.")
        return _("This currency has %(digits)d digits after the point, no more.") % {"digits": digits}
    if "large" in str(error):
        return _("That is too much: at most %(most)s.") % {"most": format.money(MAX_MINOR, currency, locale)}
    return _("Enter an amount, such as %(example)s.") % {
        "example": format.money_input(45_500 if digits > 2 else 4_550, currency, locale)
    }

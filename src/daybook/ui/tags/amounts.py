"""Amounts of money, counts and quantities."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from daybook.core.money import Money
from daybook.ui import format
from daybook.ui.tags.icons import icon
from daybook.ui.tags.page import currency_of, locale_of

register = template.Library()


def _minor(value: Any) -> int:
    return value.minor if isinstance(value, Money) else int(value)


@register.simple_tag(takes_context=True)
def money(context: Context, value: Any, currency: str = "") -> str:
    """An amount in minor units (or `Money`), as the locale writes it. Nothing for None."""
    if value is None or value == "":
        return ""
    of = value.currency if isinstance(value, Money) else currency or currency_of(context)
    return format.money(_minor(value), of, locale_of(context))


@register.simple_tag(takes_context=True)
def balance(context: Context, value: Any, currency: str = "") -> SafeString | str:
    """A balance (payments less costs): credit in green, owed in ink with its minus sign, zero in grey."""
    if value is None or value == "":
        return ""
    return coloured(_minor(value), money(context, value, currency))


def coloured(minor: int, text: str) -> SafeString:
    """A balance of so many minor units, written as `text`, in its colour."""
    kind = "credit" if minor > 0 else "owed" if minor < 0 else "zero"
    return SafeString(f'<span class="money money-{kind}">{escape(text)}</span>')


@register.simple_tag(takes_context=True)
def number(context: Context, value: Any) -> str:
    """A count or a quantity, with the locale's marks."""
    return "" if value is None or value == "" else format.number(value, locale_of(context))


@register.simple_tag
def explain(url: str, label: str = "") -> SafeString:
    """The ⓘ beside a computed figure: opens its reasons, loaded from `url`."""
    before, after = _explain(label or gettext("Why this figure?"))
    return SafeString(f"{before}{escape(url)}{after}")


@lru_cache(maxsize=64)
def _explain(label: str) -> tuple[str, str]:
    return (
        '<button type="button" class="explain" data-popover="',
        f'" aria-haspopup="dialog" aria-label="{escape(label)}">{icon("explain")}</button>',
    )

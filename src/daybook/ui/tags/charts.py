"""Charts, each with its table."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django import template
from django.template import Context

from daybook.ui import format
from daybook.ui.tags.page import currency_of, locale_of
from daybook.ui.tags.words import bcp47

register = template.Library()


@register.inclusion_tag("ui/_chart.html", takes_context=True)
def chart(context: Context, data: Mapping[str, Any], label: str, kind: str = "bar") -> dict[str, Any]:
    """A chart with its table beside it.

    `data`: `labels` (texts), `series` ([{name, values}]; amounts in minor units with `money: True`), `stacked`.
    """
    is_money = bool(data.get("money"))
    currency, locale = currency_of(context), locale_of(context)
    show = (
        (lambda value: "" if value is None else format.money(int(value), currency, locale))
        if is_money
        else lambda value: "" if value is None else format.number(value, locale)
    )
    series = [{"name": str(each["name"]), "values": list(each["values"])} for each in data["series"]]
    labels = [str(text) for text in data["labels"]]
    rows = [(text, [show(each["values"][index]) for each in series]) for index, text in enumerate(labels)]
    plain = {
        "kind": kind,
        "labels": labels,
        "series": series,
        "stacked": bool(data.get("stacked")),
        "money": is_money,
        "currency": currency,
        "locale": bcp47(locale),
    }
    return {
        "id": f"chart-{uuid.uuid4().hex[:8]}",
        "label": label,
        "plain": plain,
        "rows": rows,
        "series": series,
        "kind": kind,
        "first": data.get("first", ""),
    }

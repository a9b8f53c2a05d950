"""Dates, times and lengths, by the clock of the business."""

from __future__ import annotations

from datetime import date, datetime
from html import escape
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from daybook.ui import format
from daybook.ui.tags.page import locale_of, zone_of

register = template.Library()

_STYLES = {"day": format.day, "weekday": format.weekday, "long": format.long_day, "month": format.month}


def _as_date(context: Context, value: date | datetime) -> date:
    return format.local(value, zone_of(context)).date() if isinstance(value, datetime) else value


@register.simple_tag(takes_context=True, name="date")
def date_tag(context: Context, value: Any, style: str = "day") -> SafeString | str:
    """A date or an instant's date in the business's zone. Styles: `day`, `weekday`, `long`, `month`."""
    if not value:
        return ""
    local = _as_date(context, value)
    return SafeString(
        f'<time datetime="{local.isoformat()}">{escape(_STYLES[style](local, locale_of(context)))}</time>'
    )


@register.simple_tag(takes_context=True, name="time")
def time_tag(context: Context, value: Any) -> SafeString | str:
    """The time of day of an instant in the business's zone, or of a plain time."""
    if value is None or value == "":
        return ""
    clock = format.local(value, zone_of(context)).time() if isinstance(value, datetime) else value
    text = format.clock(clock.replace(second=0, microsecond=0), locale_of(context))
    return format_html('<time datetime="{}">{}</time>', clock.isoformat("minutes"), text)


@register.simple_tag(takes_context=True, name="datetime")
def datetime_tag(context: Context, value: Any, style: str = "day") -> SafeString | str:
    """Date and time of an instant: `3 Jan 2026, 14:30`."""
    if not value:
        return ""
    local = format.local(value, zone_of(context))
    clock = format.clock(local.time().replace(second=0, microsecond=0), locale_of(context))
    return format_html(
        '<time datetime="{}">{}, {}</time>',
        local.isoformat("T", "minutes"),
        _STYLES[style](local.date(), locale_of(context)),
        clock,
    )


@register.simple_tag(takes_context=True)
def span(context: Context, starts_at: datetime, ends_at: datetime) -> SafeString:
    """From and to, on one clock: `14:30–15:15`."""
    zone, locale = zone_of(context), locale_of(context)
    first, last = (format.local(value, zone).time().replace(second=0, microsecond=0) for value in (starts_at, ends_at))
    return format_html(
        '<time datetime="{}">{}</time>–{}',
        first.isoformat("minutes"),
        format.clock(first, locale),
        format.clock(last, locale),
    )


@register.simple_tag
def duration(minutes: Any) -> str:
    """A length in minutes, in words."""
    return "" if minutes is None or minutes == "" else format.duration(int(minutes), gettext)


@register.simple_tag(takes_context=True)
def zone_name(context: Context) -> str:
    """The name of the zone that the page's times are in."""
    return format.zone_name(zone_of(context), locale_of(context))

"""Tags of the pages about people."""

from django import template

from daybook.ui.widgets import DAYS

register = template.Library()


@register.filter
def weekday_of(day: int) -> str:
    """`Monday` for 0."""
    return str(DAYS[day][1])

"""Tags of the pages about people."""

from django import template

from daybook.tenancy.permissions import Permission
from daybook.tenancy.queries import business_words
from daybook.tenancy.terms import worded
from daybook.ui.widgets import DAYS

register = template.Library()


@register.filter
def weekday_of(day: int) -> str:
    """`Monday` for 0."""
    return str(DAYS[day][1])


@register.simple_tag(takes_context=True)
def permission_label(context: template.Context, permission: Permission) -> str:
    """What a permission allows, in the business's words."""
    return worded(permission.label, context.get("terms") or business_words())

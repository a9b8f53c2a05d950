"""Fields, and what is wrong with a form."""

from __future__ import annotations

import uuid
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from daybook.ui import fields
from daybook.ui.tags.icons import icon

register = template.Library()


@register.simple_tag(takes_context=True)
def field(context: Context, bound: Any, **options: Any) -> SafeString:
    """`{% field form.name %}`; options: `label`, `help`, `placeholder`, `autofocus`, `classes`, `suffix`."""
    return fields.render(bound, options, icon("alert"))


@register.simple_tag(takes_context=True)
def form_errors(context: Context, form: Any) -> SafeString | str:
    """What is wrong with the form as a whole, above its fields. A list of links when several fields are wrong."""
    return fields.summary(form, icon("alert", "icon-l"))


@register.simple_tag
def once() -> SafeString:
    """A hidden key, new with each form: the same post twice is one deed."""
    return format_html('<input type="hidden" name="once" value="{}">', uuid.uuid4())

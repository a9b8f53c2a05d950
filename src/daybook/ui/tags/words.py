"""Words of the business, sentences of reasons and refusals, and small texts of the page."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.urls import get_script_prefix
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString

from daybook.core.reasons import Reason
from daybook.ui import format, sentences
from daybook.ui.tags.page import currency_of, locale_of, zone_of
from daybook.ui.terms import capital, word

register = template.Library()


@register.simple_tag(takes_context=True)
def term(context: Context, name: str, form: str = "singular") -> str:
    """The business's word, lower case: `{% term "client" "plural" %}`."""
    return word(context.get("terms"), name, form)


@register.simple_tag(takes_context=True)
def Term(context: Context, name: str, form: str = "singular") -> str:
    """The same, to begin a sentence or a title."""
    return capital(word(context.get("terms"), name, form))


@register.simple_tag(takes_context=True)
def explanation(context: Context, reason: Reason) -> str:
    """The sentence of one reason."""
    return sentences.explain(reason, context.get("terms"), locale_of(context), currency_of(context))


@register.simple_tag(takes_context=True)
def refusal(context: Context, error: Any) -> str:
    """The sentence of a refusal or a notice."""
    return sentences.sentence(
        error, context.get("terms"), locale=locale_of(context), zone=zone_of(context), currency=currency_of(context)
    )


@register.simple_tag
def root_url(rest: str = "") -> str:
    """The business's first page, or a path below it."""
    return get_script_prefix() + rest


@register.filter
def bcp47(locale: str) -> str:
    """`de_DE` → `de-DE`, as HTML and scripts write it."""
    return format.locale_name(locale).replace("_", "-")


@register.filter
def undo_url(extra_tags: str) -> str:
    """The address after `undo:` in a message's extra tags, or nothing."""
    return next((tag.removeprefix("undo:") for tag in (extra_tags or "").split() if tag.startswith("undo:")), "")


@register.simple_tag
def attributes(**values: Any) -> SafeString:
    """`name="value"` for each that is not empty."""
    return format_html_join("", ' {}="{}"', ((key.replace("_", "-"), value) for key, value in values.items() if value))


@register.filter
def plus_class(widget: Any, classes: str) -> SafeString:
    """A bound field's widget with classes added."""
    return conditional_escape(widget.as_widget(attrs={"class": classes}))

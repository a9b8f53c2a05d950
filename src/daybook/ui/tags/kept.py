"""`{% kept %}`: markup that follows from a few values, written once for each."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

MOST_KEPT = 256


class KeptNode(Node):
    """What stands inside, by the values that it is made of, the language and the business's address."""

    def __init__(self, values: list[FilterExpression], inside: NodeList) -> None:
        self.values = values
        self.inside = inside
        self.texts: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        values = [each.resolve(context, ignore_failures=True) for each in self.values]
        if values[0] is None or settings.DEBUG:
            return self.inside.render(context)
        key = (get_language(), get_script_prefix(), *values)
        text = self.texts.get(key)
        if text is None:
            text = self.inside.render(context)
            if len(self.texts) >= MOST_KEPT:
                self.texts.pop(next(iter(self.texts), key), None)
            self.texts[key] = text
        return text


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """`{% kept frame_key name %}…{% endkept %}`: name every value that the inside depends on.

    Where the first is not there, nothing is kept. Neither forms with their token nor notices may stand inside.
    """
    values = [parser.compile_filter(each) for each in token.split_contents()[1:]]
    if not values:
        raise template.TemplateSyntaxError("kept takes the values that its inside is made of")
    inside = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(values, inside)

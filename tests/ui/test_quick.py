"""Quick templates say what Django's say."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from django.template import Context, Engine
from django.test import RequestFactory
from django.urls import set_script_prefix
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from daybook.ui.quick import QuickTemplate


@dataclass
class Person:
    name: str = "Ada <Lovelace>"
    tags: list[str] = field(default_factory=lambda: ["a&b", "c"])
    bold: SafeString = mark_safe("<b>Ada</b>")
    none: None = None
    facts: dict[str, Any] = field(default_factory=lambda: {"items": 3, "0": "zero", "size": 2.5})

    def shout(self) -> str:
        return self.name.upper()

    def destroy(self) -> str:
        raise AssertionError("a template may not do this")

    destroy.alters_data = True  # type: ignore[attr-defined]

    def needs(self, argument: str) -> str:
        return argument

    def pairs(self) -> list[tuple[str, int]]:
        return [("a", 1), ("b", 2)]

    @property
    def broken(self) -> str:
        raise AttributeError("inside")


SNIPPETS = (
    "{{ person.name }} {{ person.bold }} {{ person.none }} {{ person.nothing }} {{ nothing.at.all }}",
    "{{ person.name|upper }} {{ person.nothing|default:person.name }} {{ 'a<b' }} {{ 3 }} {{ 2.5 }} {{ True }}",
    "{{ person.tags.0 }} {{ person.tags.7 }} {{ person.tags.first }} {{ person.tags|join:', ' }}",
    "{{ person.facts.items }} {{ person.facts.0 }} {{ person.facts.size }} {{ person.facts.missing }} {{ person.facts.keys|length }}",
    "{{ person.shout }} {{ person.destroy }} {{ person.needs }} {{ call }} {{ person.name.upper }}",
    "{% if person.nothing %}1{% elif person.tags and not person.none %}2{% endif %}{% if person.name == 'x' or nothing %}3{% else %}4{% endif %}",
    "{% for tag in person.tags %}{{ forloop.counter }}{{ tag }}{% if forloop.last %}.{% endif %}{% empty %}-{% endfor %}{% for x in nothing %}{% empty %}-{% endfor %}",
    "{% for key, value in person.pairs %}{{ key }}={{ value }}{% empty %}-{% endfor %}",
    "{% with other=person.name n=2 %}{{ other }}{{ n }}{% endwith %}{{ other }}",
    "{% load i18n %}{% translate 'Edit <all>' %} 100%% {% translate 'Save' as word %}{{ word }} {% translate person.name %}",
    "{% load i18n %}{% blocktranslate with name=person.name count n=2 %}one {{ name }}{% plural %}{{ n }} {{ name }}{% endblocktranslate %}",
    "{% load static %}{% static 'ui/css/base.css' %}{% static 'ui/css/base.css' as css %}{{ css }}",
    "{% url 'web:clients' %} {% url 'web:clients' as there %}{{ there }} {% url 'web:nowhere' as never %}[{{ never }}]",
    "{% url 'web:client' key %} {% url 'web:client' key as there %}{{ there }} {% url 'web:nowhere' key as never %}[{{ never }}]",
    "{% load daybook %}{% icon 'edit' %}{% icon 'star' label='St<ar' %}{% icon 'edit' as kept %}{{ kept }}{% term 'client' 'plural' %}{% root_url 'x' %}{% state 'active' %}",
    "{% autoescape off %}{{ person.name }}{{ person.bold }}{% endautoescape %}{{ number }}{{ request.path }}{{ request.GET.q }}",
)


KEY = UUID("0190b3a0-0000-7000-8000-000000000001")


def _both(snippet: str) -> tuple[str, str]:
    engine = Engine.get_default()
    request = RequestFactory().get("/x/?q=%3Ci%3E")
    texts = []
    for template in (QuickTemplate(snippet, engine=engine), engine.from_string(snippet)):
        for _ in range(2):
            context = Context(
                {"person": Person(), "call": lambda: "called<", "number": 1234567, "request": request, "key": KEY}
            )
            texts.append(template.render(context))
        assert texts[-2] == texts[-1]
    return texts[0], texts[-1]


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_the_same_text(snippet: str) -> None:
    quick, plain = _both(snippet)

    assert quick == plain


def test_an_address_follows_the_business() -> None:
    template = QuickTemplate("{% url 'web:clients' %}", engine=Engine.get_default())
    try:
        set_script_prefix("/b/one/")
        first = template.render(Context({}))
        set_script_prefix("/b/two/")
        second = template.render(Context({}))
    finally:
        set_script_prefix("/")

    assert (first, second) == ("/b/one/clients/", "/b/two/clients/")


def test_a_word_follows_the_language() -> None:
    template = QuickTemplate("{% load i18n %}{% translate 'Monday' %}", engine=Engine.get_default())
    with override("de"):
        german = template.render(Context({}))
    with override("en"):
        english = template.render(Context({}))

    assert (german, english) == ("Montag", "Monday")


def test_a_mistake_in_a_property_is_not_swallowed() -> None:
    template = QuickTemplate("{{ person.broken }}", engine=Engine.get_default())

    with pytest.raises(AttributeError, match="inside"):
        template.render(Context({"person": Person()}))

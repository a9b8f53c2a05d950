"""`{% load daybook %}`: the tags and filters of every page, which are in `ui/tags` by subject."""

from django import template

from daybook.ui.tags import amounts, charts, forms, icons, kept, lists, people, times, words, wrapped

register = template.Library()
for part in (amounts, charts, forms, icons, kept, lists, people, times, words, wrapped):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)

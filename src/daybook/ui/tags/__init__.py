"""The tags and filters of every page, by subject. `templatetags/daybook.py` puts them together for `{% load daybook %}`.

What a tag makes of its arguments is a plain function here, so that rows written in Python take the same ones. All take
locale, zone and currency from the page's `business`.
"""

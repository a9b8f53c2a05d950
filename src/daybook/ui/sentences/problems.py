"""What is wrong with one field: said beside it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daybook.ui.sentences.facts import Facts, Say
from daybook.ui.sentences.money import MONEY_PROBLEMS


def _say(text: str) -> Say:
    return lambda facts: _(text)


def too_long(facts: Facts) -> str:
    most = facts.count("most") or facts.count("max_length") or facts.count("limit")
    return (
        ngettext("At most %(most)d character.", "At most %(most)d characters.", most) % {"most": most}
        if most
        else _("This is too long.")
    )


def too_large(facts: Facts) -> str:
    return _("At most %(most)s.") % {"most": facts.text("most")} if facts.has("most") else _("This is too large.")


def too_small(facts: Facts) -> str:
    return _("At least %(least)s.") % {"least": facts.text("least")} if facts.has("least") else _("This is too small.")


PROBLEMS: dict[str, Say] = {
    "required": _say("This is needed."),
    "missing": _say("This is needed."),
    "empty": _say("This is needed."),
    "invalid": _say("This cannot be taken as it is."),
    "unknown": _say("There is no such thing here. Choose one from the list."),
    "not_found": _say("There is no such thing here. Choose one from the list."),
    "unknown_choice": _say("Choose one from the list."),
    "duplicate": _say("This is there twice."),
    "taken": _say("This is taken. Choose another one."),
    "too_long": too_long,
    "too_short": _say("This is too short."),
    "too_large": too_large,
    "too_small": too_small,
    "too_many": _say("These are too many."),
    "too_few": _say("Choose at least one."),
    "negative": _say("An amount here cannot be below zero."),
    "not_positive": _say("This must be more than zero."),
    "zero": _say("This must be more than zero."),
    "not_an_amount": _say("Enter an amount, such as 45.50."),
    "too_many_digits": _say("The currency has fewer digits after the point."),
    "not_a_number": _say("Enter a number."),
    "not_a_date": _say("There is no such date. Write it as year, month, day: 2026-01-31."),
    "not_a_time": _say("There is no such time. Write it as hours and minutes: 14:30."),
    "not_an_email": _say("This does not look like an e-mail address. Check it for slips."),
    "not_a_phone": _say("This does not look like a phone number. Start with + and the country’s number."),
    "not_a_color": _say("Choose one of the colours."),
    "not_a_zone": _say("There is no such time zone. Choose one from the list."),
    "not_a_currency": _say("There is no such currency. Write its three letters, such as EUR."),
    "not_a_locale": _say("There is no such language. Choose one from the list."),
    "not_a_slug": _say("Use small letters, digits and hyphens only."),
    "end_before_start": _say("The end must come after the start."),
    "in_the_past": _say("This must be in the future."),
    "in_the_future": _say("This cannot be in the future."),
    "overlap": _say("Two of these overlap."),
    "too_common": _say("This password is among the first that anyone would try. Choose another one."),
    "characters": _say("There are characters here that cannot be kept."),
    # catalog, settings, API
    "not_a_link": _say("Enter a whole web address, such as https://example.org/room."),
    "read_only": _say("This cannot be changed."),
    "cursor": _say("This cursor is not one of ours, or belongs to another list. Start again without it."),
    # sessions
    "other_leads": _say("The first of these leads, and another one is named as leading. Name the same one in both."),
    "not_an_instant": _say("Enter a date and a time."),
    "out_of_range": _say("Choose a date in this century."),
    "longer_than_a_day": _say("This is longer than a day. Add one for each day."),
    "switched_off": _say("This one is switched off. Choose another one, or switch it on in the settings."),
    "unknown_field": _say("This cannot be changed here."),
    "not_whole": _say("Enter a whole number, zero or more."),
    # people, imports
    "username_required": _say("Give a user name first: it is what one signs in with."),
    "role_is_fixed": _say("The role cannot be changed. Add the person again in the other role."),
    "unknown_permission": _say("There is no such permission for this role."),
    "file_too_large": lambda facts: (
        _("The file is larger than %(megabytes)s MB. Split it, or leave out what is not needed.")
        % {"megabytes": facts.text("megabytes", "25")}
    ),
    **MONEY_PROBLEMS,
}

# people
PROBLEMS |= {
    "bad_username": _say("A user name has no spaces."),
    "password_too_short": _say("At least 8 characters. A few words in a row are easy to remember."),
    "bad_tags": _say("At most 20 tags of 40 characters each."),
}

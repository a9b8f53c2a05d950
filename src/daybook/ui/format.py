"""Money, dates and times as a locale writes them. The rules are in `core.format`, so that documents and e-mails share them."""

from daybook.core.format import (
    MINUS,
    clock,
    currency_affix,
    day,
    duration,
    initials,
    local,
    locale_name,
    long_day,
    money,
    money_input,
    month,
    number,
    parse_money,
    weekday,
    zone_name,
)

__all__ = [
    "MINUS",
    "clock",
    "currency_affix",
    "day",
    "duration",
    "initials",
    "local",
    "locale_name",
    "long_day",
    "money",
    "money_input",
    "month",
    "number",
    "parse_money",
    "weekday",
    "zone_name",
]

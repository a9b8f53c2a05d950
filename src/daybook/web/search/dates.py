"""Reading a day out of what somebody typed into the search box."""

import re
from datetime import date, timedelta

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})[./](\d{1,2})[./]?(\d{4})?")
_DAY_MONTH = re.compile(r"(\d{1,2})\.? ([a-z]{3})[a-z]*\.?(?: (\d{4}))?")
_MONTH_DAY = re.compile(r"([a-z]{3})[a-z]*\.? (\d{1,2})(?:,? (\d{4}))?")
_NEAR = {"today": 0, "tomorrow": 1, "yesterday": -1}


def day_in(text: str, *, today: date, month_first: bool = False) -> date | None:
    """The day that `text` names as a whole: `2026-03-02`, `2.3.`, `2/3/2026`, `2 Mar`, `March 2`, `tomorrow`; else None.

    Without a year, the one that makes it nearest to `today`. `month_first` reads `3/2` as the second of March.
    """
    plain = " ".join(text.casefold().split())
    if plain in _NEAR:
        return today + timedelta(days=_NEAR[plain])
    if found := _ISO.fullmatch(plain):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMBERS.fullmatch(plain):
        first, second = int(found[1]), int(found[2])
        day, month = (second, first) if month_first and "/" in plain else (first, second)
        return _with_year(found[3], month, day, today)
    for pattern, at_day, at_month in ((_DAY_MONTH, 1, 2), (_MONTH_DAY, 2, 1)):
        if (found := pattern.fullmatch(plain)) and found[at_month] in _MONTHS:
            return _with_year(found[3], _MONTHS.index(found[at_month]) + 1, int(found[at_day]), today)
    return None


def _with_year(year: str | None, month: int, day: int, today: date) -> date | None:
    if year:
        return _date(int(year), month, day)
    near = [found for offset in (-1, 0, 1) if (found := _date(today.year + offset, month, day))]
    return min(near, key=lambda found: abs(found - today), default=None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2199 else None

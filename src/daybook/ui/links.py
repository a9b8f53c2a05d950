"""Addresses of records: found once by name, then filled in, since a list has one in every row."""

from functools import lru_cache
from uuid import UUID

from django.urls import get_script_prefix, reverse

_NIL = UUID(int=0)


def record_link(name: str, key: UUID | str) -> str:
    """The same as `reverse(name, args=[key])`, for a page whose only argument is an id."""
    prefix = get_script_prefix()
    before, after = _around(name)
    return f"{prefix}{before}{key}{after}"


@lru_cache(maxsize=256)
def _around(name: str) -> tuple[str, str]:
    before, _, after = reverse(name, args=[_NIL]).removeprefix(get_script_prefix()).partition(str(_NIL))
    return before, after

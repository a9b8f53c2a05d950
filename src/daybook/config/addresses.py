"""What an address says before anything is looked up."""

import re

_PREFIX = re.compile(r"^/b/(?P<slug>[a-z0-9-]{1,60})(?:/|$)")


def slug_in(path: str) -> str | None:
    """The business that a path names: `/b/linden/clients/` → `linden`."""
    match = _PREFIX.match(path)
    return match["slug"] if match else None

"""The layouts that are known, by name. A new system is one module with its layouts, named here."""

from daybook.imports.layouts import daybook
from daybook.imports.layouts.base import RECORD_ORDER, Layout

LAYOUTS: dict[str, Layout] = {layout.name: layout for layout in (*daybook.LAYOUTS,)}


def ordered() -> list[Layout]:
    """The layouts in the order in which a business takes their files in."""
    return sorted(LAYOUTS.values(), key=lambda layout: RECORD_ORDER.index(layout.record))

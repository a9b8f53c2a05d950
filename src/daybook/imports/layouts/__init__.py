"""The layouts that are known, by name. A new system is one module with its layouts, named here."""

from daybook.imports.layouts import acuity, daybook, easyappointments, mindbody, teachworks
from daybook.imports.layouts.base import RECORD_ORDER, Layout

ALL: tuple[Layout, ...] = (
    *acuity.LAYOUTS,
    *teachworks.LAYOUTS,
    *mindbody.LAYOUTS,
    *easyappointments.LAYOUTS,
    *daybook.LAYOUTS,
)
# By the name that people choose; of a family, its last table: the one that needs the others.
LAYOUTS: dict[str, Layout] = {layout.public_name: layout for layout in ALL}


def ordered() -> list[Layout]:
    """The layouts in the order in which a business takes their files in."""
    return sorted(LAYOUTS.values(), key=lambda layout: RECORD_ORDER.index(layout.record))

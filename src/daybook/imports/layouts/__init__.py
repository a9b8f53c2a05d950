"""The layouts that are known, by name. A new system is one module with its layouts, named here."""

from daybook.imports.layouts import daybook
from daybook.imports.layouts.base import Layout

LAYOUTS: dict[str, Layout] = {layout.name: layout for layout in (*daybook.LAYOUTS,)}

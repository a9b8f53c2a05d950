"""Who may take files in, and see what came of them."""

from daybook.core.errors import NotFound
from daybook.core.ids import parse_id
from daybook.imports.models import Import
from daybook.tenancy.actor import Actor
from daybook.tenancy.permissions import declare

IMPORT_DATA = declare("import_data", "Import: take in files, and undo that", administrator=True, staff=False)


def access_import(actor: Actor, import_id: object, *, lock: bool = False) -> Import:
    """The import, row-locked if asked. Raises NotPermitted, NotFound."""
    actor.require(IMPORT_DATA)
    key = parse_id(import_id)
    rows = Import.objects.select_for_update() if lock else Import.objects.all()
    found = rows.filter(pk=key).first() if key else None
    if found is None:
        raise NotFound(what="import")
    return found

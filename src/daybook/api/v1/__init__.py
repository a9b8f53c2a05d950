"""Version 1 of the API: one router a room, each registered here by one line."""

from importlib import import_module

from daybook.api.frame import DaybookApi

api = DaybookApi(
    title="Daybook",
    version="1",
    description="The calendar and the books of a service business. Everything that a page can do, a program can do, by the same rules. An id that is not there, or is another business's, is 404 wherever it stands: in the address or in a body, where `errors` names its field.",
)

# The order is that of the document.
ROOMS = ("settings", "people", "catalog", "scheduling", "money", "imports", "audit")
for room in ROOMS:
    api.add_router("", import_module(f"daybook.api.v1.{room}.routes").router)

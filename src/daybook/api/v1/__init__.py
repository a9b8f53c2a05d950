"""Version 1 of the API: one router a room, each registered here by one line."""

from importlib import import_module
from importlib.util import find_spec

from daybook.api.frame import DaybookApi

api = DaybookApi(
    title="Daybook",
    version="1",
    description="The calendar and the books of a service business. Everything that a page can do, a program can do, by the same rules.",
)

# The order is that of the document. A room that has no routes yet is left out.
ROOMS = ("settings", "people", "catalog", "scheduling", "money", "imports", "audit")
for room in ROOMS:
    if find_spec(f"daybook.api.v1.{room}") and find_spec(f"daybook.api.v1.{room}.routes"):
        api.add_router("", import_module(f"daybook.api.v1.{room}.routes").router)

"""Telling the server how large the tables have become.

Rows that come by the hundred thousand make statements slow that were planned for empty tables, and what the server
finds out by itself it finds out late. Only the owner of the tables may ask for it.
"""

import os

from django.db import connection as serving
from psycopg import sql

from daybook.config.env import read_environment
from daybook.ops.demo.writer import TABLES
from daybook.ops.schema import connect

ALSO = ("people_user", "ledger_seal", "ledger_sealedentry", "ledger_unsealed", "audit_version")


def read_statistics() -> None:
    """Look at a sample of each large table now."""
    _ask("analyze")


def settle() -> None:
    """Once all is written: note which pages every reader may see whole, so that indexes answer without their tables."""
    _ask("vacuum (analyze)")


def _ask(what: str) -> None:
    names = [*(str(model._meta.db_table) for model in TABLES.values()), *ALSO]
    # Tests write into a database that the environment does not name.
    written_to = str(serving.settings_dict["NAME"])
    with connect(read_environment(os.environ), as_owner=True, name=written_to) as connection:
        connection.autocommit = True
        connection.execute(sql.SQL(what + " {}").format(sql.SQL(", ").join(map(sql.Identifier, names))))

"""Telling the planner how large the tables have become.

Rows that come by the hundred thousand make statements slow that were planned for empty tables, and what the server
finds out by itself it finds out late. Only the owner of the tables may ask for it.
"""

import os

from django.db import connection as serving
from django.db import models
from psycopg import sql

from daybook.config.env import read_environment
from daybook.ops.demo.writer import TABLES
from daybook.ops.schema import connect

ALSO = ("people_user", "ledger_seal", "ledger_sealedentry", "ledger_unsealed", "audit_version")


def read_statistics() -> None:
    """Look at a sample of each large table now."""
    names = [*(_table(model) for model in TABLES.values()), *ALSO]
    written_to = str(serving.settings_dict["NAME"])
    with connect(read_environment(os.environ), as_owner=True, name=written_to) as connection:
        connection.execute(sql.SQL("analyze {}").format(sql.SQL(", ").join(map(sql.Identifier, names))))


def _table(model: type[models.Model]) -> str:
    return str(model._meta.db_table)

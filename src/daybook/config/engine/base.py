"""What Django loads as the database's engine."""

from __future__ import annotations

from functools import partial
from threading import Lock
from typing import Any

from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base

from daybook.config.engine.pool import Pool, WatchedConnection
from daybook.tenancy.prepared import send_held

_making = Lock()


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL; processes that serve keep their connections in `Pool` (`OPTIONS["pool"]` holds its arguments)."""

    @property
    def pool(self) -> Pool | None:
        options = self.settings_dict["OPTIONS"].get("pool")
        if not options or self.alias == NO_DB_ALIAS:
            return None
        pools: dict[str, Pool] = self._connection_pools  # type: ignore[attr-defined]
        if self.alias not in pools:
            with _making:
                if self.alias not in pools:
                    pools[self.alias] = Pool(partial(self._connect, self.get_connection_params()), **options)
        return pools[self.alias]

    def create_cursor(self, name: str | None = None) -> Any:
        send_held()
        return super().create_cursor(name)

    def _commit(self) -> None:
        send_held()
        super()._commit()  # type: ignore[misc]

    def _connect(self, parameters: dict[str, Any]) -> WatchedConnection:
        raw = WatchedConnection.connect(**(parameters | {"autocommit": True}))
        self._configure_connection(raw)  # type: ignore[attr-defined]
        return raw

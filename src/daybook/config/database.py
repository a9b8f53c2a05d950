"""Where the database is, and as whom it is used: Django's `DATABASES` entry from the environment."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from daybook.config.env import Environment
from daybook.config.postgres import APP, DATABASE, OWNER, Cluster

CONNECT_SECONDS = 10


def database_settings(environment: Environment) -> dict[str, Any]:
    """The entry for the serving role, or for the owner where `DAYBOOK_DB_ROLE` says so.

    A pool is kept only by processes that serve pages; commands and tests open one connection.
    """
    if environment.database_url:
        settings = from_url(environment.database_url)
        if environment.database_role == "app":
            settings["OPTIONS"]["options"] = f"{settings['OPTIONS'].get('options', '')} -c role={APP}".strip()
    else:
        settings = from_cluster(Cluster(environment.data_dir), environment.database_role)
    settings["OPTIONS"].setdefault("connect_timeout", CONNECT_SECONDS)
    settings["OPTIONS"].setdefault("application_name", "daybook")
    if environment.serves:
        most = environment.web_threads + 2
        settings["OPTIONS"]["pool"] = {"min_size": 1, "max_size": most, "timeout": CONNECT_SECONDS, "max_idle": 300}
    return settings


def from_cluster(cluster: Cluster, role: str) -> dict[str, Any]:
    user = OWNER if role == "owner" else APP
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE,
        "USER": user,
        "PASSWORD": cluster.password(user),
        "HOST": str(cluster.socket_dir),
        "OPTIONS": {},
    }


def from_url(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or options.pop("host", ""),
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": dict(options),
    }

"""Where the database is, and as whom it is used: Django's `DATABASES` entry from the environment."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from daybook.config.env import Environment
from daybook.config.postgres import APP, DATABASE, OWNER, Cluster

CONNECT_SECONDS = 10
# Where pages are served: how long a request looks for a lost database, and what an answer may take beyond its limit.
PATIENCE_SECONDS = 5
SERVING_CONNECT_SECONDS = 5
GRACE_SECONDS = 2
# A network that swallows what is sent is noticed within half a minute (nothing to do with sockets on this machine).
KEEPALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 30_000}
# What a web process that was stopped in the middle holds is let go of by the server.
LETS_GO = "-c idle_in_transaction_session_timeout=2min"
# Prepared statements are planned once, for any values: planning anew would take as long as running.
PLANS_ONCE = "-c plan_cache_mode=force_generic_plan"


def database_settings(environment: Environment) -> dict[str, Any]:
    """The entry for the serving role, or for the owner where `DAYBOOK_DB_ROLE` says so.

    A pool is kept only by processes that serve pages; commands and tests open one connection.
    """
    options = [PLANS_ONCE]
    if environment.serves:
        options += [LETS_GO, f"-c statement_timeout={environment.statement_seconds}s"]
    if environment.database_url:
        settings = from_url(environment.database_url)
        options.insert(0, settings["OPTIONS"].get("options", ""))
        if environment.database_role == "app":
            options.append(f"-c role={APP}")
    else:
        settings = from_cluster(Cluster(environment.data_dir), environment.database_role)
    settings["OPTIONS"]["options"] = " ".join(options).strip()
    for name, value in KEEPALIVE.items():
        settings["OPTIONS"].setdefault(name, value)
    settings["OPTIONS"].setdefault(
        "connect_timeout", SERVING_CONNECT_SECONDS if environment.serves else CONNECT_SECONDS
    )
    settings["OPTIONS"].setdefault("application_name", "daybook")
    if environment.serves:
        settings["OPTIONS"]["pool"] = {
            "patience": PATIENCE_SECONDS,
            "most_seconds": environment.statement_seconds + GRACE_SECONDS,
        }
    return settings


def from_cluster(cluster: Cluster, role: str) -> dict[str, Any]:
    user = OWNER if role == "owner" else APP
    return {
        "ENGINE": "daybook.config.engine",
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
        "ENGINE": "daybook.config.engine",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or options.pop("host", ""),
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": dict(options),
    }

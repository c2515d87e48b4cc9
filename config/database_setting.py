"""DATABASE_URL: SQLite in the data folder, or PostgreSQL."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import dj_database_url

from config.environment import stop

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # Pages are kept by the operating system, once for all; each connection has 2 MB beside that. A
    # file mapped into memory is no quicker here, and counts in every connection of every process.
    # WAL lets readers go on while one writes; NORMAL is durable under WAL but for power loss, where
    # the last transactions may be missing and the file is whole. FULL keeps those as well.
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        "PRAGMA mmap_size=0; PRAGMA cache_size=-2000; PRAGMA temp_store=MEMORY;"
        "PRAGMA journal_size_limit=67108864"
    ),
}
# A server that is gone without a word (a cable, a switch, a firewall that forgot) is given up after
# so long. Without these a thread waits for it for a quarter of an hour, and soon all of them do; a
# query that takes its time is not meant, because the server's side still answers then. See
# https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS.
POSTGRESQL_OPTIONS = {
    # Seconds.
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    # Milliseconds.
    "tcp_user_timeout": 5000,
}


def default_database_url(data_dir: Path) -> str:
    """The database of a site that names none."""
    return f"sqlite:///{quote(str(data_dir / 'milepost.sqlite3'))}"


def read_database(url: str) -> dict[str, Any]:
    """Django's database settings from DATABASE_URL.

    Only SQLite and PostgreSQL are supported. Stops with a sentence for anything else.
    """
    try:
        database: dict[str, Any] = dict(
            dj_database_url.parse(url, conn_max_age=None, conn_health_checks=True)
        )
    except (ValueError, KeyError):
        stop("DATABASE_URL cannot be read; it should look like postgres://user:secret@host/name.")
    options = database.get("OPTIONS") or {}
    postgresql = database["ENGINE"] == "django.db.backends.postgresql"
    if postgresql and not find_spec("psycopg"):
        stop("PostgreSQL needs the driver psycopg: run “uv sync --extra postgres” first.")
    if database["ENGINE"] == "django.db.backends.sqlite3":
        if not Path(database["NAME"]).is_absolute():
            # In memory, each connection would have its own; and commands run in other folders.
            stop(
                "DATABASE_URL names no file from the root of the disk: four slashes stand before "
                "it, as in sqlite:////srv/milepost.sqlite3."
            )
        database["OPTIONS"] = {**SQLITE_OPTIONS, **options}
        database["CONN_HEALTH_CHECKS"] = False
    elif postgresql:
        database["ENGINE"] = "config.postgresql"
        database["OPTIONS"] = {**POSTGRESQL_OPTIONS, **options}
    else:
        stop("DATABASE_URL names a database that is neither sqlite nor postgres.")
    return database


def read_at_once(databases: dict[str, Any]) -> None:
    """Let this process read no answer through a cursor that the server keeps.

    For what answers requests: behind a pool in transaction mode (docs/growing.md) the next query
    may go through another connection, which knows no such cursor; Django reads the choices of its
    forms that way. Commands read whole tables through cursors, and go to the server itself.
    """
    for database in databases.values():
        database["DISABLE_SERVER_SIDE_CURSORS"] = True

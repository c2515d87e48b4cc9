"""A file of SQLite that is gone must not come back empty, as SQLite has it by itself.

Whoever opened one that is not there would see a site without articles and without people, and the
next start would make a new owner. So once a data folder has had a database, its file is opened only
where there is one; the first start, also one that was cut off, makes it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.core.signals import request_started
from django.db import DEFAULT_DB_ALIAS as SITE
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from articles.stamp import site_stamp
from articles.upkeep import data_id

type Identity = tuple[int, int]


def watch() -> None:
    """Look at every connection from now on; a second call changes nothing."""
    if _marks():
        only_what_is_there()
    connection_created.connect(_remember, dispatch_uid="lost database")
    request_started.connect(_let_go, dispatch_uid="lost database")


def only_what_is_there() -> None:
    """From now on this process, and those forked from it, make no file of SQLite."""
    database = connections.settings[SITE]
    if database["ENGINE"].endswith("sqlite3"):
        # Stands for NAME, which stays a path for those who look for the file.
        database["OPTIONS"]["database"] = f"file:{quote(str(database['NAME']))}?mode=rw"


def lost() -> str:
    """One sentence when the file is gone that this data folder had; '' when all is well."""
    connection = connections[SITE]
    marks = _marks()
    if connection.vendor != "sqlite" or not marks:
        return ""
    path = Path(connection.settings_dict["NAME"])
    if path.exists():
        return ""
    return (
        f"The database {path} is missing, and this data folder belongs to a site that had one. Put "
        "it back, or restore a backup: manage.py restore_backup FILE --yes. To begin a new site, "
        f"delete {' and '.join(map(str, marks))}."
    )


def _marks() -> list[Path]:
    """The files that only a site with a database has; older versions had but the stamp."""
    stamp = data_id.path().with_name(site_stamp.file.path.name)
    return [path for path in (data_id.path(), stamp) if path.exists()]


def _remember(connection: BaseDatabaseWrapper, **_more: Any) -> None:
    if connection.vendor == "sqlite" and connection.alias == SITE:
        connection.opened_file = _identity(connection)  # type: ignore[attr-defined]


def _let_go(**_more: Any) -> None:
    """Close a connection whose file is gone or another one: it would write into nowhere."""
    connection = connections[SITE]
    before = getattr(connection, "opened_file", None)
    if before is None or connection.connection is None or connection.in_atomic_block:
        return
    if _identity(connection) != before:
        connection.close()


def _identity(connection: BaseDatabaseWrapper) -> Identity | None:
    """Which file the name leads to; None for no file."""
    try:
        status = Path(connection.settings_dict["NAME"]).stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino

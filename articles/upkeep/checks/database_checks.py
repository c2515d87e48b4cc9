"""Checks of the database: whether it answers, is whole, and has the tables of this version."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.upkeep import lost_database
from articles.upkeep.backup.databases import applied, missing_migrations, unknown_migrations
from articles.upkeep.checks.findings import Check, Finding, fine, look, wrong

SECONDS_TO_CONNECT = 5
# Below this PostgreSQL's guesses do no harm.
MANY_ROWS = 5000


def _ask(statement: str) -> Any:
    """The one value that a statement of this module gives."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    return row[0] if row else None


def reachable() -> Finding:
    """Whether the database answers, and which version of what it is."""
    how = _(
        "Start the database server, or mend DATABASE_URL; “manage.py config” shows what it is now."
    )
    database = connection.settings_dict
    host = str(database.get("HOST") or "")
    if connection.vendor == "postgresql" and host and not host.startswith("/"):
        # The driver would wait for minutes for a machine that does not answer at all.
        port = int(database.get("PORT") or 5432)
        try:
            socket.create_connection((host, port), SECONDS_TO_CONNECT).close()
        except OSError as error:
            return wrong(
                _("The database server on %(host)s, port %(port)d does not answer: %(reason)s.")
                % {"host": host, "port": port, "reason": error.strerror or error},
                how,
            )
    try:
        if not connection.introspection.table_names():
            return wrong(
                _("There is no site in this database yet."),
                _(
                    "“manage.py serve” makes one. If there is one elsewhere, set DATA_DIR or "
                    "DATABASE_URL to where it is; “manage.py config” shows what they are now."
                ),
            )
        if connection.vendor == "sqlite":
            version = _ask("SELECT sqlite_version()")
            return fine(_("SQLite %(version)s answers.") % {"version": version})
        version = _ask("SHOW server_version")
    except DatabaseError as error:
        if sentence := lost_database.lost():
            what, _end, how = sentence.partition(". ")
            return wrong(f"{what}.", how)
        reason = " ".join(str(error).split())
        return wrong(_("The database does not answer: %(reason)s") % {"reason": reason}, how)
    return fine(_("PostgreSQL %(version)s answers.") % {"version": version})


def form() -> Finding:
    """Whether the database keeps text and changes in the way that the site relies on."""
    if connection.vendor == "sqlite":
        mode = _ask("PRAGMA journal_mode")
        if mode != "wal":
            return wrong(
                _("SQLite keeps its journal as “%(mode)s”: who reads waits for who writes.")
                % {"mode": mode},
                _("Move the data folder to a disk of this machine; WAL is then switched on."),
            )
        return fine(_("SQLite writes ahead (WAL)."))
    encoding = _ask("SHOW server_encoding")
    if encoding != "UTF8":
        return wrong(
            _("The database keeps text as %(encoding)s, which lacks most letters.")
            % {"encoding": encoding},
            _("Make a database with ENCODING 'UTF8' and restore a backup into it."),
        )
    if not _ask("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'"):
        return look(
            _("PostgreSQL lacks the extension pg_trgm: searches correct no mistyped words."),
            _("Have its administrator run: CREATE EXTENSION pg_trgm; then run manage.py migrate"),
        )
    return fine(_("The database keeps text as UTF-8 and has the extension pg_trgm."))


def whole() -> Finding:
    """Whether SQLite's file is whole. PostgreSQL looks after its own files."""
    if connection.vendor != "sqlite":
        return fine(_("PostgreSQL looks after its own files."))
    found = _ask("PRAGMA quick_check(1)")
    if found != "ok":
        return wrong(
            _("The database is damaged: %(found)s") % {"found": found},
            _("Stop the site, keep a copy of the data folder, and restore the last good backup."),
        )
    return fine(_("The database is whole."))


def journal() -> Finding:
    """Whether SQLite's journal is of a usual size: a reader that never ends lets it grow."""
    if connection.vendor != "sqlite":
        return fine(_("PostgreSQL tidies up its own journal."))
    path = Path(f"{connection.settings_dict['NAME']}-wal")
    size = path.stat().st_size if path.exists() else 0
    if size > 512 * 1024 * 1024:
        return look(
            _("SQLite's journal has grown to %(n)d MB.") % {"n": size // 1024 // 1024},
            _("Something reads for very long; starting the site again lets it shrink."),
        )
    return fine(_("SQLite's journal is of a usual size."))


def migrations() -> Finding:
    """Whether the database has the tables of this version, and of no newer one."""
    there = applied(connection)
    if unknown := unknown_migrations(there):
        return wrong(
            _("A newer version of Milepost has changed the database (%(name)s).")
            % {"name": unknown[-1]},
            _("Start that version again, or restore a backup that this one made."),
        )
    if missing := missing_migrations(there):
        return wrong(
            _("The database lacks what this version needs (%(name)s).") % {"name": missing[0]},
            _("Run: manage.py upgrade"),
        )
    return fine(_("The database is that of Milepost %(version)s.") % {"version": settings.VERSION})


def statistics() -> Finding:
    """Whether PostgreSQL knows how much its large tables hold; guesses make searches slow."""
    if connection.vendor != "postgresql":
        return fine(_("SQLite needs no statistics here."))
    table = _ask(
        "SELECT min(relname) FROM pg_stat_user_tables WHERE last_analyze IS NULL"  # noqa: S608
        f" AND last_autoanalyze IS NULL AND n_live_tup >= {MANY_ROWS}"
    )
    if table:
        return look(
            _("PostgreSQL never counted what the table %(table)s holds: searches may be slow.")
            % {"table": table},
            _("Run ANALYZE in the database, and see that autovacuum is on."),
        )
    return fine(_("PostgreSQL knows what its tables hold."))


REACHABLE = Check("database", gettext_lazy("Database"), reachable)
CHECKS = [
    Check("database_form", gettext_lazy("Form of the database"), form, needs_database=True),
    Check("database_whole", gettext_lazy("Integrity"), whole, needs_database=True, slow=True),
    Check("journal", gettext_lazy("Journal"), journal, needs_database=True),
    Check("migrations", gettext_lazy("Migrations"), migrations, needs_database=True),
    Check("statistics", gettext_lazy("Statistics"), statistics, needs_database=True),
]

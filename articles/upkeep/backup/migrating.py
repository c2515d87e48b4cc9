"""Bringing the tables to this version: wholly, or not at all.

Both databases change tables inside transactions, and no migration here needs to be outside of one
(a test looks). So all that are missing, with what follows them and whatever the caller checks, are
one transaction: what fails leaves the tables and every row as they were, without a backup's help.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.db import transaction

from articles.upkeep.backup.archive import BackupError
from articles.upkeep.backup.databases import (
    applied,
    missing_migrations,
    newer_than_code,
    site_connection,
)
from articles.upkeep.backup.locks import Say, alone, silently

# Any number that nothing else in this database uses.
_LOCK = 7_216_453_001
_CHANGING = re.compile(r"\s*(ALTER|CREATE|DROP|TRUNCATE)\b", re.IGNORECASE)


@contextmanager
def all_or_nothing(say: Say = silently) -> Iterator[None]:
    """A transaction in which tables may change, alone among all processes that do so."""
    connection = site_connection()
    if connection.vendor == "sqlite":
        # Tables of SQLite are remade under a new name, which must not carry foreign keys along;
        # and this can only be said outside of a transaction.
        connection.disable_constraint_checking()
    try:
        with transaction.atomic(), connection.execute_wrapper(_settle_first):
            if connection.vendor == "postgresql":
                _wait_for_lock(say)
            yield
            connection.check_constraints()
    finally:
        if connection.vendor == "sqlite":
            connection.enable_constraint_checking()


def _wait_for_lock(say: Say) -> None:
    """Hold off processes on other hosts until the transaction ends."""
    with site_connection().cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            say("Another host is changing the database; waiting for it.")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _settle_first(execute: Any, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Check foreign keys before a table is changed: PostgreSQL does not change one with checks due.

    Django waits with them until a transaction ends, which is after each migration otherwise.
    """
    connection = context["connection"]
    if connection.vendor == "postgresql" and _CHANGING.match(str(sql)):
        connection.check_constraints()
    return execute(sql, params, many, context)


def migrate(say: Say = silently) -> int:
    """Apply the migrations that are missing, with all that follows; how many there were.

    Raises BackupError with one sentence when a newer version has changed the tables already, and
    whatever a migration raises, after everything was undone.
    """
    with alone(say), all_or_nothing(say):
        return apply_missing()


def apply_missing() -> int:
    """The same inside `all_or_nothing`."""
    connection = site_connection()
    if sentence := newer_than_code(connection):
        raise BackupError(sentence)
    missing = missing_migrations(applied(connection))
    call_command("migrate", interactive=False, verbosity=0)
    return len(missing)

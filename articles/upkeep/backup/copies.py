"""A copy of the site's database as one SQLite file, as it was at one moment, while others write.

The same file from both databases: so a backup of one can be restored into the other, no program of
PostgreSQL's must be installed in the right version, and a copy can be opened and counted.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import F

from articles.models import User
from articles.search import tables
from articles.upkeep.backup.archive import BackupError
from articles.upkeep.backup.databases import (
    COPY,
    LEFT_OUT,
    SITE,
    SOURCE,
    another_connection,
    applied,
    copied_models,
    count_rows,
    known_as,
    missing_migrations,
    newer_than_code,
    site_connection,
    sqlite_file,
    table_names,
)
from articles.upkeep.backup.rows import copy_rows

# Made by migrating, not copied.
_MIGRATIONS = "django_migrations"


def copy_database(path: Path) -> None:
    """Write the copy to a new file. Raises BackupError when the tables are newer than the code."""
    if site_connection().vendor == "sqlite":
        _copy_sqlite(path)
    else:
        _copy_postgresql(path)


def _copy_sqlite(path: Path) -> None:
    """One statement reads one state, whoever writes; what was deleted is not in the new file."""
    source = another_connection(SOURCE)
    try:
        with source.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(path)])
    finally:
        source.close()
    path.chmod(0o600)
    with known_as(COPY, sqlite_file(path)) as copy, copy.cursor() as cursor:
        # What is deleted here must not be readable in the file either.
        cursor.execute("PRAGMA secure_delete=ON")
        with transaction.atomic(using=COPY):
            for table in LEFT_OUT & table_names(copy):
                cursor.execute(f"DELETE FROM {copy.ops.quote_name(table)}")  # noqa: S608 - a name
            # Made anew from the rows when the copy is restored.
            tables.drop("sqlite", cursor.execute)


def _copy_postgresql(path: Path) -> None:
    """Make the tables as they were migrated to there, then copy all rows of one snapshot."""
    if sentence := newer_than_code(site_connection()):
        raise BackupError(sentence)
    source = another_connection(SOURCE)
    with known_as(SOURCE, source), transaction.atomic(using=SOURCE):
        with source.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        migrations = applied(source)
        with known_as(SITE, sqlite_file(path, SITE)) as copy:
            copy.disable_constraint_checking()
            with transaction.atomic():
                models = _make_tables(copy, migrations)
                copy_rows(SOURCE, SITE, models)
    path.chmod(0o600)


def _make_tables(copy: BaseDatabaseWrapper, migrations: dict[str, list[str]]) -> list[Any]:
    """Empty tables as these migrations leave them, and the models of that time.

    Made from the models and not by migrating, which takes its time and would put rows there.
    """
    registry = apps
    if missing_migrations(migrations):
        loader = MigrationLoader(None, ignore_no_migrations=True)
        had = {(app, name) for app, names in migrations.items() for name in names}
        registry = loader.project_state(sorted(had & set(loader.graph.nodes))).apps
    with copy.schema_editor() as editor:
        for model in registry.get_models():
            if model._meta.managed and not model._meta.proxy:
                # With its tables of many-to-many relations.
                editor.create_model(model)
    recorder = MigrationRecorder(copy)
    recorder.ensure_schema()
    for app, names in migrations.items():
        for name in names:
            recorder.record_applied(app, name)
    return copied_models(registry)


def examine(path: Path) -> tuple[dict[str, int], dict[str, list[str]]]:
    """How many rows each table of a copy has, and which migrations it had.

    Raises BackupError when the file is not whole.
    """
    with known_as(COPY, sqlite_file(path)) as copy:
        try:
            with copy.cursor() as cursor:
                cursor.execute("PRAGMA integrity_check")
                found = [row[0] for row in cursor.fetchall()]
                cursor.execute("PRAGMA foreign_key_check")
                dangling = cursor.fetchone()
            if found != ["ok"]:
                raise BackupError(f"The copy of the database is not whole: {found[0]}.")
            if dangling:
                raise BackupError(
                    f"The copy of the database is not whole: a row of {dangling[0]} leads to one "
                    f"of {dangling[2]} that is not there."
                )
            names = sorted(table_names(copy) - LEFT_OUT - {_MIGRATIONS})
            return count_rows(copy, names), applied(copy)
        except DatabaseError as error:
            raise BackupError(f"The copy of the database cannot be read: {error}.") from error


def prepare(path: Path) -> None:
    """Bring a copy that was unpacked to this version, index and all, for a site to take it over.

    Raises what a migration raises. Links that signed somebody in, or would, are over: a link holds
    the time of the last sign-in, which is moved by the smallest step there is.
    """
    with known_as(SITE, sqlite_file(path, SITE)) as copy:
        copy.disable_constraint_checking()
        migrations = applied(copy)
        with transaction.atomic():
            if not any(name.startswith("search.") for name in missing_migrations(migrations)):
                with copy.cursor() as cursor:
                    tables.create("sqlite", cursor.execute)
            call_command("migrate", interactive=False, verbosity=0)
        step = datetime.timedelta(microseconds=1)
        User.objects.exclude(last_login=None).update(last_login=F("last_login") + step)
        copy.check_constraints()

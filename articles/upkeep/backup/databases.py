"""Connections beside the site's own, and what is asked of a database as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.apps.registry import Apps
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model
from django.db.utils import load_backend

# Under these names code of this package asks for rows with `.using(…)`.
SITE = "default"
COPY = "upkeep_copy"
SOURCE = "upkeep_source"

# Whose migrations this version knows all of, back to the first: those of Milepost itself.
OWN_APPS = ("articles", "discussion", "search", "timeline")
# Rows that are no part of a copy: nobody should be signed in by a stolen one, and which backups
# there are is known by the site that they lie beside.
LEFT_OUT = frozenset({"django_session", "articles_backup"})


def site_connection() -> BaseDatabaseWrapper:
    """The connection of the site."""
    return connections[SITE]


@contextmanager
def known_as(alias: str, connection: BaseDatabaseWrapper) -> Iterator[BaseDatabaseWrapper]:
    """Let the connection be the one of this alias, for this thread and this block; then close it.

    Under the alias of the site it stands in for the site's own: migrations and models then work on
    another database without knowing it.
    """
    before = getattr(connections._connections, alias, None)  # type: ignore[attr-defined] # noqa: SLF001 - to put it back
    connections[alias] = connection
    ContentType.objects.clear_cache()
    try:
        yield connection
    finally:
        connection.close()
        if before is None:
            del connections[alias]
        else:
            connections[alias] = before
        ContentType.objects.clear_cache()


def sqlite_file(path: Path, alias: str = COPY) -> BaseDatabaseWrapper:
    """A connection to a file that nobody else has open and that is made again when it is lost."""
    return _connection(
        {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(path),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "init_command": (
                    "PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;"
                    "PRAGMA cache_size=-64000"
                ),
            },
        },
        alias,
    )


def another_connection(alias: str) -> BaseDatabaseWrapper:
    """A second connection to the site's database, outside of any pool."""
    own = dict(site_connection().settings_dict)
    own["OPTIONS"] = {name: value for name, value in own["OPTIONS"].items() if name != "pool"}
    return _connection(own, alias)


def _connection(database: dict[str, Any], alias: str) -> BaseDatabaseWrapper:
    complete = {**connections[SITE].settings_dict, **database}
    if database["ENGINE"].endswith("sqlite3"):
        complete.update(CONN_HEALTH_CHECKS=False, CONN_MAX_AGE=None)
    return load_backend(complete["ENGINE"]).DatabaseWrapper(complete, alias)


# Migrations ---------------------------------------------------------------------------------------


def applied(connection: BaseDatabaseWrapper) -> dict[str, list[str]]:
    """The names of the migrations that a database has had, by app; none for an empty one."""
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        if "django_migrations" not in connection.introspection.table_names(cursor):
            return {}
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        for app, name in cursor.fetchall():
            found.setdefault(app, []).append(name)
    return found


def unknown_migrations(migrations: dict[str, list[str]]) -> list[str]:
    """Those of Milepost's own that this code does not know: a newer version made them."""
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return [
        f"{app}.{name}"
        for app in OWN_APPS
        for name in migrations.get(app, [])
        if (app, name) not in known
    ]


def missing_migrations(migrations: dict[str, list[str]]) -> list[str]:
    """Those of the code that are not among these."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return sorted(
        f"{app}.{name}" for app, name in loader.graph.nodes if name not in migrations.get(app, [])
    )


def newer_than_code(connection: BaseDatabaseWrapper) -> str:
    """One sentence when a newer version of Milepost has changed the tables; '' when none has."""
    from django.conf import settings

    if unknown := unknown_migrations(applied(connection)):
        return (
            f"The database was changed by a newer version of Milepost ({unknown[-1]}) than this "
            f"one, {settings.VERSION}: start that version, or restore a backup made by this one."
        )
    return ""


# Rows ---------------------------------------------------------------------------------------------


def copied_models(registry: Apps = apps) -> list[type[Model]]:
    """The models whose rows belong into a copy, tables of many-to-many relations included."""
    return [
        model
        for model in registry.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in LEFT_OUT
    ]


def count_rows(connection: BaseDatabaseWrapper, tables: Iterable[str]) -> dict[str, int]:
    """How many rows each of these tables has."""
    quote = connection.ops.quote_name
    rows = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {quote(table)}")  # noqa: S608 - a name
            rows[table] = cursor.fetchone()[0]
    return rows


def table_names(connection: BaseDatabaseWrapper) -> set[str]:
    """The tables there are."""
    with connection.cursor() as cursor:
        return set(connection.introspection.table_names(cursor))


def _key(model: type[Model]) -> str:
    return str(model._meta.pk.column)


def last_keys(connection: BaseDatabaseWrapper, models: Iterable[type[Model]]) -> dict[str, int]:
    """The highest key that each table ever gave, so that the address of a deleted row stays its."""
    keys: dict[str, int] = {}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
            return {table: value for table, value in cursor.fetchall() if value}
        for model in models:
            table = model._meta.db_table
            cursor.execute(
                "SELECT pg_get_serial_sequence(%s, %s)",
                [connection.ops.quote_name(table), _key(model)],
            )
            if sequence := cursor.fetchone()[0]:
                # The name comes quoted.
                cursor.execute(f"SELECT last_value, is_called FROM {sequence}")  # noqa: S608
                value, called = cursor.fetchone()
                if called:
                    keys[table] = value
    return keys


def set_last_keys(
    connection: BaseDatabaseWrapper, models: Iterable[type[Model]], keys: dict[str, int]
) -> None:
    """Go on giving keys after these."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for table, value in keys.items():
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute(
                    "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, value]
                )
            return
        models = list(models)
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
        for model in models:
            if last := keys.get(model._meta.db_table):
                cursor.execute(
                    "SELECT setval(s, greatest(%s, nextval(s) - 1, 1)) "
                    "FROM (SELECT pg_get_serial_sequence(%s, %s) AS s) AS found "
                    "WHERE s IS NOT NULL",
                    [last, connection.ops.quote_name(model._meta.db_table), _key(model)],
                )

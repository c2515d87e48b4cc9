"""Copying all rows of one database into the empty tables of another, of either kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import batched
from typing import Any

from django.db import connections
from django.db.models import Field, Model

from articles.upkeep.backup.archive import BackupError
from articles.upkeep.backup.databases import count_rows, last_keys, set_last_keys

CHUNK = 2000


def copy_rows(source: str, target: str, models: Sequence[type[Model]]) -> None:
    """Copy the rows of these models between two connections by their aliases, keys included.

    Both must be in a transaction in which foreign keys are checked at its end or not at all.
    Raises BackupError when fewer rows arrived than there were.
    """
    for model in models:
        _copy_table(source, target, model)
    set_last_keys(connections[target], models, last_keys(connections[source], models))
    tables = [model._meta.db_table for model in models]
    there = count_rows(connections[source], tables)
    here = count_rows(connections[target], tables)
    if there != here:
        table = next(name for name in tables if there[name] != here[name])
        raise BackupError(
            f"{there[table]} rows of {table} should have been copied, not {here[table]}."
        )


def _copy_table(source: str, target: str, model: type[Model]) -> None:
    fields: list[Field] = [
        field for field in model._meta.local_concrete_fields if not field.generated
    ]
    names = [field.attname for field in fields]
    values = model._base_manager.using(source).order_by().values_list(*names)
    rows = _adapted(values.iterator(chunk_size=CHUNK), fields, connections[target])
    connection = connections[target]
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    columns = ", ".join(quote(str(field.column)) for field in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(fields))
        statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - names
        for chunk in batched(rows, CHUNK, strict=False):
            cursor.executemany(statement, chunk)


def _adapted(
    rows: Iterable[Sequence[Any]], fields: list[Field], connection: Any
) -> Iterator[list[Any]]:
    """Values as the target stores them; nothing of a field's own like `auto_now` takes part."""
    for row in rows:
        yield [
            field.get_db_prep_save(value, connection)
            for field, value in zip(fields, row, strict=True)
        ]

"""The full-text indexes, which each database has in a way of its own; see `tables.py`.

They hold only what the tables hold, so this makes them as they are wanted today, and `migrate` makes
them anew at its end whenever they are not so.
"""

from __future__ import annotations

from functools import partial

from django.db import migrations

from articles.search import tables


def create_indexes(apps, schema_editor):
    """Make them."""
    connection = schema_editor.connection
    tables.create(connection.vendor, partial(schema_editor.execute, params=None), connection.alias)


def drop_indexes(apps, schema_editor):
    """Take them away."""
    tables.drop(schema_editor.connection.vendor, partial(schema_editor.execute, params=None))


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(create_indexes, drop_indexes)]

"""The full-text indexes, which each database has in a way of its own.

Whoever alters the table later must know: on SQLite, Django makes such a table anew and the triggers
go with the old one, so the migration has to run `create_sqlite` again.
"""

# ruff: noqa: S608 - made of the names above only.

from __future__ import annotations

from django.db import DatabaseError, migrations, transaction

COLUMNS = "title_words, words, other_forms, marks"
NEW = "new.id, new.title_words, new.words, new.other_forms, new.marks"
OLD = "old.id, old.title_words, old.words, old.other_forms, old.marks"
FORGET = f"INSERT INTO search_fts (search_fts, rowid, {COLUMNS}) VALUES ('delete', {OLD});"
KEEP = f"INSERT INTO search_fts (rowid, {COLUMNS}) VALUES ({NEW});"
FORGET_WORD = "INSERT INTO search_word_fts (search_word_fts, rowid, text) VALUES ('delete', old.id, old.text);"
KEEP_WORD = "INSERT INTO search_word_fts (rowid, text) VALUES (new.id, new.text);"

SQLITE = [
    # The words are folded already. An underscore is part of a word, so that no word typed by a
    # reader can be one of the marks.
    f"""
    CREATE VIRTUAL TABLE search_fts USING fts5(
        {COLUMNS}, content='search_searchdocument', content_rowid='id', prefix='2 3',
        tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co M*' tokenchars '_'"
    )
    """,
    """
    CREATE VIRTUAL TABLE search_word_fts USING fts5(
        text, content='search_word', content_rowid='id', tokenize='trigram', detail='none'
    )
    """,
    f"""
    CREATE TRIGGER search_document_insert AFTER INSERT ON search_searchdocument
    BEGIN {KEEP} END
    """,
    f"""
    CREATE TRIGGER search_document_delete AFTER DELETE ON search_searchdocument
    BEGIN {FORGET} END
    """,
    f"""
    CREATE TRIGGER search_document_update
    AFTER UPDATE OF id, {COLUMNS} ON search_searchdocument BEGIN {FORGET} {KEEP} END
    """,
    f"CREATE TRIGGER search_word_insert AFTER INSERT ON search_word BEGIN {KEEP_WORD} END",
    f"CREATE TRIGGER search_word_delete AFTER DELETE ON search_word BEGIN {FORGET_WORD} END",
    f"""
    CREATE TRIGGER search_word_update AFTER UPDATE OF id, text ON search_word
    BEGIN {FORGET_WORD} {KEEP_WORD} END
    """,
    "INSERT INTO search_fts (search_fts) VALUES ('rebuild')",
    "INSERT INTO search_word_fts (search_word_fts) VALUES ('rebuild')",
]
SQLITE_AWAY = [
    *(
        f"DROP TRIGGER IF EXISTS search_{table}_{event}"
        for table in ("document", "word")
        for event in ("insert", "delete", "update")
    ),
    "DROP TABLE IF EXISTS search_fts",
    "DROP TABLE IF EXISTS search_word_fts",
]

POSTGRESQL = [
    # Words stand at their places, those of the text after those of the title; forms and marks have
    # none. A word holds letters and digits only, so it needs no quotation; what else there might be
    # is left out. PostgreSQL counts places up to 16,383.
    r"""
    CREATE FUNCTION search_vector(title_words text, words text, other_forms text, marks text)
    RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT coalesce(pg_catalog.string_agg(
            CASE WHEN place IS NULL THEN '''' || word || ''''
            ELSE '''' || word || ''':' || least(place, 16383) END, ' '), '')::pg_catalog.tsvector
        FROM (
            SELECT word, place
            FROM pg_catalog.unnest(pg_catalog.string_to_array(title_words, ' '))
                WITH ORDINALITY AS t (word, place)
            UNION ALL
            SELECT word, place + 10
                + coalesce(pg_catalog.array_length(pg_catalog.string_to_array(title_words, ' '), 1), 0)
            FROM pg_catalog.unnest(pg_catalog.string_to_array(words, ' '))
                WITH ORDINALITY AS w (word, place)
            UNION ALL
            SELECT word, NULL
            FROM pg_catalog.unnest(
                pg_catalog.string_to_array(other_forms || ' ' || marks, ' ')) AS f (word)
        ) AS every
        WHERE word <> '' AND pg_catalog.strpos(word, '''') = 0 AND pg_catalog.strpos(word, '\') = 0
    $$
    """,
    """
    ALTER TABLE search_searchdocument ADD COLUMN vector tsvector
    GENERATED ALWAYS AS (search_vector(title_words, words, other_forms, marks)) STORED
    """,
    # Without the list of pending entries, which every search would have to read through.
    """
    CREATE INDEX search_document_vector ON search_searchdocument USING gin (vector)
    WITH (fastupdate = off)
    """,
    # An eighth of all articles: where that has more than a search counts, the rest is not read.
    """
    CREATE INDEX search_document_sample ON search_searchdocument USING gin (vector)
    WITH (fastupdate = off) WHERE article_id % 8 = 0
    """,
]
POSTGRESQL_AWAY = [
    "DROP INDEX IF EXISTS search_document_sample",
    "DROP INDEX IF EXISTS search_document_vector",
    "ALTER TABLE search_searchdocument DROP COLUMN IF EXISTS vector",
    "DROP FUNCTION IF EXISTS search_vector(text, text, text, text)",
    "DROP INDEX IF EXISTS search_word_trigrams",
]


def create_sqlite(schema_editor):
    """The tables and triggers of SQLite, from nothing."""
    for statement in [*SQLITE_AWAY, *SQLITE]:
        schema_editor.execute(statement, params=None)


def create_indexes(apps, schema_editor):
    """Make them."""
    if schema_editor.connection.vendor == "sqlite":
        create_sqlite(schema_editor)
        return
    for statement in POSTGRESQL:
        schema_editor.execute(statement, params=None)
    try:
        # Whoever owns a database may create this extension. A server that has none of it finds
        # everything all the same, but has no idea what a mistyped word may have meant.
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm", params=None)
            schema_editor.execute(
                "CREATE INDEX search_word_trigrams ON search_word USING gin (text gin_trgm_ops)",
                params=None,
            )
    except DatabaseError:
        pass


def drop_indexes(apps, schema_editor):
    """Take them away; the extension stays, since others may use it."""
    vendor = schema_editor.connection.vendor
    for statement in SQLITE_AWAY if vendor == "sqlite" else POSTGRESQL_AWAY:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(create_indexes, drop_indexes)]

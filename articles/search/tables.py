"""The full-text indexes over `SearchDocument` and `Word`, which each database has in its own way.

They hold nothing that is not in those two tables, so they can be made anew at any time. `migrate`
does that when something is missing or is not as it is written here: Django remakes a table of
SQLite whenever it alters it, and the triggers go with the old one; a dump may have been restored in
part; and whoever changes a statement here needs no migration.

SQLite has two tables of the same words. `search_lists` knows which documents have a word, and has
lists ready for the first two to five letters of each: short lists, quickly read. `search_fts` knows
also where each word stands, and is read only for words that must follow each other.
"""

# ruff: noqa: S608 - made of the names below only.

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, connections, transaction

logger = logging.getLogger(__name__)

# The part of all articles that PostgreSQL looks through first; see `engines.Postgresql`.
SAMPLE = 32

COLUMNS = "title_words, words, other_forms, marks"
_NEW = "new.id, new.title_words, new.words, new.other_forms, new.marks"
_OLD = "old.id, old.title_words, old.words, old.other_forms, old.marks"
_KEEP = " ".join(
    f"INSERT INTO {table} (rowid, {COLUMNS}) VALUES ({_NEW});"
    for table in ("search_fts", "search_lists")
)
_FORGET = " ".join(
    f"INSERT INTO {table} ({table}, rowid, {COLUMNS}) VALUES ('delete', {_OLD});"
    for table in ("search_fts", "search_lists")
)
_KEEP_WORD = "INSERT INTO search_word_fts (rowid, text) VALUES (new.id, new.text);"
_FORGET_WORD = (
    "INSERT INTO search_word_fts (search_word_fts, rowid, text) "
    "VALUES ('delete', old.id, old.text);"
)
# The words are folded already. An underscore is part of a word, so that no word typed by a reader
# can be one of the marks.
_DOCUMENTS = (
    f"{COLUMNS}, content='search_searchdocument', content_rowid='id', "
    "tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* Co M*' tokenchars '_'\""
)
_SQLITE_TABLES = {
    "search_fts": f"CREATE VIRTUAL TABLE search_fts USING fts5({_DOCUMENTS})",
    "search_lists": (
        f"CREATE VIRTUAL TABLE search_lists USING fts5({_DOCUMENTS}, "
        "detail='none', prefix='2 3 4 5')"
    ),
    "search_word_fts": (
        "CREATE VIRTUAL TABLE search_word_fts USING fts5("
        "text, content='search_word', content_rowid='id', tokenize='trigram', detail='none')"
    ),
}
_SQLITE_TRIGGERS = {
    f"search_{name}_{event.split()[0].lower()}": (
        f"CREATE TRIGGER search_{name}_{event.split()[0].lower()} AFTER {event} "
        f"ON {table} BEGIN {actions} END"
    )
    for name, table, columns, keep, forget in (
        ("document", "search_searchdocument", f"id, {COLUMNS}", _KEEP, _FORGET),
        ("word", "search_word", "id, text", _KEEP_WORD, _FORGET_WORD),
    )
    for event, actions in (
        ("INSERT", keep),
        ("DELETE", forget),
        (f"UPDATE OF {columns}", f"{forget} {keep}"),
    )
}
SQLITE = [
    *_SQLITE_TABLES.values(),
    *_SQLITE_TRIGGERS.values(),
    *(f"INSERT INTO {table} ({table}) VALUES ('rebuild')" for table in _SQLITE_TABLES),
]
SQLITE_AWAY = [
    *(f"DROP TRIGGER IF EXISTS {name}" for name in _SQLITE_TRIGGERS),
    *(f"DROP TABLE IF EXISTS {name}" for name in _SQLITE_TABLES),
]

_POSTGRESQL_INDEXES = {
    # Without the list of pending entries, which every search would have to read through.
    "search_document_vector": (
        "CREATE INDEX IF NOT EXISTS search_document_vector ON search_searchdocument "
        "USING gin (vector) WITH (fastupdate = off)"
    ),
    # Some of all articles: where those have more than a search counts, the rest is not read.
    f"search_document_sample_{SAMPLE}": (
        f"CREATE INDEX IF NOT EXISTS search_document_sample_{SAMPLE} ON search_searchdocument "
        f"USING gin (vector) WITH (fastupdate = off) WHERE article_id % {SAMPLE} = 0"
    ),
}
POSTGRESQL = [
    # Words stand at their places, those of the text after those of the title; forms and marks have
    # none. A word holds letters and digits only, so it needs no quotation; what else there might be
    # is left out. PostgreSQL counts places up to 16,383.
    r"""
    CREATE OR REPLACE FUNCTION
        search_vector(title_words text, words text, other_forms text, marks text)
    RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT coalesce(pg_catalog.string_agg(
            CASE WHEN place IS NULL THEN '''' || word || ''''
            ELSE '''' || word || ''':' || least(place, 16383) END, ' '), '')::pg_catalog.tsvector
        FROM (
            SELECT word, place
            FROM pg_catalog.unnest(pg_catalog.string_to_array(title_words, ' '))
                WITH ORDINALITY AS t (word, place)
            UNION ALL
            SELECT word, place + 10 + coalesce(
                pg_catalog.array_length(pg_catalog.string_to_array(title_words, ' '), 1), 0)
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
    ALTER TABLE search_searchdocument ADD COLUMN IF NOT EXISTS vector tsvector
    GENERATED ALWAYS AS (search_vector(title_words, words, other_forms, marks)) STORED
    """,
    # Of another size, by an older version.
    "DROP INDEX IF EXISTS search_document_sample",
    *_POSTGRESQL_INDEXES.values(),
]
POSTGRESQL_TRIGRAMS = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX IF NOT EXISTS search_word_trigrams ON search_word USING gin (text gin_trgm_ops)",
]
POSTGRESQL_AWAY = [
    *(f"DROP INDEX IF EXISTS {name}" for name in _POSTGRESQL_INDEXES),
    "DROP INDEX IF EXISTS search_word_trigrams",
    "ALTER TABLE search_searchdocument DROP COLUMN IF EXISTS vector",
    "DROP FUNCTION IF EXISTS search_vector(text, text, text, text)",
]

type Execute = Callable[[str], Any]


def create(vendor: str, execute: Execute, using: str = "default") -> None:
    """Make the indexes of a database from what the tables hold; what is there is made anew."""
    if vendor == "sqlite":
        for statement in [*SQLITE_AWAY, *SQLITE]:
            execute(statement)
        return
    for statement in POSTGRESQL:
        execute(statement)
    try:
        # Whoever owns a database may create this extension. A server that has none of it finds
        # everything all the same, but has no idea what a mistyped word may have meant.
        with transaction.atomic(using=using):
            for statement in POSTGRESQL_TRIGRAMS:
                execute(statement)
    except DatabaseError as error:
        logger.warning("Mistyped words will not be corrected: no pg_trgm here (%s)", error)


def drop(vendor: str, execute: Execute) -> None:
    """Take them away; an extension stays, since others may use it."""
    for statement in SQLITE_AWAY if vendor == "sqlite" else POSTGRESQL_AWAY:
        execute(statement)


def mend(using: str = "default") -> bool:
    """Make the indexes anew where one is missing or not as it is written here; whether that was so.

    One statement when all is well.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'trigger')")
            there = dict(cursor.fetchall())
            wanted = _SQLITE_TABLES | _SQLITE_TRIGGERS
            if all(there.get(name) == statement for name, statement in wanted.items()):
                return False
        else:
            cursor.execute(
                "SELECT count(*) FROM unnest(%s::text[]) AS name "
                "JOIN pg_index ON indexrelid = to_regclass(name) WHERE indisvalid",
                [list(_POSTGRESQL_INDEXES)],
            )
            if cursor.fetchone() == (len(_POSTGRESQL_INDEXES),):
                return False
    with transaction.atomic(using=using), connection.cursor() as cursor:
        create(connection.vendor, cursor.execute, using)
    logger.warning("The full-text indexes were not whole and have been made anew.")
    return True

"""The two databases' full-text indexes behind one small interface.

An engine turns a `Query` into the language of its index and into the SQL around it; which
documents readers may see, how results are ordered and what is counted is the same for both and
stands in `finding.py`. Everything typed goes in as a parameter, and as single words of letters and
digits, so that no sign of a query language is ever read as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import ProgrammingError, connection, transaction

from articles.search.tables import SAMPLE
from articles.search.words import Query, Wanted, mark_of

# What an address of SQL is made of: text and parameters.
type Sql = tuple[str, list[Any]]

# PostgreSQL's code for an operator or a function that is not there.
UNDEFINED_FUNCTION = "42883"

# The columns a candidate comes with, from the table named `d`.
CANDIDATE = (
    "d.id, d.kind, d.category_id, d.language, d.article_id, d.position, d.key, d.title_words, "
    "d.words"
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is narrowed to; '' and None narrow nothing."""

    kind: str = ""
    category: int | None = None
    language: str = ""

    @property
    def marks(self) -> list[str]:
        """The word of the index that all results have, none where nothing is chosen."""
        mark = mark_of(self.kind, self.category, self.language)
        return [mark] if mark else []


@dataclass(frozen=True, slots=True)
class Match:
    """A text in the language of an index, and whether it says that words follow each other."""

    text: str
    is_ordered: bool = False


class Engine(Protocol):
    """What a database can do. `samples` says whether a sample is quicker than everything."""

    samples: bool

    def everything(self, query: Query, marks: Sequence[str]) -> Match:
        """The documents that have all that is wanted in any of its forms, and all marks."""
        ...

    def in_titles(self, query: Query, marks: Sequence[str]) -> Match:
        """Those of them that have each single word in their title."""
        ...

    def some_in_titles(self, words: Sequence[str], marks: Sequence[str]) -> Match:
        """The documents that have any of these words in their title, and any of the marks."""
        ...

    def as_typed(self, query: Query, marks: Sequence[str]) -> Match:
        """Those that have the words one after the other as they were typed."""
        ...

    def source(self, match: Match | None, visible: Sql, *, sample: bool = False) -> Sql:
        """FROM and WHERE of the documents `d` that match and whose owner is visible.

        `visible` selects the keys of articles or terms as `owner`. A sample is some of the
        articles where that is quicker, else everything. Without a match it is the column `m.match`
        of a table around it, where there is a sample.
        """
        ...

    def steady(self) -> Any:
        """A context in which the planner keeps to the index."""
        ...

    def likes(self, words: Sequence[str]) -> dict[str, list[str]]:
        """Known words that look like each of these, some dozens, the likeliest first."""
        ...


# SQLite -------------------------------------------------------------------------------------------


class Sqlite:
    """FTS5, which reads its lists in order and only as far as results are wanted."""

    samples = False

    def everything(self, query: Query, marks: Sequence[str]) -> Match:
        """See Engine."""
        text = " AND ".join([*map(self._any, query.wanted), *map(self._exact, marks)])
        return Match(text, query.is_ordered)

    def in_titles(self, query: Query, marks: Sequence[str]) -> Match:
        """See Engine."""
        titles = [self._any(part, "_t") for part in query.wanted]
        beside = self._beside_titles(query)
        return Match(" AND ".join([*titles, *beside, *map(self._exact, marks)]), bool(beside))

    def some_in_titles(self, words: Sequence[str], marks: Sequence[str]) -> Match:
        """See Engine."""
        titles = " OR ".join(self._exact(f"_t{word}") for word in words)
        return Match(f"({titles}) AND ({' OR '.join(map(self._exact, marks))})")

    def as_typed(self, query: Query, marks: Sequence[str]) -> Match:
        """See Engine."""
        phrase = self._any(query.phrase)
        return Match(" AND ".join([phrase, *map(self._exact, marks)]), is_ordered=True)

    def source(self, match: Match | None, visible: Sql, *, sample: bool = False) -> Sql:
        """See Engine. CROSS JOIN keeps the order of the tables: the index first."""
        sql, params = visible
        if match is None:
            raise ValueError("SQLite has no sample, and no matches in a table.")
        index = "search_fts" if match.is_ordered else "search_lists"
        tables = f"{index} CROSS JOIN search_searchdocument d ON d.id = {index}.rowid"
        return f"FROM {tables} WHERE {index} MATCH %s AND {sql}", [match.text, *params]

    @contextmanager
    def steady(self) -> Iterator[None]:
        """See Engine: FTS5 has no other way."""
        yield

    def likes(self, words: Sequence[str]) -> dict[str, list[str]]:
        """See Engine. Words that share most of their triples of letters."""
        found: dict[str, list[str]] = {}
        with connection.cursor() as cursor:
            for word in words:
                triples = [word[index : index + 3] for index in range(len(word) - 2)]
                cursor.execute(
                    "SELECT w.text FROM search_word_fts f JOIN search_word w ON w.id = f.rowid "
                    "WHERE search_word_fts MATCH %s AND length(w.text) BETWEEN %s AND %s "
                    "ORDER BY f.rank LIMIT 80",
                    [" OR ".join(map(self._exact, triples)), len(word) - 2, len(word) + 2],
                )
                found[word] = [text for (text,) in cursor.fetchall()]
        return found

    @staticmethod
    def _exact(word: str) -> str:
        return f'"{word}"'

    def _beside_titles(self, query: Query) -> list[str]:
        """What titles do not say: that the words of a phrase follow each other."""
        return [self._any(part) for part in query.wanted if len(part.words) > 1]

    def _any(self, part: Wanted, before: str = "") -> str:
        if before and len(part.words) > 1:
            return "(" + " AND ".join(self._exact(before + word) for word in part.words) + ")"
        phrase = self._exact(before + " ".join(part.words))
        forms = [phrase, *(self._exact(before + form) for form in sorted(part.stems))]
        if part.is_prefix:
            forms.append(f"{phrase} *")
        return f"({' OR '.join(forms)})"


# PostgreSQL ---------------------------------------------------------------------------------------


class Postgresql:
    """A stored tsvector with a GIN index, which reads every list to its end.

    So what is common is first looked for in the sample, an index of some of the articles.
    """

    samples = True

    def everything(self, query: Query, marks: Sequence[str]) -> Match:
        """See Engine."""
        text = " & ".join([*map(self._any, query.wanted), *map(self._exact, marks)])
        return Match(text, query.is_ordered)

    def in_titles(self, query: Query, marks: Sequence[str]) -> Match:
        """See Engine."""
        titles = [self._any(part, "_t") for part in query.wanted]
        beside = self._beside_titles(query)
        return Match(" & ".join([*titles, *beside, *map(self._exact, marks)]), bool(beside))

    def some_in_titles(self, words: Sequence[str], marks: Sequence[str]) -> Match:
        """See Engine."""
        titles = " | ".join(self._exact(f"_t{word}") for word in words)
        return Match(f"({titles}) & ({' | '.join(map(self._exact, marks))})")

    def as_typed(self, query: Query, marks: Sequence[str]) -> Match:
        """See Engine."""
        phrase = self._any(query.phrase)
        return Match(" & ".join([phrase, *map(self._exact, marks)]), is_ordered=True)

    def source(self, match: Match | None, visible: Sql, *, sample: bool = False) -> Sql:
        """See Engine."""
        sql, params = visible
        part = f" AND d.article_id %% {SAMPLE} = 0" if sample else ""
        wanted, own = ("%s::tsquery", [match.text]) if match else ("m.match", [])
        return (
            f"FROM search_searchdocument d WHERE d.vector @@ {wanted}{part} AND {sql}",
            [*own, *params],
        )

    @contextmanager
    def steady(self) -> Iterator[None]:
        """See Engine: reading the table from its start looks cheap to a planner and is not.

        Neither is compiling a plan of some milliseconds, or parting it among workers: on two cores
        two common words took 270 ms with them and 97 without.
        """
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SET LOCAL enable_seqscan = off; SET LOCAL jit = off; "
                    "SET LOCAL max_parallel_workers_per_gather = 0"
                )
            yield

    def likes(self, words: Sequence[str]) -> dict[str, list[str]]:
        """See Engine. By pg_trgm; nothing where the server has none."""
        found: dict[str, list[str]] = {word: [] for word in words}
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                # Each by its own index scan, and all in one statement.
                cursor.execute(
                    " UNION ALL ".join(
                        "(SELECT %s::text AS word, text FROM search_word WHERE text %% %s "
                        "AND length(text) BETWEEN %s AND %s "
                        "ORDER BY similarity(text, %s) DESC, text LIMIT 80)"
                        for _word in words
                    ),
                    [
                        value
                        for word in words
                        for value in (word, word, len(word) - 2, len(word) + 2, word)
                    ],
                )
                for word, text in cursor.fetchall():
                    found[word].append(text)
        except ProgrammingError as error:
            # There is no such operator: nobody could install pg_trgm.
            if getattr(error.__cause__, "sqlstate", "") != UNDEFINED_FUNCTION:
                raise
        return found

    @staticmethod
    def _exact(word: str) -> str:
        return f"'{word}'"

    def _beside_titles(self, query: Query) -> list[str]:
        """What titles do not say: that the words of a phrase follow each other."""
        return [self._any(part) for part in query.wanted if len(part.words) > 1]

    def _any(self, part: Wanted, before: str = "") -> str:
        joined = " & " if before else " <-> "
        phrase = joined.join(self._exact(before + word) for word in part.words)
        forms = [f"({phrase})", *(self._exact(before + form) for form in sorted(part.stems))]
        if part.is_prefix:
            forms.append(f"({phrase}:*)")
        return f"({' | '.join(forms)})"


def engine() -> Any:
    """The engine of the site's database."""
    return Postgresql() if connection.vendor == "postgresql" else Sqlite()


def rows(sql: str, params: Iterable[Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found

"""A site of any size for the benchmark of searching, written in bulk.

Saving 100,000 articles one by one would take hours and measure something else. Their documents are
made by the code that the site uses, in as many processes as there are cores; they are written
without the triggers and indexes of searching, which are made afterwards, at once.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tests.benchmarks.view_cost import say

SEED = 4
CHUNK = 1000
SYLLABLES = [a + b for a in "bcdfghlmnprstvw" for b in "aeiou"]
ENDINGS = ["", "", "", "n", "r", "s", "t", "ing", "ed", "s", "tion", "ment", "al", "ly"]
KINDS = ("section", "section", "fact", "fact", "milestone", "question")


class Words:
    """A vocabulary, and texts of it in which word number n is n times as rare as the first."""

    def __init__(self, seed: int, size: int = 60_000) -> None:
        self.random = random.Random(seed)
        syllables: Iterator[str] = (
            "".join(parts) + self.random.choice(ENDINGS)
            for length in (2, 3, 4)
            for parts in itertools.product(SYLLABLES, repeat=length)
        )
        few = dict.fromkeys(itertools.islice(syllables, 4 * size))
        self.words = self.random.sample(list(few), size)
        self.weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(1, size + 1)))

    def text(self, length: int) -> str:
        """So many words."""
        return " ".join(self.random.choices(self.words, cum_weights=self.weights, k=length))


def make_site(number: int) -> None:
    """Articles with six parts each, and a term for every hundredth."""
    from django.db import connection, transaction

    from articles.models import Category

    categories = [Category.objects.named(f"Subject {n}").pk for n in range(12)]
    began = time.perf_counter()
    with transaction.atomic():
        _without_indexes()
        vocabulary = _write_chunks(number, categories)
        _write_terms(number // 100)
        _learn(vocabulary)
    written = time.perf_counter()
    with transaction.atomic():
        _with_indexes()
    indexed = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    say(
        f"{number:,} articles written in {written - began:.0f} s, "
        f"indexed in {indexed - written:.0f} s more"
    )


# Rows, made by several processes ------------------------------------------------------------------

_words: Words | None = None


def _prepare() -> None:
    """What each process does first."""
    global _words  # noqa: PLW0603
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    _words = Words(SEED)


def _make_chunk(task: tuple[int, int, list[int]]) -> tuple[list[Any], list[Any], set[str]]:
    """The articles from one number to another, their documents, and the words of these."""
    from articles.search.entries import Entry, Kind
    from articles.search.models import SearchDocument

    first, last, categories = task
    words = _words
    assert words is not None
    chance = words.random = random.Random(f"{SEED} {first}")
    articles: list[Any] = []
    documents: list[Any] = []
    vocabulary: set[str] = set()
    for key in range(first, last):
        title = f"{words.text(chance.randint(1, 4)).capitalize()} {key}"
        category, language = chance.choice(categories), "de" if key % 10 == 0 else "en"
        articles.append((key, title, category, language))
        entries = [Entry(Kind.ARTICLE, title, words.text(40))]
        entries += [
            Entry(
                Kind(kind),
                words.text(chance.randint(2, 6)).capitalize(),
                words.text(chance.choice((15, 20, 60, 120))),
                f"{kind}-{place}",
                date="1986" if kind == "milestone" else "",
            )
            for place, kind in enumerate(KINDS)
        ]
        for entry in entries:
            row = SearchDocument.of(entry, language=language, category_id=category, article_id=key)
            vocabulary.update(row.title_words.split(), row.words.split())
            documents.append(_values(row))
    return articles, documents, vocabulary


def _values(row: Any) -> tuple[Any, ...]:
    """The columns of a row but its key, as both databases take them."""
    return tuple(getattr(row, field.attname) for field in row._meta.concrete_fields[1:])


def _write_chunks(number: int, categories: list[int]) -> set[str]:
    """Write articles and documents as they are made; the words of all."""
    from django.utils import timezone

    from articles.models import Article, RenderedArticle
    from articles.search.models import SearchDocument

    tasks = [
        (first, min(first + CHUNK, number + 1), categories) for first in range(1, number + 1, CHUNK)
    ]
    vocabulary: set[str] = set()
    now = timezone.now()
    context = multiprocessing.get_context("spawn")
    with context.Pool(os.cpu_count(), _prepare) as pool:
        for articles, documents, words in pool.imap(_make_chunk, tasks):
            made = [
                Article(
                    pk=key, title=title, title_folded=title.casefold(), slug=f"article-{key}",
                    status="published", published_at=now, category_id=category, language=language,
                    created_at=now, changed_at=now,
                )
                for key, title, category, language in articles
            ]  # fmt: skip
            Article.objects.bulk_create(made)
            RenderedArticle.objects.bulk_create(
                RenderedArticle(article=article, page={}, statement_count=9, sourced_count=6)
                for article in made
            )
            fields = SearchDocument._meta.concrete_fields[1:]
            _write("search_searchdocument", [str(field.column) for field in fields], documents)
            vocabulary |= words
    return vocabulary


def _write(table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Write rows by the quickest way there is."""
    from django.db import connection

    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(rows))


def _write_terms(number: int) -> None:
    from articles.models import Term
    from articles.search.indexing import index_terms

    words = Words(SEED)
    terms = [
        Term(name=f"{words.text(2)} {n}", slug=f"term-{n}", definition=words.text(20))
        for n in range(number)
    ]
    index_terms(Term.objects.bulk_create(terms))


def _learn(vocabulary: set[str]) -> None:
    """The words that `Word.objects.learn` would keep of all documents."""
    from articles.search.models import LONGEST_WORD, SHORTEST_WORD, Word

    known = set(Word.objects.values_list("text", flat=True))
    Word.objects.bulk_create(
        Word(text=word)
        for word in sorted(vocabulary - known)
        if SHORTEST_WORD <= len(word) <= LONGEST_WORD and word.isalpha()
    )


# Indexes ------------------------------------------------------------------------------------------


def _execute(statements: Iterable[str]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _without_indexes() -> None:
    """Take away what would be written to at each row."""
    from django.db import connection

    from articles.search import tables

    if connection.vendor == "sqlite":
        _execute(tables.SQLITE_AWAY)
    else:
        _execute(line for line in tables.POSTGRESQL_AWAY if line.startswith("DROP INDEX"))


def _with_indexes() -> None:
    """Make it again."""
    from django.db import connection

    from articles.search import tables

    if connection.vendor == "postgresql":
        _execute(["SET LOCAL maintenance_work_mem = '512MB'"])
    with connection.cursor() as cursor:
        tables.create(connection.vendor, cursor.execute)

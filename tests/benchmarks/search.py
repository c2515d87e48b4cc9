"""What a search costs on a site of 100,000 articles.

Run it with `uv run python -m tests.benchmarks.search`, and again with `DATABASE_URL` naming a
PostgreSQL. It fills a temporary database with generated articles of several parts each, whose words
are distributed as in real texts (Zipf: the commonest stands in most, half of all stand in few),
prints what the index weighs and how long it took to make, then the median and the 95th percentile
of the time that a search of each sort takes, from the text that was typed to the documents of the
page, and with the HTML around them.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from tests.benchmarks.view_cost import get, say

BUDGET = 50
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


def main() -> None:
    """Set up a site in a temporary database, measure, print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--articles", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=40, help="searches of each sort")
    options.add_argument("--keep", action="store_true", help="keep the database, and use it again")
    options.add_argument("--profile", metavar="TEXT", help="profile this search instead")
    chosen = options.parse_args()

    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.db import connection

    if chosen.keep:
        connection.settings_dict["TEST"]["NAME"] = (
            "/tmp/milepost-search.sqlite3" if connection.vendor == "sqlite" else "milepost_search"
        )
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, keepdb=chosen.keep)
    try:
        words = Words(4)
        from articles.search.models import SearchDocument

        if not SearchDocument.objects.exists():
            make_site(words, chosen.articles)
        sizes()
        if chosen.profile:
            profile(chosen.profile)
        else:
            report(words, chosen.rounds)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0, keepdb=chosen.keep)


def make_site(words: Words, number: int) -> None:
    """Articles with six parts each, and a term for every hundredth, written in bulk."""
    from django.db import connection, transaction
    from django.utils import timezone

    from articles.models import Article, Category, RenderedArticle, Term
    from articles.search.entries import Entry, Kind
    from articles.search.indexing import index_terms
    from articles.search.models import SearchDocument, Word

    categories = [Category.objects.named(f"Subject {n}") for n in range(12)]
    began = time.perf_counter()
    spent = 0.0
    for start in range(0, number, 1000):
        with transaction.atomic():
            rows = [
                Article(
                    title=f"{words.text(words.random.randint(1, 4)).capitalize()} {n}",
                    title_folded="",
                    slug=f"article-{n}",
                    status="published",
                    published_at=timezone.now(),
                    category=words.random.choice(categories),
                    language="de" if n % 10 == 0 else "en",
                )
                for n in range(start, min(start + 1000, number))
            ]
            made = Article.objects.bulk_create(rows)
            RenderedArticle.objects.bulk_create(
                RenderedArticle(article=article, page={}, statement_count=9, sourced_count=6)
                for article in made
            )
            began_words = time.perf_counter()
            documents = []
            for article in made:
                entries = [Entry(Kind.ARTICLE, article.title, words.text(40))]
                entries += [
                    Entry(
                        Kind(kind),
                        words.text(words.random.randint(2, 6)).capitalize(),
                        words.text(words.random.choice((15, 20, 60, 120))),
                        f"{kind}-{place}",
                        date="1986" if kind == "milestone" else "",
                    )
                    for place, kind in enumerate(KINDS)
                ]
                documents += [
                    SearchDocument.of(
                        entry,
                        language=article.language,
                        category_id=article.category_id,
                        article=article,
                    )
                    for entry in entries
                ]
            SearchDocument.objects.bulk_create(documents)
            Word.objects.learn(documents)
            spent += time.perf_counter() - began_words
    with transaction.atomic():
        terms = [
            Term(name=f"{words.text(2)} {n}", slug=f"term-{n}", definition=words.text(20))
            for n in range(number // 100)
        ]
        index_terms(Term.objects.bulk_create(terms))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    taken = time.perf_counter() - began
    say(f"{number:,} articles made in {taken:.0f} s, {spent:.0f} s of them for their index")


def sizes() -> None:
    """Print how much there is and what it weighs."""
    from django.db import connection

    from articles.search.models import SearchDocument, Word

    say(f"{SearchDocument.objects.count():,} documents, {Word.objects.count():,} words")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT CASE WHEN name LIKE 'search_fts%' THEN 'index' "
                "WHEN name LIKE 'search_word%' THEN 'words' ELSE 'documents' END AS part, "
                "sum(pgsize) FROM dbstat WHERE name LIKE '%search%' GROUP BY part"
            )
        else:
            cursor.execute(
                "SELECT relname, pg_total_relation_size(oid) FROM pg_class "
                "WHERE relname IN ('search_searchdocument', 'search_document_vector', "
                "'search_document_sample', 'search_word')"
            )
        for part, size in cursor.fetchall():
            say(f"  {part}: {size / 1e6:,.0f} MB")


def searches(words: Words) -> dict[str, Callable[[], dict[str, Any]]]:
    """Name of a sort of search -> a function that makes another one of it."""
    pick, vocabulary = words.random.choice, words.words

    def typo() -> str:
        word = pick([word for word in vocabulary[200:3000] if len(word) > 6])
        place = words.random.randint(1, len(word) - 2)
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]

    def phrase() -> str:
        from articles.search.models import SearchDocument

        text = pick(SearchDocument.objects.values_list("text", flat=True)[:2000])
        start = words.random.randint(0, 10)
        return " ".join(text.split()[start : start + 3])

    return {
        "commonest words": lambda: {"q": pick(vocabulary[:10])},
        "common word": lambda: {"q": pick(vocabulary[10:200])},
        "usual word": lambda: {"q": pick(vocabulary[1000:10_000])},
        "rare word": lambda: {"q": pick(vocabulary[40_000:])},
        "two common words": lambda: {"q": f"{pick(vocabulary[5:100])} {pick(vocabulary[5:100])}"},
        "common and rare": lambda: {"q": f"{pick(vocabulary[:50])} {pick(vocabulary[10_000:])}"},
        "phrase": lambda: {"q": f'"{phrase()}"'},
        "phrase, unquoted": lambda: {"q": phrase()},
        "prefix of 2": lambda: {"q": pick(vocabulary[:2000])[:2]},
        "prefix of 4": lambda: {"q": pick(vocabulary[:2000])[:4]},
        "typo": lambda: {"q": typo()},
        "common, one kind": lambda: {
            "q": pick(vocabulary[:200]), "kind": pick(("fact", "question", "term"))
        },
        "common, category": lambda: {"q": pick(vocabulary[:200]), "category": "subject-3"},
        "common, all filters": lambda: {
            "q": pick(vocabulary[:200]), "kind": "fact", "category": "subject-3", "language": "de"
        },
        "common, page 20": lambda: {"q": pick(vocabulary[:100]), "kind": "fact", "page": "20"},
    }  # fmt: skip


def report(words: Words, rounds: int) -> None:
    """Print a line for each sort of search."""
    from django.utils.http import urlencode

    say("Milliseconds of a whole request; a database beside this process is in the first two only.")
    say(f"{'search':<22}{'median':>8}{'p95':>8}{'processor':>11}{'queries':>9}   budget {BUDGET}")
    for name, make in searches(words).items():
        taken, used = [], []
        get(f"/search/?{urlencode(make())}")
        for _round in range(rounds):
            address = f"/search/?{urlencode(make())}"
            start, start_used = time.perf_counter(), time.process_time()
            get(address)
            taken.append((time.perf_counter() - start) * 1000)
            used.append((time.process_time() - start_used) * 1000)
        p95 = sorted(taken)[int(len(taken) * 0.95) - 1]
        number = queries(f"/search/?{urlencode(make())}")
        median = statistics.median
        say(f"{name:<22}{median(taken):>8.1f}{p95:>8.1f}{median(used):>11.1f}{number:>9}")


def queries(address: str) -> int:
    """How many statements a page takes."""
    from tests.benchmarks import view_cost

    return view_cost.queries(address)


def profile(text: str) -> None:
    """Print each statement of a search with its time, and its plan."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from articles.search.finding import detailed, search

    search(text)
    with CaptureQueriesContext(connection) as captured:
        start = time.perf_counter()
        found = search(text)
        detailed(found.ranked[:20])
        say(f"{(time.perf_counter() - start) * 1000:.1f} ms, {found.total}")
    for query in captured.captured_queries:
        say(f"{query['time']} s  {query['sql'][:3000]}\n")
        if connection.vendor == "postgresql" and query["sql"].startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute("SET enable_seqscan = off; SET jit = off")
                cursor.execute("EXPLAIN (ANALYZE, BUFFERS) " + query["sql"].replace("%", "%%"))
                say("\n".join(line for (line,) in cursor.fetchall()))


if __name__ == "__main__":
    main()

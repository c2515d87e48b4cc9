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
import os
import statistics
import time
from collections.abc import Callable
from typing import Any

from tests.benchmarks.search_site import SEED, Words, make_site
from tests.benchmarks.view_cost import get, say

BUDGET = 50


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
    from django.conf import settings
    from django.db import connection

    settings.ROOT_URLCONF = "tests.benchmarks.bare_urls"
    if chosen.keep:
        connection.settings_dict["TEST"]["NAME"] = (
            "/tmp/milepost-search.sqlite3" if connection.vendor == "sqlite" else "milepost_search"
        )
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, keepdb=chosen.keep)
    try:
        words = Words(SEED)
        from articles.search.models import SearchDocument

        if not SearchDocument.objects.exists():
            make_site(chosen.articles)
        sizes()
        if chosen.profile:
            profile(chosen.profile)
        else:
            report(words, chosen.rounds)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0, keepdb=chosen.keep)


def sizes() -> None:
    """Print how much there is and what it weighs."""
    from django.db import connection

    from articles.search.models import SearchDocument, Word

    say(f"{SearchDocument.objects.count():,} documents, {Word.objects.count():,} words")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT CASE WHEN name LIKE 'search_fts%' THEN 'index of words in their order' "
                "WHEN name LIKE 'search_lists%' THEN 'index of words' "
                "WHEN name LIKE 'search_word%' THEN 'words' ELSE 'documents' END AS part, "
                "sum(pgsize) FROM dbstat WHERE name LIKE '%search%' GROUP BY part"
            )
        else:
            cursor.execute(
                "SELECT relname, pg_total_relation_size(oid) FROM pg_class "
                "WHERE relname IN ('search_searchdocument', 'search_word') "
                "OR relname LIKE 'search_document_%'"
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

    bare = statistics.median(measured("/bare/")[1] for _round in range(5 * rounds))
    say("Milliseconds of a whole request; a database beside this process is in the first two only.")
    say(f"A bare Django view takes {bare:.2f} of this process; budget: a median of {BUDGET}.")
    say(f"{'search':<22}{'median':>8}{'p95':>8}{'processor':>11}{'x bare':>8}{'queries':>9}")
    every: list[float] = []
    for name, make in searches(words).items():
        addresses = [f"/search/?{urlencode(make())}" for _round in range(rounds + 1)]
        get(addresses.pop())
        times = [measured(address) for address in addresses]
        taken = sorted(wall for wall, _used in times)
        used = statistics.median(used for _wall, used in times)
        every += taken
        number = max(queries(address) for address in addresses[:3])
        say(
            f"{name:<22}{statistics.median(taken):>8.1f}{taken[int(rounds * 0.95) - 1]:>8.1f}"
            f"{used:>11.1f}{used / bare:>8.0f}{number:>9}"
        )
    every.sort()
    say(f"{'all':<22}{statistics.median(every):>8.1f}{every[int(len(every) * 0.95) - 1]:>8.1f}")


def measured(address: str) -> tuple[float, float]:
    """Milliseconds that a page takes: by the clock, and of this process."""
    start, start_used = time.perf_counter(), time.process_time()
    get(address)
    return (time.perf_counter() - start) * 1000, (time.process_time() - start_used) * 1000


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

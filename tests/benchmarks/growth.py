"""What pages cost when there is much of everything, beside what they cost on a small site.

Run it with `uv run python -m tests.benchmarks.growth`, with `--postgres URL` on PostgreSQL. It
fills a temporary database with ten of each thing, measures, then one with 100,000 articles and
milestones, an article of 10,000 milestones, one of 10,000 comments and one of 10,000 revisions, and
measures again: for each view the median time of a request by the clock, the number of queries, and
how many times the small site's time that is. Filling the large one takes some minutes; `--scale 10`
makes a tenth of it.
"""

from __future__ import annotations

import argparse
import logging
import os
import statistics
import sys
import time
from dataclasses import astuple
from typing import Any

from tests.benchmarks.growth_site import LARGE, SMALL, Size, make_growth_site
from tests.benchmarks.view_cost import get, queries, say

# Views by what grows. `{deep}` is the milestone nine tenths down an article, `{late}` the key of
# one nine tenths down the site, `{category}` the largest one, `{last}` the last page of comments.
VIEWS = {
    "articles": {
        "front page": "/",
        "list, first page": "/articles/",
        "list, a middle page": "/articles/?page=150",
        "category": "/categories/{category}/",
        "search, a common word": "/search/?q={word}",
        "search, a rare word": "/search/?q={rare}",
        "sitemap": "/sitemap.xml",
        "feed": "/feeds/articles.atom",
        "glossary": "/terms/",
        "sources": "/sources/",
    },
    "milestones on the site": {
        "timeline": "/timeline/",
        "timeline, deep": "/timeline/?at={late}",
        "timeline, years and track": "/timeline/?from=1500&to=1899&track=track-2",
        "timeline, category": "/timeline/?category={category}&from=1900",
        "timeline, words": "/timeline/?q=event+7",
    },
    "milestones of one article": {
        "article": "/articles/long/",
        "article, deep": "/articles/long/?at={deep}",
        "filter": "/articles/long/timeline/?from=1500&to=1899&track=track-2",
        "filter, words": "/articles/long/timeline/?from=1500&q=event+7",
    },
    "comments of one article": {
        "article": "/articles/talked-about/",
        "discussion, first page": "/articles/talked-about/discussion/",
        "discussion, last page": "/articles/talked-about/discussion/?page={last}",
    },
    "revisions of one article": {
        "history, first page": "/articles/edited/history/",
        "history, last page": "/articles/edited/history/?page=9999",
    },
}


def main() -> None:
    """Fill, measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--postgres", metavar="URL", help="measure on this server instead")
    options.add_argument("--scale", type=int, default=1, help="divide the large site by this")
    chosen = options.parse_args()

    if chosen.postgres:
        os.environ["DATABASE_URL"] = chosen.postgres
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.conf import settings

    # A line for each request, which a real site writes too, would stand between the figures.
    logging.disable(logging.INFO)
    settings.ROOT_URLCONF = "tests.benchmarks.bare_urls"
    large = Size(*(max(10, number // chosen.scale) for number in astuple(LARGE)))
    report(measure_site(SMALL, chosen.rounds), measure_site(large, chosen.rounds), large)


def measure_site(size: Size, rounds: int) -> dict[tuple[str, str], tuple[float, int]]:
    """What grows and name of a view -> milliseconds and queries, on a site of this size."""
    from django.db import connection

    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        make_growth_site(size)
        places = _places(size)
        return {
            (kind, view): measured(address.format(**places), rounds)
            for kind, views in VIEWS.items()
            for view, address in views.items()
        }
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _places(size: Size) -> dict[str, Any]:
    from django.db.models import Count

    from articles.models import Category
    from articles.search.models import Word
    from timeline.models import Milestone

    keys = Milestone.objects.order_by("start_min", "pk").values_list("pk", flat=True)
    largest = Category.objects.annotate(size=Count("articles")).order_by("-size", "pk")
    return {
        "category": largest.values_list("slug", flat=True)[0],
        "deep": f"milestone-more-{size.milestones_of_one * 9 // 10}",
        "late": keys[keys.count() * 9 // 10],
        "last": max(1, size.comments_of_one // 50),
        "word": "sentence",
        "rare": Word.objects.order_by("-pk").values_list("text", flat=True)[0],
    }


def measured(address: str, rounds: int) -> tuple[float, int]:
    """The median of milliseconds of a request, and its queries."""
    get(address)
    taken = []
    for _round in range(rounds):
        start = time.perf_counter()
        get(address)
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken), queries(address)


def report(small: dict[Any, Any], large: dict[Any, Any], size: Size) -> None:
    """Print a line for each view under what grows."""
    say(f"small: {SMALL}\nlarge: {size}")
    say(f"{'view':<32}{'small ms':>10}{'large ms':>10}{'times':>8}{'queries':>10}")
    last = ""
    for (kind, view), (before, queries_before) in small.items():
        if kind != last:
            say(f"\n{kind}")
            last = kind
        after, queries_after = large[kind, view]
        say(
            f"  {view:<30}{before:>10.1f}{after:>10.1f}{after / before:>8.1f}"
            f"{f'{queries_before}/{queries_after}':>10}"
        )
    sys.stdout.flush()


if __name__ == "__main__":
    main()

"""What a public page costs beside a bare Django view.

Run it with `uv run python -m tests.benchmarks.view_cost`. Measured is the processor
time of this process per request, through the whole middleware, without a network or a cache, on a
temporary SQLite database. What a process keeps of articles it has shown (`articles.kept`) is there;
`--first` forgets it before each request. Rounds of all pages take turns, so that a busy machine
slows them all alike; the figure is the median round. `--profile PATH` shows where the time goes
instead.
"""

from __future__ import annotations

import argparse
import cProfile
import logging
import os
import pstats
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

BUDGET = 20
SAMPLE = Path(__file__).parents[2] / "articles" / "samples" / "deep-learning.md"


def main() -> None:
    """Set up a site in a temporary database, measure, print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--requests", type=int, default=10, help="of each page in a round")
    options.add_argument("--first", action="store_true", help="measure first views")
    options.add_argument("--profile", metavar="PATH", help="profile this address instead")
    chosen = options.parse_args()

    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.db import connection
    from django.test import override_settings

    # A line for each request, which a real site writes too, would stand between the figures.
    logging.disable(logging.INFO)
    name = connection.creation.create_test_db(verbosity=0)
    try:
        with override_settings(ROOT_URLCONF="tests.benchmarks.bare_urls"):
            pages = make_site()
            if chosen.first:
                forget_everything()
            if chosen.profile:
                profile(chosen.profile, chosen.requests * chosen.rounds)
            else:
                report(pages, chosen.rounds, chosen.requests)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def make_site() -> dict[str, str]:
    """Save the articles that are measured. Name of a page -> its address."""
    from articles.formats import markdown_file
    from tests.articles.bridges import make_article, make_long_document

    sample = make_article(document=markdown_file.parse(SAMPLE.read_text(encoding="utf-8")))
    long = make_article(document=make_long_document(parts=40, milestones=1000, slug="long"))
    for number in range(60):
        make_article(title=f"Article {number:02}")
    return {
        "article, the sample": sample.get_absolute_url(),
        "article, 1,000 milestones": long.get_absolute_url(),
        "the same, in the middle": f"{long.get_absolute_url()}?at=milestone-500",
        "front page": "/",
        "list of articles": "/articles/",
        "category": "/categories/building/",
        "glossary": "/terms/",
        "term": "/terms/thrust/",
        "sample as Markdown": f"{sample.get_absolute_url().rstrip('/')}.md",
    }


def report(pages: dict[str, str], rounds: int, requests: int) -> None:
    """Print a line for each page."""
    body = {name: get(address) for name, address in pages.items()}
    same_size = f"/bare/{len(body['article, the sample'])}/"
    everything = {"bare view": "/bare/", "bare view, bytes of the sample": same_size} | pages
    times = measured(list(everything.values()), rounds, requests)
    bare = times["/bare/"]
    say(f"{'page':<32}{'ms':>8}{'× bare':>8}{'queries':>9}{'bytes':>9}{'brotli':>8}")
    for name, address in everything.items():
        content = body.get(name) or get(address)
        taken = times[address]
        say(
            f"{name:<32}{taken * 1000:>8.2f}{taken / bare:>8.1f}{queries(address):>9}"
            f"{len(content):>9,}{brotli_size(content):>8,}"
        )
    ratio = times[pages["article, the sample"]] / bare
    say(f"\nBudget of an article page: {BUDGET} × bare. The sample: {ratio:.1f} ×.")


def measured(addresses: list[str], rounds: int, requests: int) -> dict[str, float]:
    """Address -> seconds of processor time for one request, the median of the rounds."""
    taken: dict[str, list[float]] = {address: [] for address in addresses}
    for _round in range(rounds):
        for address, seconds in taken.items():
            start = time.process_time()
            for _request in range(requests):
                get(address)
            seconds.append((time.process_time() - start) / requests)
    return {address: statistics.median(seconds) for address, seconds in taken.items()}


def profile(address: str, requests: int) -> None:
    """Print the functions that take the most time of their own, and with what they call."""
    get(address)
    profiler = cProfile.Profile()
    profiler.enable()
    for _request in range(requests):
        get(address)
    profiler.disable()
    for order in ("tottime", "cumtime"):
        pstats.Stats(profiler, stream=sys.stdout).sort_stats(order).print_stats(40)


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")


def forget_everything() -> None:
    """Have every request begin with nothing kept, as the first one in a process."""
    from django.core.signals import request_started

    from articles.discussion.templatetags import comments
    from articles.models import stored_page
    from articles.templatetags import keeping, milestone_pieces

    stores: list[Any] = [
        comments.drawn,
        keeping.frame,
        milestone_pieces.on_site,
        stored_page._pages,
    ]

    def forget(**_signal: Any) -> None:
        for store in stores:
            store.clear()

    request_started.connect(forget, weak=False)


_handler: Callable[..., Any] | None = None


def get(address: str) -> bytes:
    """The body of a page, asked for as a WSGI server does."""
    global _handler  # noqa: PLW0603
    from django.core.wsgi import get_wsgi_application
    from django.test import RequestFactory

    _handler = _handler or get_wsgi_application()
    environ = RequestFactory(headers={"host": "127.0.0.1"}).get(address).environ
    status = []
    response = _handler(environ, lambda line, headers: status.append(line))
    body = b"".join(response)
    response.close()
    assert status == ["200 OK"], (address, status)
    return body


def queries(address: str) -> int:
    """How many queries a page takes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        get(address)
    return len(captured)


def brotli_size(content: bytes) -> int:
    """How many bytes are sent."""
    import brotli

    return len(brotli.compress(content, quality=5))


if __name__ == "__main__":
    main()

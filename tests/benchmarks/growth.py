"""What timelines and discussions cost when there is much of them.

Run it with `uv run python -m tests.benchmarks.growth`. It fills a temporary database with an
article of 10,000 milestones, 100 articles of 1,000 more, and a discussion of 1,000 comments, then
prints for each view the median processor time of one request, the same as a multiple of a bare
Django view in the same run, and the number of queries.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

from tests.benchmarks.view_cost import get, measured, queries, say


def main() -> None:
    """Set up a site in a temporary database, measure, print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--milestones", type=int, default=100_000, help="on the whole site")
    options.add_argument("--comments", type=int, default=1000)
    chosen = options.parse_args()

    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.db import connection
    from django.test import override_settings

    name = connection.creation.create_test_db(verbosity=0)
    try:
        with override_settings(ROOT_URLCONF="tests.benchmarks.bare_urls"):
            make_site(chosen.milestones, chosen.comments)
            report(chosen.rounds)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def make_site(milestones: int, comments: int) -> None:
    """One long article, many middling ones, one long discussion."""
    from articles.models import Article, Category
    from tests.articles.bridges import make_article, make_long_document
    from timeline.models import Track

    tracks = [Track.objects.named(f"Track {number}") for number in range(6)]
    long = make_article(document=make_long_document(parts=6, milestones=6, slug="long"))
    add_milestones(long, 10_000, tracks)
    categories = [Category.objects.named(f"Subject {number}") for number in range(8)]
    for number in range(max(0, milestones - 10_000) // 1000):
        article = make_article(title=f"Article {number:03}")
        Article.objects.filter(pk=article.pk).update(category=categories[number % 8])
        add_milestones(article, 1000, tracks)
    talked = make_article(title="Talked about", slug="talked-about")
    add_comments(talked, comments)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def add_milestones(article: Any, count: int, tracks: list[Any]) -> None:
    """Milestones of all ages, each on one track."""
    from articles.markup import searchable
    from timeline.models import Milestone

    rows = []
    for number in range(count):
        year = (number * 7919 + article.pk * 104_729) % 2600 - 500
        date = f"-{-year:04}" if year < 0 else f"{year:04}-{number % 12 + 1:02}"
        title = f"Event {number} of {article.title}"
        row = Milestone(
            article=article,
            anchor=f"milestone-more-{number}",
            position=number,
            date=date,
            title=title,
            html="<p>What happened then, in a sentence of the usual length.</p>",
            words=searchable(f"{title} what happened then in a sentence of the usual length"),
        )
        row.fill_derived()
        rows.append(row)
    made = Milestone.objects.bulk_create(rows, batch_size=500)
    through: Any = Milestone.tracks.through
    through.objects.bulk_create(
        (
            through(milestone_id=row.pk, track_id=tracks[index % len(tracks)].pk)
            for index, row in enumerate(made)
        ),
        batch_size=500,
    )


def add_comments(article: Any, count: int) -> None:
    """A discussion in which every third comment begins a thread."""
    from articles.discussion.models import Comment

    last = None
    for number in range(count):
        last = Comment.objects.create(
            article=article,
            parent=last if number % 3 else None,
            name=f"Reader {number}",
            body="A comment of *some* length, with [a link](https://example.org/) in it.",
            status=Comment.Status.APPROVED,
        )


VIEWS = {
    "article of 10,000": "/articles/long/",
    "its timeline, filtered": "/articles/long/timeline/?from=1500&to=1899&track=track-2",
    "with words": "/articles/long/timeline/?from=1500&to=1899&q=event+7",
    "a deep page": "/articles/long/timeline/?at=milestone-more-9000",
    "site, all": "/timeline/",
    "site, years and track": "/timeline/?from=1500&to=1899&track=track-2",
    "site, words": "/timeline/?q=event+77",
    "site, subject and years": "/timeline/?category=subject-3&from=1900",
    "article with 1,000 comments": "/articles/talked-about/",
    "discussion, first page": "/articles/talked-about/discussion/",
    "discussion, last page": "/articles/talked-about/discussion/?page=20",
}


def report(rounds: int) -> None:
    """Print a line for each view."""
    times = measured(["/bare/", *VIEWS.values()], rounds, 2)
    bare = times["/bare/"]
    say(f"{'view':<32}{'ms':>8}{'× bare':>8}{'queries':>9}{'bytes':>9}")
    for name, address in VIEWS.items():
        taken = times[address]
        say(
            f"{name:<32}{taken * 1000:>8.1f}{taken / bare:>8.0f}{queries(address):>9}"
            f"{len(get(address)):>9,}"
        )
    sys.stdout.flush()


if __name__ == "__main__":
    main()

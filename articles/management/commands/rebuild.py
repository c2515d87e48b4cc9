"""`manage.py rebuild`: renew everything that is derived from the articles."""

from __future__ import annotations

from argparse import ArgumentParser
from itertools import batched
from typing import Any

from django.core.management.base import CommandError

from articles import cards
from articles.management.plain import PlainCommand
from articles.models import Article
from articles.renewal import renew, renew_pages, stale, whole

CHUNK = 50


class Command(PlainCommand):
    """Each article in a transaction of its own, so that readers and editors go on meanwhile."""

    help = (
        "Render every article anew from its parts, with its index of sources and terms, and draw "
        "the pictures for links to it that are missing or not right any more."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which articles."""
        parser.add_argument(
            "--stale-only",
            action="store_true",
            help="only articles whose rendered page is missing or from an older version",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError at the end when an article could not be rendered."""
        articles = stale() if options["stale_only"] else Article.objects.order_by("pk")
        keys = list(articles.values_list("pk", flat=True))
        failed = 0
        for chunk in batched(keys, CHUNK, strict=False):
            for article in whole(Article.objects.filter(pk__in=chunk)):
                try:
                    renew(article)
                except Exception as error:  # noqa: BLE001 - one bad article stops no other
                    failed += 1
                    self.stderr.write(f"{article.pk} “{article.title}”: {error!r}")
        renew_pages()
        total = Article.objects.count()
        self.stdout.write(f"{len(keys) - failed} of {total} articles rebuilt")
        if drawn := draw_cards():
            self.stdout.write(f"{drawn} cards drawn")
        if failed:
            raise CommandError(f"{failed} could not be rebuilt; they are named above.")


def draw_cards() -> int:
    """Draw the cards that are missing or show what is no longer so; delete those of nothing."""
    drawn = cards.renew_all()
    cards.sweep()
    return drawn

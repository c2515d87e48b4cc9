"""`manage.py rebuild`: renew everything that is derived from the articles."""

from __future__ import annotations

from argparse import ArgumentParser
from itertools import batched
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from articles import cards, store
from articles.derived import refresh
from articles.models import Article, Page
from articles.rendering import RENDERER

CHUNK = 50


class Command(BaseCommand):
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
        articles: QuerySet[Article] = Article.objects.order_by("pk")
        if options["stale_only"]:
            articles = stale(articles)
        keys = list(articles.values_list("pk", flat=True))
        failed = 0
        for chunk in batched(keys, CHUNK, strict=False):
            for article in whole(Article.objects.filter(pk__in=chunk)):
                try:
                    renew(article)
                except Exception as error:  # noqa: BLE001 - one bad article stops no other
                    failed += 1
                    self.stderr.write(f"{article.pk} “{article.title}”: {error!r}")
        for page in Page.objects.order_by("pk"):
            page.render()
            Page.objects.filter(pk=page.pk).update(html=page.html, summary=page.summary)
        total = Article.objects.count()
        self.stdout.write(f"{len(keys) - failed} of {total} articles rebuilt")
        if drawn := draw_cards():
            self.stdout.write(f"{drawn} cards drawn")
        if failed:
            raise CommandError(f"{failed} could not be rebuilt; they are named above.")


def stale(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Articles without a rendered page, or with one of another renderer or revision."""
    current = Q(rendered__page__renderer=RENDERER, rendered__revision_number=F("last_revision"))
    numbered = articles.annotate(last_revision=Coalesce(Max("revisions__number"), 0))
    return numbered.exclude(pk__in=numbered.filter(current).values("pk"))


def whole(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Articles with all that a document is made from, and the number of their last revision."""
    loaded: QuerySet[Article] = store.prefetched(articles)
    return loaded.annotate(last_revision=Coalesce(Max("revisions__number"), 0))


def draw_cards() -> int:
    """Draw the cards that are missing or show what is no longer so; delete those of nothing."""
    drawn = cards.renew_all()
    cards.sweep()
    return drawn


@transaction.atomic
def renew(article: Any) -> None:
    """Renew what is derived from one article of `whole`; a newer state of it is read first."""
    now = Article.objects.select_for_update().filter(pk=article.pk).first()
    if now is None:
        return
    if now.changed_at != article.changed_at:
        article = whole(Article.objects.filter(pk=article.pk)).get()
    refresh(article, store.load(article), article.last_revision)

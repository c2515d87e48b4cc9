"""Renewing what is derived from articles: after an upgrade, or when somebody asks for it.

An older page is shown as it is until it is renewed, which may take its time.
"""

from __future__ import annotations

import datetime
import logging
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.tasks import task
from django.utils import timezone

from articles import cards, store, summaries
from articles.derived import refresh
from articles.models import Article, Page
from articles.rendering import RENDERER

logger = logging.getLogger(__name__)

# Articles that one task renews: a few seconds, so that mail need not wait for all of them.
CHUNK = 20
# When to go on after the database or its disk was away.
PAUSE = datetime.timedelta(minutes=1)


def outdated() -> QuerySet[Article]:
    """Articles without a rendered page, or with one of another version of the renderer."""
    articles: QuerySet[Article] = Article.objects.order_by("pk")
    return articles.filter(Q(rendered=None) | ~Q(rendered__renderer=RENDERER))


def stale() -> QuerySet[Article]:
    """The same, and articles whose rendered page is one of another revision."""
    numbered = Article.objects.annotate(last_revision=Coalesce(Max("revisions__number"), 0))
    behind = numbered.exclude(rendered__revision_number=F("last_revision")).values("pk")
    articles: QuerySet[Article] = Article.objects.order_by("pk")
    return articles.filter(Q(pk__in=outdated().order_by().values("pk")) | Q(pk__in=behind))


def whole(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Articles with all that a document is made from, and the number of their last revision."""
    loaded: QuerySet[Article] = store.prefetched(articles)
    return loaded.annotate(last_revision=Coalesce(Max("revisions__number"), 0))


@transaction.atomic
def renew(article: Any) -> None:
    """Renew what is derived from one article of `whole`; a newer state of it is read first."""
    now = Article.objects.select_for_update().filter(pk=article.pk).first()
    if now is None:
        return
    if now.changed_at != article.changed_at:
        article = whole(Article.objects.filter(pk=article.pk)).get()
    refresh(article, store.load(article), article.last_revision)
    summaries.renew(article)


def renew_pages() -> None:
    """Render the pages of the site itself anew."""
    for page in Page.objects.order_by("pk"):
        page.render()
        Page.objects.filter(pk=page.pk).update(html=page.html, summary=page.summary)


# Rows that wait name this function and its arguments: both can only be added to.
@task
def renew_outdated(*, after: int = 0) -> None:
    """Renew the next articles that an older version rendered, then write down the task for more.

    `after` is the key of the last article that was tried: one that cannot be rendered is logged as
    an error and stops no other. While the database is away nothing more is tried: the same
    task is written down once more, or, where not even that can be done, raises and is taken up
    again as one that was cut off.
    """
    if not after:
        renew_pages()
    articles = list(whole(outdated().filter(pk__gt=after))[:CHUNK])
    for article in articles:
        try:
            renew(article)
        except (InterfaceError, OperationalError) as error:
            reason = " ".join(str(error).split())
            logger.warning("Renewing waits for the database at %s: %s", article.slug, reason)
            later = renew_outdated.using(run_after=timezone.now() + PAUSE)
            later.enqueue(after=article.pk - 1)
            return
        except Exception:
            logger.exception("Article %s (%s) could not be rendered", article.pk, article.slug)
        else:
            cards.draw_card.call(article=article.pk)
    if articles:
        renew_outdated.enqueue(after=articles[-1].pk)

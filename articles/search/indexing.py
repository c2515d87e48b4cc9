"""Keeping the index in step with articles: in the transaction that changes them.

`derived.refresh` calls `index_article` after each change of an article's text, and `Term.save`
keeps a term's document. `fill` is for what an upgrade finds: articles that were there before the
index was, or that an older version of it has read.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from itertools import batched
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Exists, OuterRef, QuerySet

from articles.markup import render_block
from articles.models import Article, RenderedArticle, Term
from articles.search.entries import INDEX_VERSION, MilestoneText, article_entries, term_entry
from articles.search.models import DERIVED, SearchDocument, Word
from timeline.models import Milestone
from timeline.pages import MILESTONES_SHOWN

logger = logging.getLogger(__name__)

CHUNK = 50


def index_article(article: Article, page: dict[str, Any], texts: dict[str, str]) -> None:
    """Make the index say what the article's rendered page and milestones say.

    `texts` are the plain texts of milestones by anchor. Documents that are right already are not
    written. Must run in the transaction that changed the article.
    """
    rows = Milestone.objects.filter(article=article).in_order()
    columns = ("anchor", "date", "title", "sourced", "checked")
    milestones = [
        MilestoneText(
            text=texts[values["anchor"]], on_first_page=number < MILESTONES_SHOWN, **values
        )
        for number, values in enumerate(rows.values(*columns))
    ]
    wanted = documents_of(article, page, milestones)
    found = {(row.kind, row.anchor): row for row in SearchDocument.objects.filter(article=article)}
    missing, changed = [], []
    for document in wanted:
        row = found.pop((document.kind, document.anchor), None)
        if row is None:
            missing.append(document)
        elif row.take(document):
            changed.append(row)
    if found:
        SearchDocument.objects.filter(pk__in=[row.pk for row in found.values()]).delete()
    if changed:
        SearchDocument.objects.bulk_update(changed, DERIVED, batch_size=50)
    if missing:
        SearchDocument.objects.bulk_create(missing, batch_size=200)
    if missing or changed:
        Word.objects.learn([*missing, *changed])


def documents_of(
    article: Article, page: dict[str, Any], milestones: Iterable[MilestoneText]
) -> list[SearchDocument]:
    """The documents of an article, not saved."""
    return [
        SearchDocument.of(
            entry, language=article.language, category_id=article.category_id, article=article
        )
        for entry in article_entries(article.title, page, milestones)
    ]


def unindexed() -> QuerySet[Article]:
    """Rendered articles that no document of the current version stands for, oldest first."""
    own = SearchDocument.objects.filter(
        article=OuterRef("pk"), kind="article", version=INDEX_VERSION
    )
    articles: QuerySet[Article] = Article.objects.filter(rendered__isnull=False)
    return articles.filter(~Exists(own)).order_by("pk")


def fill() -> int:
    """Index what is not; how many articles and terms that were.

    Each chunk is a transaction, so that an interrupted upgrade goes on where it ended.
    """
    done = 0
    keys = list(unindexed().values_list("pk", flat=True))
    for chunk in batched(keys, CHUNK, strict=False):
        with transaction.atomic():
            for article in Article.objects.filter(pk__in=chunk).defer("retired_anchors"):
                reindex(article)
        done += len(chunk)
    current = SearchDocument.objects.filter(term=OuterRef("pk"), version=INDEX_VERSION)
    terms = list(Term.objects.filter(~Exists(current)))
    for some in batched(terms, CHUNK, strict=False):
        with transaction.atomic():
            index_terms(some)
    done += len(terms)
    if done:
        logger.info("%d articles and terms were made ready to be found", done)
    return done


def index_terms(terms: Iterable[Term]) -> None:
    """Make the index anew for these terms."""
    documents = [
        SearchDocument.of(term_entry(term), language=settings.LANGUAGE_CODE, term=term)
        for term in terms
    ]
    SearchDocument.objects.filter(term__in=[row.term_id for row in documents]).delete()
    SearchDocument.objects.bulk_create(documents, batch_size=200)
    Word.objects.learn(documents)


def reindex(article: Article) -> None:
    """Index an article from its stored page, without rendering it anew."""
    page = RenderedArticle.objects.values_list("page", flat=True).get(article=article)
    bodies = Milestone.objects.filter(article=article).values_list("anchor", "body")
    index_article(article, page, {anchor: render_block(body).text for anchor, body in bodies})


def is_migrated(using: str) -> bool:
    """Whether every migration is applied, so that all models have their tables and columns."""
    executor = MigrationExecutor(connections[using])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())

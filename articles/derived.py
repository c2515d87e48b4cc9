"""Writing what follows from a document: the rendered page, milestones' HTML, the index of uses."""

from __future__ import annotations

import datetime
from dataclasses import fields

from articles.document import Document
from articles.models import Article, Citation, Reference, RenderedArticle, TermUse
from articles.models.terms import folded_name
from articles.rendering import RenderedMilestone, Rendering, render
from articles.search.indexing import index_article
from timeline.models import Milestone


def refresh(article: Article, document: Document, revision_number: int) -> None:
    """Bring everything derived in step with `document`, the article's content.

    Rows that are right already are not written, so a second call writes the rendered page only.
    """
    rendering = render(document)
    RenderedArticle.objects.update_or_create(
        article=article,
        defaults={
            "page": rendering.page,
            "revision_number": revision_number,
            "summary": rendering.page["short_answer"]["text"],
            "statement_count": rendering.statement_count,
            "sourced_count": rendering.sourced_count,
            "last_verified": datetime.date.fromisoformat(rendering.last_verified)
            if rendering.last_verified
            else None,
        },
    )
    _write_milestones(article, rendering)
    _write_citations(article, rendering)
    _write_term_uses(article, rendering)
    index_article(article, rendering.page, rendering.milestone_texts)


def _write_milestones(article: Article, rendering: Rendering) -> None:
    columns = [field.name for field in fields(RenderedMilestone)]
    changed = []
    for milestone in article.milestones.all():
        wanted = rendering.milestones[milestone.anchor]
        values = {name: getattr(wanted, name) for name in columns}
        if any(getattr(milestone, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(milestone, name, value)
            changed.append(milestone)
    if changed:
        Milestone.objects.bulk_update(changed, columns, batch_size=200)


def _write_citations(article: Article, rendering: Rendering) -> None:
    sources = dict(Reference.objects.filter(article=article).values_list("key", "source_id"))
    wanted = [
        (anchor, use.key, use.place[:200], sources.get(use.key))
        for anchor, use in rendering.citations
    ]
    rows = article.citations.values_list("part_anchor", "key", "place", "source_id")
    if list(rows.order_by("pk")) != wanted:
        article.citations.all().delete()
        Citation.objects.bulk_create(
            Citation(article=article, part_anchor=anchor, key=key, place=place, source_id=source)
            for anchor, key, place, source in wanted
        )


def _write_term_uses(article: Article, rendering: Rendering) -> None:
    wanted = [(anchor, use.name[:200], folded_name(use.name)) for anchor, use in rendering.terms]
    rows = article.term_uses.values_list("part_anchor", "name", "folded").order_by("pk")
    if list(rows) != wanted:
        article.term_uses.all().delete()
        TermUse.objects.bulk_create(
            TermUse(article=article, part_anchor=anchor, name=name, folded=folded)
            for anchor, name, folded in wanted
        )

"""Writing what follows from a document: the rendered page, milestones' HTML, the index of uses."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import fields
from hashlib import sha256
from typing import Any

from articles.document import Document, Fact, Part
from articles.matching import part_name
from articles.models import Article, Citation, Reference, RenderedArticle, TermUse
from articles.models.terms import folded_name
from articles.related import relate
from articles.rendering import RENDERER, RenderedMilestone, Rendering, render
from articles.search.indexing import index_article
from timeline.models import Milestone, write_track_list


def refresh(article: Article, document: Document, revision_number: int) -> None:
    """Bring everything derived in step with `document`, the article's content.

    Rows that are right already are not written, so a second call writes the rendered page only.
    """
    rendering = render(document)
    sources = dict(Reference.objects.filter(article=article).values_list("key", "source_id"))
    for reference in rendering.page["references"]:
        reference["source"] = sources.get(reference["key"])
    rendering.page["milestones"] = _write_milestones(article, rendering)
    RenderedArticle.objects.update_or_create(
        article=article,
        defaults={
            "page": rendering.page,
            "renderer": RENDERER,
            "revision_number": revision_number,
            "summary": rendering.page["short_answer"]["text"],
            "statement_count": rendering.statement_count,
            "sourced_count": rendering.sourced_count,
            "last_verified": datetime.date.fromisoformat(rendering.last_verified)
            if rendering.last_verified
            else None,
        },
    )
    parts = {part.anchor: part for part in document.parts()}
    _write_citations(article, rendering, parts, sources)
    _write_term_uses(article, rendering, parts)
    relate(article)
    index_article(article, rendering.page, rendering.milestone_texts)


# What a timeline shows of a milestone, and what it is sorted and counted by.
SHOWN = (
    "pk", "anchor", "date", "title", "html", "sourced", "checked", "track_list",
    "start_min", "end_max", "first_year", "last_year", "position",
)  # fmt: skip


def _write_milestones(article: Article, rendering: Rendering) -> dict[str, Any]:
    """Bring the milestones in step; what the page says of them (see `articles.rendering`)."""
    columns = [*(field.name for field in fields(RenderedMilestone)), "track_list"]
    tracks: dict[int, list[int]] = defaultdict(list)
    through = Milestone.tracks.through._default_manager.filter(milestone__article=article)
    for key, track in through.values_list("milestone", "track"):
        tracks[key].append(track)
    changed = []
    digest = sha256()
    for milestone in article.milestones.order_by("pk"):
        wanted = rendering.milestones[milestone.anchor]
        values = {name: getattr(wanted, name) for name in columns[:-1]}
        values["track_list"] = write_track_list(tracks[milestone.pk])
        if any(getattr(milestone, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(milestone, name, value)
            changed.append(milestone)
        digest.update(repr([getattr(milestone, name) for name in SHOWN]).encode())
    if changed:
        Milestone.objects.bulk_update(changed, columns, batch_size=200)
    # Whoever publishes it meanwhile waits for this transaction, or was waited for.
    article.milestones.follow(Article.objects.get(pk=article.pk))
    on = sorted({track for keys in tracks.values() for track in keys})
    return {"digest": digest.hexdigest(), "tracks": on}


CITATION = ("part_anchor", "key", "place", "source_id", "label", "excerpt", "checked")
TERM_USE = ("part_anchor", "name", "folded", "label", "excerpt")


def _write_citations(
    article: Article, rendering: Rendering, parts: dict[str, Part], sources: dict[str, int]
) -> None:
    wanted = []
    for (anchor, use), excerpt in zip(rendering.citations, rendering.citing, strict=True):
        row = (anchor, use.key, use.place[:200], sources.get(use.key), _label(parts.get(anchor)))
        wanted.append((*row, excerpt, _checked(parts.get(anchor))))
    if list(article.citations.values_list(*CITATION).order_by("pk")) != wanted:
        article.citations.all().delete()
        Citation.objects.bulk_create(
            Citation(article=article, **dict(zip(CITATION, row, strict=True))) for row in wanted
        )


def _write_term_uses(article: Article, rendering: Rendering, parts: dict[str, Part]) -> None:
    wanted = [
        (anchor, use.name[:200], folded_name(use.name), _label(parts.get(anchor)), excerpt)
        for (anchor, use), excerpt in zip(rendering.terms, rendering.linking, strict=True)
    ]
    if list(article.term_uses.values_list(*TERM_USE).order_by("pk")) != wanted:
        article.term_uses.all().delete()
        TermUse.objects.bulk_create(
            TermUse(article=article, **dict(zip(TERM_USE, row, strict=True))) for row in wanted
        )


def _label(part: Part | None) -> str:
    """What a part is called; '' for the short answer, and for a fact that has no label."""
    return "" if part is None or (isinstance(part, Fact) and not part.label) else part_name(part)


def _checked(part: Part | None) -> datetime.date | None:
    checked = getattr(part, "checked", "")
    return datetime.date.fromisoformat(checked) if checked else None

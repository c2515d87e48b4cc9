"""The newest changes that readers could see, each with what it changed in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from articles.models import Article, Revision
from articles.summaries import sentences_of_each

ENTRIES = 30


@dataclass(frozen=True, slots=True)
class Change:
    """A revision that readers could see, and what it changed of the one that they saw before."""

    revision: Revision
    previous: int | None
    sentences: tuple[str, ...]

    @property
    def is_first(self) -> bool:
        """Whether there was nothing to see before."""
        return self.previous is None


def newest(article: Article | None) -> Any:
    """The newest public revisions, of one article or of all, without their documents."""
    revisions = Revision.objects.public()
    if article:
        revisions = revisions.filter(article=article)
    return revisions.order_by("-public_from", "-pk")


def changes(article: Article | None = None) -> list[Change]:
    """The newest changes that readers could see. At most two queries."""
    before = Revision.objects.filter(
        article=OuterRef("article"), number__lt=OuterRef("number"), public_from__isnull=False
    ).order_by("-number")
    rows: list[Any] = list(
        newest(article)
        .select_related("article", "author")
        .defer("document", "article__short_answer", "article__retired_anchors")
        .annotate(
            previous=Subquery(before.values("number")[:1]),
            previous_key=Subquery(before.values("pk")[:1]),
            previous_hash=Subquery(before.values("content_hash")[:1]),
        )[:ENTRIES]
    )
    pairs = [(row, _before(row)) for row in rows]
    said = sentences_of_each(pairs)
    return [
        Change(row, row.previous, tuple(sentences))
        for row, sentences in zip(rows, said, strict=True)
    ]


def _before(row: Any) -> Revision | None:
    """The revision that readers saw before, as far as it was asked for."""
    if row.previous_key is None:
        return None
    return Revision(pk=row.previous_key, number=row.previous, content_hash=row.previous_hash)

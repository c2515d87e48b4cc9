"""The newest changes that readers could see, each with what it changed in sentences."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import get_language

from articles.differences import compare
from articles.document import Document, DocumentError
from articles.models import Article, Revision

ENTRIES = 30
SENTENCES = 8


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


class _Sentences:
    """The sentences between two documents, kept: they never change, and take milliseconds."""

    most = 500

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, ...], tuple[str, ...]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[str, ...]) -> tuple[str, ...] | None:
        """What was kept under the key."""
        with self._lock:
            return self._kept.get(key)

    def keep(self, key: tuple[str, ...], sentences: tuple[str, ...]) -> None:
        """Keep them, and forget the oldest when there are too many."""
        with self._lock:
            self._kept[key] = sentences
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)


_sentences = _Sentences()


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
    language = get_language() or ""
    keys = {row.pk: (row.previous_hash or "", row.content_hash, language) for row in rows}
    missing = [row for row in rows if _sentences.get(keys[row.pk]) is None]
    wanted = {key for row in missing for key in (row.pk, row.previous_key) if key}
    documents = Revision.objects.in_bulk(wanted) if wanted else {}
    for row in missing:
        said = _compared(documents.get(row.previous_key), documents.get(row.pk))
        _sentences.keep(keys[row.pk], said)
    return [Change(row, row.previous, _sentences.get(keys[row.pk]) or ()) for row in rows]


def _compared(before: Revision | None, after: Revision | None) -> tuple[str, ...]:
    new = _read(after)
    if new is None:
        return ()
    return tuple(compare(_read(before), new, for_readers=True).sentences(SENTENCES))


def _read(revision: Revision | None) -> Document | None:
    """What it says; None when a newer version of the site wrote it."""
    try:
        return revision.read() if revision else None
    except DocumentError:
        return None

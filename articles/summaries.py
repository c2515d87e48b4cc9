"""What each revision changed of the one that readers saw before, in sentences.

They are written down with the revision, so that a history of large articles need not read them
all. What was not written, or is in another language, or follows another revision than readers see
before it now, is worked out from the documents, and kept in this process.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Any

from django.utils.translation import get_language

from articles.change_sentences import MOST_SENTENCES
from articles.differences import compare
from articles.document import Document, DocumentError
from articles.models import Article, Revision

# Revisions of one article that are summarised when it is renewed, the newest ones.
MOST_RENEWED = 500


class _Kept:
    """The sentences between two documents, kept: they never change."""

    most = 500

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, ...], list[str]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[str, ...]) -> list[str] | None:
        """What was kept under the key."""
        with self._lock:
            return self._kept.get(key)

    def keep(self, key: tuple[str, ...], sentences: list[str]) -> None:
        """Keep them, and forget the oldest when there are too many."""
        with self._lock:
            self._kept[key] = sentences
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)


_kept = _Kept()

type Pair = tuple[Revision, Revision | None]


def summary(document: Document, before: Revision | None) -> dict[str, Any]:
    """What a revision keeps of its changes: the number before, the language, the sentences."""
    return {
        "since": before.number if before else None,
        "language": get_language() or "",
        "sentences": _compared(before, document),
    }


def sentences_of_each(pairs: Sequence[Pair]) -> list[list[str]]:
    """The sentences of each revision since the one before it, None for the first.

    The rows need no documents. No query where all is written down, one where something is not.
    """
    found = [_written(*pair) for pair in pairs]
    missing = [pair for pair, said in zip(pairs, found, strict=True) if said is None]
    if missing:
        documents = Revision.objects.in_bulk({row.pk for pair in missing for row in pair if row})
        for after, before in missing:
            new = read(documents.get(after.pk))
            old = documents.get(before.pk) if before else None
            _kept.keep(_key(after, before), _compared(old, new) if new else [])
    return [
        _kept.get(_key(*pair)) or [] if said is None else said
        for pair, said in zip(pairs, found, strict=True)
    ]


def renew(article: Article) -> None:
    """Write down what the newest revisions of an article changed, where it is not written."""
    revisions = Revision.objects.filter(article=article, public_from__isnull=False)
    rows: list[Any] = list(revisions.defer("document")[: MOST_RENEWED + 1])
    # Of an article that no reader has seen there is none.
    pairs: Iterable[Pair] = zip(rows, [*rows[1:], None][: len(rows)], strict=True)
    for after, before in list(pairs)[:MOST_RENEWED]:
        if _is_written(after, before):
            continue
        documents = Revision.objects.in_bulk([row.pk for row in (after, before) if row])
        if document := read(documents[after.pk]):
            old = documents[before.pk] if before else None
            Revision.objects.filter(pk=after.pk).update(changes=summary(document, old))


def read(revision: Revision | None) -> Document | None:
    """What a revision says; None when a newer version of the site wrote it."""
    try:
        return revision.read() if revision else None
    except DocumentError:
        return None


def _is_written(after: Revision, before: Revision | None) -> bool:
    said = after.changes or {}
    wanted = (before.number if before else None, get_language() or "")
    return bool(said) and (said.get("since"), said.get("language")) == wanted


def _written(after: Revision, before: Revision | None) -> list[str] | None:
    if _is_written(after, before):
        return list((after.changes or {})["sentences"])
    return _kept.get(_key(after, before))


def _key(after: Revision, before: Revision | None) -> tuple[str, ...]:
    return (before.content_hash if before else "", after.content_hash, get_language() or "")


def _compared(before: Revision | None, after: Document) -> list[str]:
    return compare(read(before), after, for_readers=True).sentences(MOST_SENTENCES)

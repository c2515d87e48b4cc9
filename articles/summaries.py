"""What each revision changed of the one that readers saw before, in sentences.

They are written down with the revision, so that a history of large articles need not read them
all. What was not written, or is in another language, or follows another revision than readers see
before it now, is worked out from the documents, and kept in this process.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, partial
from typing import Any

from django.utils.translation import get_language

from articles.change_sentences import MOST_SENTENCES
from articles.differences import compare
from articles.document import Document, DocumentError
from articles.kept import Kept
from articles.models import Article, Revision

# Revisions of one article that are summarised when it is renewed, the newest ones.
MOST_RENEWED = 500


# The sentences between two documents never change.
_kept: Kept[list[str]] = Kept(most=500)

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
    unwritten = [pair for pair in pairs if not _is_written(*pair)]

    @cache
    def documents() -> dict[int, Revision]:
        found: dict[int, Revision] = Revision.objects.in_bulk(
            {row.pk for pair in unwritten for row in pair if row}
        )
        return found

    def work_out(after: Revision, before: Revision | None) -> list[str]:
        new = read(documents().get(after.pk))
        old = documents().get(before.pk) if before else None
        return _compared(old, new) if new else []

    return [
        list((after.changes or {})["sentences"])
        if _is_written(after, before)
        else _kept.get(_key(after, before), partial(work_out, after, before))
        for after, before in pairs
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


def _key(after: Revision, before: Revision | None) -> tuple[str, ...]:
    return (before.content_hash if before else "", after.content_hash, get_language() or "")


def _compared(before: Revision | None, after: Document) -> list[str]:
    return compare(read(before), after, for_readers=True).sentences(MOST_SENTENCES)

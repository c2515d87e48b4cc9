"""Comments that stood on a page an article was imported from: they wait for a moderator here."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from articles.discussion.models import NAME_LENGTH, Comment
from articles.formats.notes import RawComment
from articles.markup.comment import clean_comment, clean_name
from articles.models import Article, RenderedArticle
from timeline.dates import DateError, parse

# Names the comments of imports, so that the same one has the same submission every time.
NAMESPACE = uuid.UUID("0d8d5a2e-6d0f-5f7a-9a55-4f1c0e2b7a11")


@transaction.atomic
def hold_imported(*, article: Article | None, comments: Sequence[RawComment]) -> int:
    """Keep the comments of a source page as held ones; how many are new.

    The same comment on the same article comes in once, however often its file is imported, and
    also when a moderator has decided about it since.
    """
    if article is None:
        return 0
    new = _new(article, comments)
    rendered = RenderedArticle.objects.filter(article=article)
    revision = rendered.values_list("revision_number", flat=True).first() or 0
    for submission, raw in new:
        Comment.objects.create(
            article=article,
            name=clean_name(raw.name)[:NAME_LENGTH],
            body=clean_comment(raw.text),
            revision=revision,
            created_at=_written_at(raw.date_text),
            submission=submission,
            imported=True,
        )
    return len(new)


def count_new(article: Article | None, comments: Sequence[RawComment]) -> int:
    """How many comments `hold_imported` would keep; of an article that is not there yet, all."""
    return len(_new(article, comments))


def _new(
    article: Article | None, comments: Iterable[RawComment]
) -> list[tuple[uuid.UUID, RawComment]]:
    """The comments that have a text and are not there yet, by their submissions."""
    found = {_submission(article, raw): raw for raw in comments if clean_comment(raw.text)}
    known = Comment.objects.filter(submission__in=found).values_list("submission", flat=True)
    there = set(known) if article else set()
    return [(submission, raw) for submission, raw in found.items() if submission not in there]


def _submission(article: Article | None, raw: RawComment) -> uuid.UUID:
    values = (str(article.pk if article else 0), raw.name, raw.date_text, raw.text)
    return uuid.uuid5(NAMESPACE, "\x1f".join(values))


def _written_at(text: str) -> datetime.datetime:
    """The day that stands there, at noon; today when it is no single day of the past."""
    now = timezone.now()
    try:
        day = datetime.date.fromisoformat(parse(text.strip("()[] ")).edtf)
    except (DateError, ValueError):
        return now
    noon = datetime.datetime.combine(day, datetime.time(12), tzinfo=datetime.UTC)
    return min(noon, now)

"""The writes of the discussion: a comment comes, is decided about, withdrawn or deleted.

Each runs in one transaction. Rows are taken before they are judged, so that two people who decide
at once, or decide while somebody answers, wait for each other.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.discussion.guests import Writer
from articles.discussion.models import Comment, steps
from articles.discussion.notices import tell_moderators
from articles.discussion.parts import TalkedAbout
from articles.models import Article, RenderedArticle, SiteSettings, User

# Statuses that a moderator can give; deleting is a function of its own.
DECISIONS = (Comment.Status.APPROVED, Comment.Status.REJECTED, Comment.Status.SPAM)


class ParentGone(Exception):
    """The comment to be answered is not there any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a form brought: who says what, about which part, in reply to whom."""

    submission: uuid.UUID
    name: str
    body: str
    email: str = ""
    about: TalkedAbout | None = None
    parent: Comment | None = None
    is_spam: bool = False


def post(*, article: Article, writer: Writer, site: SiteSettings, content: Content) -> Comment:
    """Keep a comment; the same `submission` once more gives the comment it made the first time.

    Raises ParentGone when the comment that it answers was removed meanwhile.
    """
    comment = Comment(
        article=article,
        parent=content.parent,
        user=writer.user,
        name=content.name,
        email=content.email,
        body=content.body,
        status=Comment.Status.SPAM if content.is_spam else first_status(writer, site),
        submission=content.submission,
        person=writer.person,
        network=writer.network,
    )
    try:
        with transaction.atomic():
            if content.parent and not _taken([content.parent.pk]).approved().exists():
                raise ParentGone
            _remember_part(comment, content)
            comment.save()
            if comment.status == Comment.Status.HELD:
                tell_moderators(comment)
    except IntegrityError:
        # Somebody pressed twice, and the other request was quicker.
        if found := find_submission(content.submission):
            return found
        raise
    return comment


def find_submission(submission: uuid.UUID) -> Comment | None:
    """The comment that a form made when it was sent before, or None."""
    found = Comment.objects.select_related("article", "user")
    comment: Comment | None = found.filter(submission=submission).first()
    return comment


def first_status(writer: Writer, site: SiteSettings) -> str:
    """What a new comment is: people who signed in are trusted, guests as the settings say."""
    if writer.user or site.hold_comments == SiteSettings.Hold.NONE:
        return Comment.Status.APPROVED
    if site.hold_comments == SiteSettings.Hold.FIRST and is_known(writer):
        return Comment.Status.APPROVED
    return Comment.Status.HELD


def is_known(writer: Writer) -> bool:
    """Whether a comment of this guest was approved before."""
    known = Comment.objects.approved().filter(person=writer.person)
    return not writer.is_new and bool(known.exists())


def _remember_part(comment: Comment, content: Content) -> None:
    """Keep what the comment is about, and what that said when the comment was written."""
    about, parent = content.about, content.parent
    if about:
        comment.about, comment.about_name, comment.about_text = about.anchor, about.name, about.text
    elif parent:
        # What the thread is about may have left the article; the thread is still about it.
        comment.about, comment.about_name = parent.about, parent.about_name
    rendered = RenderedArticle.objects.filter(article=comment.article_id)
    comment.revision = rendered.values_list("revision_number", flat=True).first() or 0


@transaction.atomic
def decide(*, comments: Iterable[int], status: str, by: User | None = None) -> int:
    """Give comments a status; how many of them did not have it. Deleted ones stay deleted."""
    if status not in DECISIONS:
        raise ValueError(status)
    rows = list(_taken(comments).exclude(status__in=[status, Comment.Status.DELETED]))
    Comment.objects.filter(pk__in=[row.pk for row in rows]).update(
        status=status, decided_at=timezone.now(), decided_by=by
    )
    settle(rows)
    return len(rows)


@transaction.atomic
def delete(
    *, comments: Iterable[int], by: User | None = None, only: Iterable[str] | None = None
) -> int:
    """Delete comments for good, or `only` those of these statuses; how many there were.

    Nothing of what somebody wrote is kept. A comment that was answered leaves a bare row, so that
    its answers keep their place; any other leaves nothing, and takes bare rows above it along.
    """
    wanted = _taken(comments).exclude(status=Comment.Status.DELETED)
    rows = list(wanted if only is None else wanted.filter(status__in=list(only)))
    Comment.objects.filter(pk__in=[row.pk for row in rows]).update(
        status=Comment.Status.DELETED,
        decided_at=timezone.now(),
        decided_by=by,
        user=None,
        person="",
        network="",
        **dict.fromkeys(("name", "email", "body", "html", "about_text"), ""),
    )
    settle(rows)
    # The deepest first: what answered nothing but deleted comments goes with them.
    for row in sorted(rows, key=lambda row: -row.depth):
        _prune(row.pk)
    return len(rows)


def settle(comments: Iterable[Comment]) -> None:
    """Make it true again of everything above these comments whether it is answered."""
    above = list(Comment.objects.above(comments).only("pk", "path", "root_id", "answered"))
    approved = Comment.objects.approved().filter(root__in={row.root_id for row in above})
    paths = approved.values_list("path", flat=True)
    answered = {pk for path in paths for pk in steps(path)[:-1]}
    for row in above:
        if row.answered != (row.pk in answered):
            Comment.objects.filter(pk=row.pk).update(answered=not row.answered)


def _prune(pk: int | None) -> None:
    """Remove a bare row that nothing hangs on any more, and those above it that it held up.

    A bare row of an import stays, so that the same file does not bring the comment back.
    """
    while pk:
        bare = Comment.objects.filter(pk=pk, status=Comment.Status.DELETED, imported=False)
        row = bare.exclude(replies__isnull=False).first()
        if row is None:
            return
        pk = row.parent_id
        row.delete()


def _taken(keys: Iterable[int]) -> Any:
    """The comments with these keys, with their whole threads held until the transaction ends.

    The first comment of a thread stands for all of it. Threads are taken in one order, so that two
    who want the same ones cannot wait for each other.
    """
    wanted = Comment.objects.filter(pk__in=list(keys))
    roots: list[Any] = list(wanted.order_by().values_list("root", flat=True).distinct())
    list(Comment.objects.select_for_update().filter(pk__in=roots).order_by("pk").only("pk"))
    return wanted

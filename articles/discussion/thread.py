"""What a page of a discussion shows, in one query whatever its length."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.db.models import Count, Q, Subquery, Value

from articles.addresses import address_of
from articles.discussion.models import Comment
from articles.models import Article
from articles.prepared import Prepared

PAGE_SIZE = 50
# Replies below replies step in so often, and then go on at the same place.
MOST_LEVELS = 6


@dataclass(slots=True)
class Entry:
    """A comment as a page shows it, or the placeholder of one that was removed.

    `depth` is how deep in its thread it is; `level` how far the page sets it in. `reply_to` is the
    comment that it answers where its place does not tell: that one is on an earlier page, or the
    page sets no further in. `role` is "author", "editor" or "".
    """

    pk: int
    parent: int | None
    depth: int
    is_placeholder: bool
    name: str
    role: str
    created_at: datetime.datetime
    html: str
    about: str
    about_name: str
    level: int = 0
    reply_to: int | None = None
    reply_to_name: str = ""


@dataclass(slots=True)
class DiscussionPage:
    """The comments of one page, how many there are in all, and the pages around it.

    `total` counts what can be read and placeholders alike, `readable` without placeholders.
    """

    article: Article
    entries: list[Entry] = field(default_factory=list)
    total: int = 0
    readable: int = 0
    number: int = 1

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def previous(self) -> str:
        """The address of the page before, or ''."""
        return self.page_address(self.number - 1) if self.number > 1 else ""

    @property
    def next(self) -> str:
        """The address of the page after, or ''."""
        return self.page_address(self.number + 1) if self.number < self.pages else ""

    @property
    def address(self) -> str:
        """The discussion by itself."""
        return discussion_address(self.article)

    @property
    def form_address(self) -> str:
        """Where a comment is written."""
        return form_address(self.article)

    def page_address(self, number: int) -> str:
        """The discussion from this page on."""
        return page_address(self.article, number)


COLUMNS = (
    "pk", "parent_id", "depth", "status", "name", "user__public_name", "user_id",
    "user__is_staff", "created_at", "html", "about", "about_name",
)  # fmt: skip


def discussion_page(article: Article, *, page: int = 1) -> DiscussionPage:
    """A page of the discussion of an article that the asker may see.

    One query: the number of all comments comes with the rows as a subquery, which a database
    answers once, while a window function would carry the text of every comment along. The first
    page of an empty discussion costs the same; a page behind the last one has no entries and
    `total` 0.
    """
    start = (page - 1) * PAGE_SIZE
    found = _first_rows.rows(article=article.pk) if page == 1 else _query(article.pk, start)
    rows = list(found)
    entries = [_entry(article, *row[:-2]) for row in rows]
    _set_in(entries)
    total, readable = rows[0][-2:] if rows else (0, 0)
    return DiscussionPage(article, entries, total=total, readable=readable, number=page)


def _query(article: int, start: int = 0) -> Any:
    visible = Comment.objects.filter(article=article).visible()
    counted = visible.order_by().annotate(one=Value(1)).values("one")
    count_all = counted.annotate(n=Count("pk")).values("n")
    approved = Q(status=Comment.Status.APPROVED)
    count_readable = counted.annotate(n=Count("pk", filter=approved)).values("n")
    rows = visible.in_order().annotate(total=Subquery(count_all), readable=Subquery(count_readable))
    return rows.values_list(*COLUMNS, "total", "readable")[start : start + PAGE_SIZE]


# The page that every view of the article shows.
_first_rows = Prepared(_query)


def new_entry(comment: Comment) -> Entry:
    """One approved comment as a page shows it by itself."""
    user = comment.user
    return _entry(
        comment.article,
        comment.pk,
        None,
        comment.depth,
        comment.status,
        comment.name,
        user.public_name if user else None,
        user.pk if user else None,
        bool(user and user.is_staff),
        comment.created_at,
        comment.html,
        comment.about,
        comment.about_name,
    )


def _entry(  # noqa: PLR0913, PLR0917 - the columns of a row
    article: Article,
    pk: int,
    parent: int | None,
    depth: int,
    status: str,
    name: str,
    public_name: str | None,
    user: int | None,
    is_staff: bool | None,
    created_at: datetime.datetime,
    html: str,
    about: str,
    about_name: str,
) -> Entry:
    if status != Comment.Status.APPROVED:
        # Nothing of what was taken away may reach a page, not even its day.
        return Entry(pk, parent, depth, True, "", "", created_at, "", about, about_name)
    role = "editor" if is_staff else ""
    if user and user == article.author_id:
        role = "author"
    shown = public_name or name
    return Entry(pk, parent, depth, False, shown, role, created_at, html, about, about_name)


def _set_in(entries: list[Entry]) -> None:
    """Say of each entry how far it is set in, and what it answers where that does not show."""
    seen: dict[int, Entry] = {}
    for entry in entries:
        above = seen.get(entry.parent) if entry.parent else None
        if above:
            entry.level = min(above.level + 1, MOST_LEVELS)
            if entry.level == above.level:
                entry.reply_to, entry.reply_to_name = above.pk, above.name
        elif entry.parent:
            entry.reply_to = entry.parent
        seen[entry.pk] = entry


def place_of(comment: Comment) -> str:
    """The address of a visible comment: in the article while it is there, else on its page."""
    before = Comment.objects.filter(article=comment.article_id).visible().before(comment).count()
    number = before // PAGE_SIZE + 1
    if number == 1:
        return f"{comment.article.get_absolute_url()}#comment-{comment.pk}"
    return f"{page_address(comment.article, number)}#comment-{comment.pk}"


def discussion_address(article: Article) -> str:
    """The discussion of an article by itself."""
    return address_of("articles:discussion", article.slug)


def page_address(article: Article, number: int) -> str:
    """A page of it."""
    address = discussion_address(article)
    return f"{address}?page={number}" if number > 1 else address


def form_address(article: Article, *, about: str = "", parent: int | None = None) -> str:
    """The form for a comment about a part or in reply to another."""
    address = address_of("articles:new_comment", article.slug)
    if parent:
        return f"{address}?parent={parent}"
    return f"{address}?about={quote(about)}" if about else address


def part_address(article: Article, anchor: str, *, on_article: bool) -> str:
    """Where a part can be read: on the page itself, or on the article's.

    A milestone may be far down a timeline that begins elsewhere, so its page begins with it.
    """
    if anchor.startswith("milestone-"):
        return f"{article.get_absolute_url()}?at={quote(anchor)}#{quote(anchor)}"
    here = "" if on_article else article.get_absolute_url()
    return f"{here}#{quote(anchor)}"

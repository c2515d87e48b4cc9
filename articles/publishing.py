"""The writes that touch many rows: publish, withdraw, rename, restore, and working copies.

Each runs in one transaction and takes the article's row first, so that two of them on one article
wait for each other instead of mixing.
"""

from __future__ import annotations

import datetime
from dataclasses import replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import cards, store
from articles.document import Document
from articles.models import Article, Revision, User
from articles.store import Saved


class IsWorkingCopy(ValueError):
    """Something that only an article itself can do was asked of its working copy."""


class MovedOn(ValueError):
    """The live article was changed after its working copy was made; `revision` is the newest."""

    def __init__(self, revision: Revision) -> None:
        self.revision = revision
        super().__init__(f"revision {revision.number}")


def locked(article: Article) -> Article:
    """The article as the database has it now, its row held until the transaction ends."""
    found: Article = Article.objects.select_for_update().get(pk=article.pk)
    return found


@transaction.atomic
def publish(*, article: Article, at: datetime.datetime | None = None) -> bool:
    """Put the article live, now or at the time `at`; whether that changed anything.

    Without `at` an article that was live before keeps its date. Raises IsWorkingCopy.
    """
    article = locked(article)
    if article.copy_of_id:
        raise IsWorkingCopy
    now = timezone.now()
    date = at or article.published_at or now
    if at is None and date > now:
        date = now
    if article.status == Article.Status.PUBLISHED and article.published_at == date:
        return False
    article.status = Article.Status.PUBLISHED
    article.published_at = date
    article.save(update_fields=["status", "published_at"])
    Revision.objects.settle_public(article)
    cards.draw_later(article)
    return True


@transaction.atomic
def withdraw(*, article: Article) -> bool:
    """Take the article off the site and keep it; whether that changed anything.

    A draft was never there, so it stays a draft. Raises IsWorkingCopy.
    """
    article = locked(article)
    if article.copy_of_id:
        raise IsWorkingCopy
    if article.status != Article.Status.PUBLISHED:
        return False
    article.status = Article.Status.WITHDRAWN
    article.save(update_fields=["status"])
    Revision.objects.settle_public(article)
    return True


@transaction.atomic
def rename(*, article: Article, slug: str) -> None:
    """Give the article another slug; the old one leads to it, and its working copy follows."""
    store.rename(article, slug)
    Article.objects.filter(copy_of=article).update(slug=slug)


@transaction.atomic
def restore(*, revision: Revision, author: User | None, summary: str = "") -> Saved:
    """Make the article say again what the revision says, as a new revision by `author`.

    Anchors that were retired since come back with their parts. The status stays, and what
    `restorable` says. Raises store.Refused when a later rule forbids the old text, DocumentError
    when it cannot be read.
    """
    article = locked(revision.article)
    return store.save(
        restorable(revision.read(), article),
        article=article,
        author=author,
        kind=Revision.Kind.RESTORE,
        summary=summary or _("As in revision %(number)d") % {"number": revision.number},
    )


def restorable(document: Document, article: Article) -> Document:
    """What the article will say when this document of one of its revisions is restored.

    The slug stays, and so does the author, unless the document names another person whom the site
    still knows: it has the name of that day, which the same person need not have any more.
    """
    now = article.author.public_name if article.author else ""
    is_known = document.author and User.objects.with_name(document.author)
    return replace(document, slug=article.slug, author=document.author if is_known else now)


@transaction.atomic
def start_working_copy(*, article: Article, author: User | None) -> Article:
    """The article's working copy, made now when there is none. Raises IsWorkingCopy."""
    article = locked(article)
    if article.copy_of_id:
        raise IsWorkingCopy
    if found := Article.objects.filter(copy_of=article).first():
        return found
    copy = Article.objects.create(
        copy_of=article,
        slug=article.slug,
        title=article.title,
        author=article.author,
        retired_anchors=article.retired_anchors,
    )
    kind, summary = Revision.Kind.EDIT, _("Working copy made")
    document = store.load(article)
    saved = store.save(document, article=copy, author=author, kind=kind, summary=summary)
    if saved.revision is None:
        # An article of a title alone: there was nothing to write, but a page to be made.
        store.record(copy, author=author, kind=kind, summary=summary)
    copy.refresh_from_db()
    return copy


def changes_since(copy: Article) -> Revision | None:
    """The newest revision of the live article if it is newer than its working copy, else None.

    The copy's first revision was made while the article's row was held, so keys tell what came
    later; clocks of several hosts would not.
    """
    begun = Revision.objects.filter(article=copy).order_by("number").values("pk")[:1]
    newer = Revision.objects.filter(article=copy.copy_of_id, pk__gt=begun)
    return newer.select_related("author").order_by("-number").first()


@transaction.atomic
def merge_working_copy(
    *, copy: Article, author: User | None, summary: str = "", replacing: int = 0
) -> Saved:
    """Make the article say what its working copy says, as one revision, and delete the copy.

    Raises ValueError when it is no copy, store.Refused when the text cannot be saved, and MovedOn
    when the article was changed since the copy was made, unless `replacing` is the number of the
    article's newest revision: then that one is knowingly replaced.
    """
    if copy.copy_of is None:
        raise ValueError(_("This is not a working copy."))
    article = locked(copy.copy_of)
    copy = locked(copy)
    moved = changes_since(copy)
    if moved and moved.number != replacing:
        raise MovedOn(moved)
    # The person, whose name is all that a document knows, and which two people can share.
    article.author = copy.author
    article.save(update_fields=["author"])
    kind = Revision.Kind.MERGE
    saved = store.save(store.load(copy), article=article, author=author, kind=kind, summary=summary)
    if saved.revision is None:
        # It may be that only the author is another.
        revision = store.record(article, author=author, kind=kind, summary=summary)
        saved = replace(saved, revision=revision)
    copy.delete()
    return saved

"""Documents into the database and back: the only place that does it.

`save` makes rows from a document, `load` a document from rows, `record` keeps what rows say as a
Revision. Whoever changes rows directly (the admin) calls `record` in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from articles import cards, summaries
from articles import document as documents
from articles.derived import refresh
from articles.document import PART_TYPES, Document, Part
from articles.markup import clean_line
from articles.matching import part_name, with_anchors
from articles.models import Article, Category, OldSlug, Revision, Tag, User
from articles.rows import MODELS, read_parts, settle, write_parts
from articles.slugs import make_slug
from articles.validation import Problem, problems


class Refused(ValueError):
    """A document that cannot be saved; `problems` says why, for the person who wrote it."""

    def __init__(self, found: list[Problem]) -> None:
        self.problems = found
        super().__init__("; ".join(str(problem) for problem in found))


@dataclass(frozen=True, slots=True)
class PartChange:
    """What happens to one part."""

    action: Literal["added", "changed", "removed", "kept"]
    kind: str
    anchor: str
    label: str


@dataclass(frozen=True, slots=True)
class Saved:
    """What `save` did, or `plan` would do. `revision` is None when nothing differed."""

    article: Article | None
    created: bool
    revision: Revision | None
    changes: tuple[PartChange, ...]
    published: bool = False
    differs: bool = True


def find(slug: str) -> Article | None:
    """The article with this slug, or the one that had it once; never a working copy."""
    originals = Article.objects.originals()
    return originals.filter(slug=slug).first() or originals.filter(old_slugs__slug=slug).first()


def load(article: Article) -> Document:
    """The article's rows as a canonical document. Ten queries, none when prefetched."""
    parts = {name: read_parts(article, name) for name in PART_TYPES}
    return documents.canonical(
        Document(
            title=article.title,
            slug=article.slug,
            short_answer=article.short_answer,
            language=article.language,
            category=article.category.name if article.category else "",
            tags=tuple(sorted(tag.name for tag in article.tags.all())),
            author=article.author.public_name if article.author else "",
            **parts,
        )
    )


def plan(document: Document, *, article: Article | None = None) -> Saved:
    """What `save` would do with this document; nothing is written. Raises Refused."""
    article, old, new = _prepare(document, article)
    return Saved(
        article=article,
        created=article is None,
        revision=None,
        changes=_changes(old, new),
        differs=old != new,
    )


@transaction.atomic
def save(
    document: Document,
    *,
    article: Article | None = None,
    author: User | None = None,
    kind: str = Revision.Kind.IMPORT,
    summary: str = "",
    publish: bool = False,
) -> Saved:
    """Make the article say what the document says, and record it as a revision by `author`.

    Without `article` the one with the document's slug is meant, or a new draft. Parts match by
    anchor, then as `matching` says; unchanged rows are not written, and an equal document writes
    nothing. `publish` puts the article live now. Raises Refused before anything is written.
    """
    article, old, new = _prepare(document, article)
    created = article is None
    if article is None:
        article = Article(slug=new.slug, title=new.title)
    revision = None
    if old != new:
        _write_article(article, new)
        for name in PART_TYPES:
            write_parts(article, name, getattr(new, name))
        revision = record(article, author=author, kind=kind, summary=summary)
    published = publish and not article.is_live
    if published:
        article.status = Article.Status.PUBLISHED
        article.published_at = timezone.now()
        article.save(update_fields=["status", "published_at"])
        Revision.objects.settle_public(article, at=article.published_at)
        cards.draw_later(article)
    return Saved(article, created, revision, _changes(old, new), published, old != new)


def record(
    article: Article, *, author: User | None = None, kind: str, summary: str = ""
) -> Revision | None:
    """Keep what the article's rows say as a revision, and renew everything derived from them.

    Returns None, and leaves the date of change alone, when they say what the last revision says.
    Must run in the transaction that changed the rows.
    """
    fresh = Article.objects.select_related("category", "author").get(pk=article.pk)
    document = load(fresh)
    content_hash = documents.content_hash(document)
    last = Revision.objects.latest_of(article)
    if last and last.content_hash == content_hash:
        refresh(article, document, last.number)
        Revision.objects.settle_public(fresh)
        # It may be that only the status was changed, and that nobody drew what was a draft.
        cards.draw_later(fresh)
        return None
    seen = last if last and last.public_from else Revision.objects.last_seen(article)
    revision = Revision.objects.create(
        changes=summaries.summary(document, seen),
        article=article,
        number=last.number + 1 if last else 1,
        document=documents.to_dict(document),
        content_hash=content_hash,
        author=author,
        kind=kind,
        summary=clean_line(summary)[:300],
    )
    if last:
        gone = {part.anchor for part in last.read().parts()}
        gone -= {part.anchor for part in document.parts()}
        article.retired_anchors = sorted({*article.retired_anchors, *gone})
    article.changed_at = revision.created_at
    article.save(update_fields=["changed_at", "retired_anchors"])
    Revision.objects.settle_public(fresh, at=revision.created_at)
    refresh(article, document, revision.number)
    cards.draw_later(article)
    return revision


def _prepare(
    document: Document, article: Article | None
) -> tuple[Article | None, Document | None, Document]:
    """The article meant, what it says now, and what it shall say, names and anchors settled."""
    new = documents.canonical(document)
    new = replace(new, slug=new.slug or make_slug(new.title))
    if article is None:
        article = find(new.slug)
    old = load(article) if article else None
    if article:
        # An old slug means the article under its name of today.
        new = replace(new, slug=article.slug)
    if found := problems(new):
        raise Refused(found)
    new = settle(new, old)
    new = with_anchors(new, old, article.retired_anchors if article else ())
    new = documents.canonical(new)
    if found := problems(new):
        raise Refused(found)
    return article, old, new


def _write_article(article: Article, document: Document) -> None:
    article.title = document.title
    article.short_answer = document.short_answer
    article.language = document.language
    article.category = Category.objects.named(document.category) if document.category else None
    if document.author != (article.author.public_name if article.author else ""):
        article.author = User.objects.named(document.author)
    article.save()
    article.tags.set([Tag.objects.named(name) for name in document.tags])


def _changes(old: Document | None, new: Document) -> tuple[PartChange, ...]:
    before = {part.anchor: part for part in old.parts()} if old else {}
    changes = []
    for part in new.parts():
        action: Literal["added", "changed", "kept"] = "added"
        if part.anchor in before:
            action = "kept" if before.pop(part.anchor) == part else "changed"
        changes.append(_change(action, part))
    changes.extend(_change("removed", part) for part in before.values())
    return tuple(changes)


def _change(action: Any, part: Part) -> PartChange:
    return PartChange(action, part.kind, part.anchor, part_name(part))


def rename(article: Article, slug: str) -> None:
    """Give an article another slug; the old one stays reserved and leads to it. Saves both."""
    if slug == article.slug:
        return
    with transaction.atomic():
        OldSlug.objects.filter(slug=slug, article=article).delete()
        OldSlug.objects.get_or_create(slug=article.slug, defaults={"article": article})
        article.slug = slug
        article.save(update_fields=["slug"])


def prefetched(articles: QuerySet[Article]) -> QuerySet[Article]:
    """The articles with all that `load` reads: a fixed number of queries for any number."""
    names = [MODELS[name][1] for name in PART_TYPES]
    return articles.select_related("category", "author").prefetch_related(
        "tags", *names, "milestones__tracks", "relatedterms__term"
    )

"""The articles we ship, with short discussions: put into an empty site, and taken out again."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from articles import store
from articles.discussion.models import Comment
from articles.discussion.parts import find_part
from articles.document import Document
from articles.formats import markdown_file
from articles.models import Article, Category, Revision, Source, Tag, Term, TermUse, User
from timeline.models import Track

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
# What the first revision of a sample says, by which it is known again: people's have an author.
SUMMARY = "Sample article"


def load_samples() -> int:
    """Publish the articles we ship with their comments; the number of articles.

    Raises CommandError when one cannot be read.
    """
    paths = sorted(SAMPLES.glob("*.md"))
    for path in paths:
        try:
            document = markdown_file.parse(path.read_text(encoding="utf-8"))
            article = store.save(document, publish=True, summary=SUMMARY).article
        except ValueError as error:
            raise CommandError(f"The sample {path.name} cannot be loaded: {error}") from error
        talk = path.with_suffix(".comments.json")
        if article and talk.exists():
            _load_comments(article, json.loads(talk.read_text(encoding="utf-8")))
    return len(paths)


@transaction.atomic
def _load_comments(article: Article, rows: list[dict[str, Any]]) -> None:
    """Each row has name, body, about (an anchor or ""), parent (an index or null), hours_ago."""
    article = Article.objects.select_related("rendered").get(pk=article.pk)
    made: list[Comment] = []
    for row in rows:
        part = find_part(article, row["about"]) if row["about"] else None
        written = timezone.now() - datetime.timedelta(hours=row["hours_ago"])
        made.append(
            Comment.objects.create(
                article=article,
                parent=made[row["parent"]] if row["parent"] is not None else None,
                name=row["name"],
                body=row["body"],
                about=part.anchor if part else "",
                about_name=part.name if part else "",
                about_text=part.text if part else "",
                revision=article.rendered.revision_number,
                status=Comment.Status.APPROVED,
                created_at=written,
                decided_at=written,
            )
        )


def sample_articles() -> Any:
    """The samples that are on this site, under whatever slug, with `is_edited` for each.

    An edited working copy counts as well: it would go with its sample. `has_comments` says whether
    somebody of this site wrote one; those we ship have no writer, as those have none whose writer
    is forgotten, so their texts tell.
    """
    revisions = Revision.objects.filter(article=OuterRef("pk"))
    first = revisions.filter(number=1, summary=SUMMARY, kind=Revision.Kind.IMPORT, author=None)
    edits = Revision.objects.filter(
        Q(article=OuterRef("pk")) | Q(article__copy_of=OuterRef("pk")), number__gt=1
    )
    comments = Comment.objects.filter(article=OuterRef("pk"))
    written = comments.exclude(
        user=None, person="", network="", imported=False, body__in=_shipped_comments()
    )
    return Article.objects.filter(Exists(first), copy_of=None).annotate(
        is_edited=Exists(edits), has_comments=Exists(written)
    )


def _shipped_comments() -> list[str]:
    """The texts of all comments that come with the samples."""
    talks = SAMPLES.glob("*.comments.json")
    return [row["body"] for talk in talks for row in json.loads(talk.read_text(encoding="utf-8"))]


@transaction.atomic
def unload_samples(*, with_edited: bool) -> tuple[int, list[str]]:
    """Take the samples out with their comments, and every name that nothing else uses.

    Samples that were edited or discussed here are somebody's work: they stay unless `with_edited`.
    Returns the number of articles taken out and the titles of those that stayed.
    """
    samples = list(sample_articles())
    work = [sample for sample in samples if sample.is_edited or sample.has_comments]
    kept = [] if with_edited else [sample.title for sample in work]
    gone = samples if with_edited else [sample for sample in samples if sample not in work]
    texts = Article.objects.filter(Q(pk__in=[sample.pk for sample in gone]) | Q(copy_of__in=gone))
    documents = [revision.read() for revision in Revision.objects.filter(article__in=texts)]
    cited = Source.objects.filter(references__article__in=texts)
    sources = list(cited.values_list("pk", flat=True))
    for sample in gone:
        sample.delete()
    for document in documents:
        _remove_names(document)
    Source.objects.filter(pk__in=sources, references=None).delete()
    return len(gone), kept


def _remove_names(document: Document) -> None:
    """Remove the site-wide rows that the document named, where nothing else needs them now."""
    tracks = {name for milestone in document.timeline for name in milestone.tracks}
    Track.objects.filter(name__in=tracks, milestones=None).delete()
    Category.objects.filter(name=document.category, articles=None).delete()
    Tag.objects.filter(name__in=document.tags, articles=None).delete()
    terms = [related.term for related in document.related_terms]
    for term in Term.objects.filter(name__in=terms, article=None, related_in=None):
        if not _is_linked(term):
            term.delete()
    authors = User.objects.filter(public_name=document.author, is_active=False, last_login=None)
    authors.filter(articles=None).delete()


def _is_linked(term: Term) -> bool:
    return TermUse.objects.filter(folded__in=term.names.values("folded")).exists()

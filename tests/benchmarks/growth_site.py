"""A site of any size for the benchmark of growth, written in bulk.

The articles are those of the benchmark of searching. What stands around them (milestones, sources,
names, comments, revisions) is written here as the site would write it, but thousands of rows at a
time.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import batched, count
from typing import Any

BATCH = 500
TRACKS = 6


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of each thing: on the site, or of one article where it says so."""

    articles: int
    milestones: int
    milestones_of_one: int
    comments_of_one: int
    revisions_of_one: int
    names: int
    citations: int


SMALL = Size(10, 10, 10, 10, 3, 3, 10)
LARGE = Size(100_000, 100_000, 10_000, 10_000, 10_000, 10_000, 100_000)


def make_growth_site(size: Size) -> None:
    """Articles, and all that hangs on them, in an empty database."""
    from tests.benchmarks import search_site

    search_site.make_site(size.articles)
    add_around(size)


def add_around(size: Size) -> None:
    """Everything but the articles of `search_site`, which are there."""
    from django.db import connection, transaction

    from articles.models import Article
    from timeline.models import Track

    with transaction.atomic():
        _follow_keys()
        tracks = [Track.objects.named(f"Track {number}") for number in range(TRACKS)]
        articles = list(Article.objects.order_by("pk").only("pk", "category_id", "title"))
        _add_names(articles, size.names)
        _add_citations(articles, size.citations)
        _add_milestones(spread(articles, size.milestones), tracks)
        _add_long_articles(size, tracks)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _follow_keys() -> None:
    """Let PostgreSQL number articles behind those that were written with their keys."""
    from django.core.management.color import no_style
    from django.db import connection

    from articles.models import Article

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Article]):
            cursor.execute(statement)


def spread(articles: list[Any], number: int) -> Iterator[tuple[Any, int]]:
    """So many pairs of an article and a running number, the articles in turn."""
    for index in range(number):
        yield articles[index % len(articles)], index


def _in_bulk(model: Any, rows: Iterable[Any]) -> None:
    for some in batched(rows, 20 * BATCH, strict=False):
        model.objects.bulk_create(some, batch_size=BATCH)


# Names --------------------------------------------------------------------------------------------


def _add_names(articles: list[Any], number: int) -> None:
    """Categories, tags, authors and terms; articles are on two tags and by one author."""
    from django.db.models import F

    from articles.models import Article, Category, Tag, Term, TermName, TermUse, User

    numbers = range(number)
    _in_bulk(Category, (Category(name=f"Category {n}", slug=f"category-{n}") for n in numbers))
    _in_bulk(Tag, (Tag(name=f"Tag {n}", slug=f"tag-{n}") for n in numbers))
    _in_bulk(
        User,
        (
            User(username=f"author-{n}", public_name=f"Author {n}", slug=f"author-{n}")
            for n in numbers
        ),
    )
    _in_bulk(
        Term,
        (
            Term(name=f"{chr(97 + n % 26)}term {n}", slug=f"growth-{n}", definition="What it is.")
            for n in numbers
        ),
    )
    terms = list(Term.objects.filter(slug__startswith="growth-").order_by("pk"))
    _in_bulk(TermName, (TermName.of(term, term.name, is_alias=False) for term in terms))
    categories, tags, authors = (
        list(rows.order_by("pk").values_list("pk", flat=True))
        for rows in (
            Category.objects.filter(slug__startswith="category-"),
            Tag.objects.filter(slug__startswith="tag-"),
            User.objects.filter(slug__startswith="author-"),
        )
    )
    first = articles[0].pk
    # Every other article stays in the subjects that it has.
    own = Article.objects.filter(pk__gte=first).annotate(place=(F("pk") - first) % (2 * number))
    own.filter(place__lt=number).update(
        category_id=categories[0] + (F("pk") - first) % (2 * number)
    )
    own.update(author_id=authors[0] + (F("pk") - first) % number)
    through: Any = Article.tags.through
    _in_bulk(
        through,
        (
            through(article_id=article.pk, tag_id=tag)
            for index, article in enumerate(articles)
            for tag in {tags[index % number], tags[0]}
        ),
    )
    _in_bulk(
        TermUse,
        (
            TermUse(
                article=article,
                part_anchor="section-0",
                name=terms[n % 7 and index % number].name,
                folded=terms[n % 7 and index % number].name.casefold(),
                label="A section",
                excerpt="A sentence in which the term stands, as they are long.",
            )
            for index, article in enumerate(articles)
            for n in (0, 1)
        ),
    )


def _add_citations(articles: list[Any], number: int) -> None:
    """Every fifth citation is of one source, the others of many; all have entries."""
    from articles.models import Citation, Reference, Source
    from articles.models.references import source_digest

    def source(index: int) -> int:
        return 0 if index % 5 == 0 else index % max(2, number // 5)

    identities = [f"https://example.org/source/{n}" for n in range(max(2, number // 5))]
    _in_bulk(Source, (Source(identity=text, digest=source_digest(text)) for text in identities))
    found = dict(Source.objects.values_list("identity", "pk"))
    keys = [found[text] for text in identities]
    pairs = list(spread(articles, number))
    _in_bulk(
        Reference,
        (
            Reference(
                article=article,
                anchor=f"reference-key{index}",
                key=f"key{index}",
                title=f"Source {source(index)}",
                url=identities[source(index)],
                source_id=keys[source(index)],
            )
            for article, index in pairs
        ),
    )
    _in_bulk(
        Citation,
        (
            Citation(
                article=article,
                part_anchor="section-0",
                key=f"key{index}",
                source_id=keys[source(index)],
                label="A section",
                excerpt="A sentence that leans on it, as they are long.",
            )
            for article, index in pairs
        ),
    )


# Milestones ---------------------------------------------------------------------------------------


def _add_milestones(pairs: Iterable[tuple[Any, int]], tracks: list[Any]) -> None:
    """Milestones of all ages, each on one track."""
    from timeline.models import Milestone

    through: Any = Milestone.tracks.through
    for some in batched(pairs, 20 * BATCH, strict=False):
        rows = [_milestone(article, number, tracks) for article, number in some]
        made = Milestone.objects.bulk_create(rows, batch_size=BATCH)
        _in_bulk(
            through,
            (
                through(milestone_id=row.pk, track_id=tracks[number % len(tracks)].pk)
                for row, (_article, number) in zip(made, some, strict=True)
            ),
        )


def _milestone(article: Any, number: int, tracks: list[Any]) -> Any:
    from articles.markup import searchable
    from timeline.models import Milestone

    year = (number * 7919 + article.pk * 104_729) % 2600 - 500
    title = f"Event {number} of {article.title}"[:300]
    row = Milestone(
        article=article,
        anchor=f"milestone-more-{number}",
        position=number,
        date=f"-{-year:04}" if year < 0 else f"{year:04}-{number % 12 + 1:02}",
        title=title,
        html="<p>What happened then, in a sentence of the usual length.</p>",
        words=searchable(f"{title} what happened then in a sentence of the usual length"),
    )
    row.fill_derived()
    return row


# Single articles that are large -------------------------------------------------------------------


def _add_long_articles(size: Size, tracks: list[Any]) -> None:
    """One of many milestones, one with a long discussion, one of many revisions."""
    from tests.articles.bridges import make_article, make_long_document

    usual = make_long_document(parts=6, milestones=6)
    long = make_article(document=replace(usual, title="Long", slug="long"))
    _add_milestones(((long, number) for number in range(size.milestones_of_one)), tracks)
    talked = make_article(document=replace(usual, title="Talked about", slug="talked-about"))
    _add_comments(talked, size.comments_of_one)
    edited = make_article(document=replace(usual, title="Edited", slug="edited"))
    _add_revisions(edited, size.revisions_of_one)


def _add_comments(article: Any, number: int) -> None:
    """A discussion in which every third comment begins a thread."""
    from django.core.management.color import no_style
    from django.db import connection
    from django.db.models import Max

    from articles.discussion.models import Comment, step
    from articles.markup.comment import render_comment

    body = "A comment of *some* length, with [a link](https://example.org/) in it."
    html = render_comment(body).html
    last = Comment.objects.aggregate(last=Max("pk"))["last"] or 0
    parent: Any = None
    rows: list[Any] = []
    for pk, index in zip(count(last + 1), range(number)):
        parent = parent if index % 3 else None
        rows.append(
            Comment(
                pk=pk,
                article=article,
                parent=parent,
                root_id=parent.root_id if parent else pk,
                path=(parent.path if parent else "") + step(pk),
                depth=parent.depth + 1 if parent else 0,
                answered=index % 3 < 2,
                name=f"Reader {index}",
                body=body,
                html=html,
                status=Comment.Status.APPROVED,
            )
        )
        parent = rows[-1]
    _in_bulk(Comment, rows)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Comment]):
            cursor.execute(statement)


def _add_revisions(article: Any, number: int) -> None:
    """Revisions that differ in their short answers, all of them public."""
    from articles import document as documents
    from articles.models import Revision

    last = Revision.objects.latest_of(article)
    assert last is not None
    document = last.read()
    begin = last.created_at

    def revision(index: int) -> Any:
        changed = replace(document, short_answer=f"Said for the {index}th time.")
        return Revision(
            article=article,
            number=last.number + index,
            document=documents.to_dict(changed),
            content_hash=documents.content_hash(changed),
            kind=Revision.Kind.EDIT,
            summary=f"Change {index}",
            public_from=begin + datetime.timedelta(milliseconds=index),
        )

    _in_bulk(Revision, (revision(index) for index in range(1, number + 1)))

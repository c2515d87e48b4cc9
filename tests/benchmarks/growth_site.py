"""A site of any size for the benchmark of growth, written in bulk.

The articles are those of the benchmark of searching. What stands around them (milestones, sources,
names, comments, revisions) is written here as the site would write it, but thousands of rows at a
time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import batched
from typing import Any

from tests.benchmarks.growth_long import BATCH, add_comments, add_revisions, follow_keys, in_bulk

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
        follow_keys(Article)
        tracks = [Track.objects.named(f"Track {number}") for number in range(TRACKS)]
        articles = list(Article.objects.order_by("pk").only("pk", "category_id", "title"))
        _add_names(articles, size.names)
        _add_citations(articles, size.citations)
        _add_milestones(spread(articles, size.milestones), tracks)
        _add_long_articles(size, tracks)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def spread(articles: list[Any], number: int) -> Iterator[tuple[Any, int]]:
    """So many pairs of an article and a running number, the articles in turn."""
    for index in range(number):
        yield articles[index % len(articles)], index


# Names --------------------------------------------------------------------------------------------


def _add_names(articles: list[Any], number: int) -> None:
    """Categories, tags, authors and terms; articles are on two tags and by one author."""
    from django.db.models import F

    from articles.models import Article, Category, Tag, Term, TermName, TermUse, User

    numbers = range(number)
    in_bulk(Category, (Category(name=f"Category {n}", slug=f"category-{n}") for n in numbers))
    in_bulk(Tag, (Tag(name=f"Tag {n}", slug=f"tag-{n}") for n in numbers))
    in_bulk(
        User,
        (
            User(username=f"author-{n}", public_name=f"Author {n}", slug=f"author-{n}")
            for n in numbers
        ),
    )
    in_bulk(
        Term,
        (
            Term(name=f"{chr(97 + n % 26)}term {n}", slug=f"growth-{n}", definition="What it is.")
            for n in numbers
        ),
    )
    terms = list(Term.objects.filter(slug__startswith="growth-").order_by("pk"))
    in_bulk(TermName, (TermName.of(term, term.name, is_alias=False) for term in terms))
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
    in_bulk(
        through,
        (
            through(article_id=article.pk, tag_id=tag)
            for index, article in enumerate(articles)
            for tag in {tags[index % number], tags[0]}
        ),
    )
    in_bulk(
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
    in_bulk(Source, (Source(identity=text, digest=source_digest(text)) for text in identities))
    found = dict(Source.objects.values_list("identity", "pk"))
    keys = [found[text] for text in identities]
    pairs = list(spread(articles, number))
    in_bulk(
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
    in_bulk(
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
        in_bulk(
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
    add_comments(talked, size.comments_of_one)
    edited = make_article(document=replace(usual, title="Edited", slug="edited"))
    add_revisions(edited, size.revisions_of_one)

"""Where a term, a source or an article is used: the very parts, grouped by article.

Each query gives rows of USE in the order of the articles' titles, and starts from live articles. A
page of them is made into articles with their parts by `grouped`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from urllib.parse import quote

from django.db.models import CharField, F, IntegerField, QuerySet, TextField, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.models import Article, Citation, RelatedTerm, Source, Term, TermUse
from articles.related import names_of

# How the anchors of the parts begin that carry the day of their check.
STATEMENTS = ("infobox-row-", "fact-", "milestone-")
# In the order in which rows are sorted: by article, what its texts say before what it lists.
ORDER = ("title_folded", "article_id", "rank", "pk")
USE = (*ORDER, "title", "slug", "language", "part", "called", "said")


def uses_of_term(term: Term) -> QuerySet[Any]:
    """The links to a term in the texts of live articles, and its places among related terms."""
    names = list(term.names.values_list("folded", flat=True))
    return _links(TermUse.objects.filter(folded__in=names), RelatedTerm.objects.filter(term=term))


def links_to(article: Article) -> QuerySet[Any]:
    """The links to an article in the texts of others, by its title or by a term about it."""
    texts = TermUse.objects.filter(folded__in=names_of(article))
    named = RelatedTerm.objects.filter(term__article=article)
    return _links(texts.exclude(article=article), named.exclude(article=article))


def uses_of_source(source: Source) -> QuerySet[Any]:
    """The citations of a source in live articles, with `place` and `checked` beside USE."""
    cited = _rows(Citation.objects.filter(source=source), 0, **IN_TEXT)
    return cited.values(*USE, "place", "checked").order_by(*ORDER)


# What a row of the index of uses says of its part.
IN_TEXT = {"part": F("part_anchor"), "called": F("label"), "said": F("excerpt")}


def _links(texts: QuerySet[Any], named: QuerySet[Any]) -> QuerySet[Any]:
    nothing = {"called": Value("", CharField()), "said": Value("", TextField())}
    listed = _rows(named, 1, part=F("anchor"), **nothing).values(*USE)
    return _rows(texts, 0, **IN_TEXT).values(*USE).union(listed, all=True).order_by(*ORDER)


def _rows(rows: QuerySet[Any], rank: int, **part: Any) -> QuerySet[Any]:
    return (
        rows.filter(Article.objects.live().of())
        .order_by()
        .annotate(
            title_folded=F("article__title_folded"),
            rank=Value(rank, IntegerField()),
            title=F("article__title"),
            slug=F("article__slug"),
            language=F("article__language"),
            **part,
        )
    )


# Pages of them --------------------------------------------------------------------------------


@dataclass(slots=True)
class Use:
    """One part that uses something: its address, what it is, and what it says."""

    address: str
    kind: str
    label: str
    text: str
    places: list[str] = field(default_factory=list)
    checked: datetime.date | None = None
    # A statement that nobody compared with the source in question yet.
    is_unchecked: bool = False


@dataclass(frozen=True, slots=True)
class ArticleUses:
    """An article, and its parts that use something, in reading order."""

    title: str
    address: str
    language: str
    uses: list[Use]


def grouped(rows: Iterable[Mapping[str, Any]]) -> list[ArticleUses]:
    """The articles of these rows with their parts; a part that says it twice stands once."""
    articles = []
    for _article, group in groupby(rows, key=lambda row: row["article_id"]):
        own = list(group)
        address = reverse("articles:article", args=[own[0]["slug"]])
        uses: dict[tuple[str, str], Use] = {}
        for row in own:
            key = (row["part"], row["said"])
            use = uses.setdefault(key, _use(row, address))
            place = row.get("place", "")
            if place and place not in use.places:
                use.places.append(place)
        articles.append(
            ArticleUses(own[0]["title"], address, own[0]["language"], list(uses.values()))
        )
    return articles


def _use(row: Mapping[str, Any], article: str) -> Use:
    anchor = row["part"]
    # An article shows its timeline a page at a time: the address says which page.
    page = f"?at={quote(anchor)}" if anchor.startswith("milestone-") else ""
    kind = kind_of(anchor)
    return Use(
        address=f"{article}{page}#{quote(anchor)}",
        kind=kind,
        label=row["called"] or kind,
        text=row["said"] if row["said"] != row["called"] else "",
        checked=row.get("checked"),
        is_unchecked="checked" in row and not row["checked"] and anchor.startswith(STATEMENTS),
    )


def kind_of(anchor: str) -> str:
    """What a part is, in the reader's words, by its anchor."""
    kinds = (
        ("short-answer", _("Short answer")),
        ("infobox-row-", _("Infobox")),
        ("section-", _("Section")),
        ("fact-", _("Fact")),
        ("milestone-", _("Timeline")),
        ("related-term-", _("Related terms")),
        ("question-", _("Question")),
    )
    return next((name for prefix, name in kinds if anchor.startswith(prefix)), anchor)

"""The page of a revision: the article as it read then, made from its document alone.

Today's rows are asked only where the names in it lead.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import F
from django.http import QueryDict
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language

from articles.document import Document
from articles.kept import Kept
from articles.markup import fold
from articles.models import Article, RenderedArticle, Revision, SiteSettings, Term
from articles.page import ArticlePage
from articles.page_names import PageNames, RelatedName
from articles.past import Past, PastMilestones
from articles.rendering import RenderedMilestone, Rendering, render
from timeline.pages import MilestoneEntry

# Marks of tracks differ in shape and colour up to this number; see `timeline.view`.
MARKS = 6
# Rendered once for all pages of a long timeline; what a revision says never changes.
_renderings: Kept[Rendering] = Kept(most=4)


def revision_page(
    revision: Revision, document: Document, site: SiteSettings, at: str = ""
) -> tuple[Article, ArticlePage]:
    """The article of that time, which is no row, and its page. Costs two queries.

    `revision` comes with its article, and `document` is what it reads as. `at` is the anchor of the
    milestone that its timeline begins with, where it is long.
    """
    key = (revision.content_hash, get_language())
    rendering = _renderings.get(key, lambda: render(document))
    article = Article(
        pk=revision.article_id,
        slug=revision.article.slug,
        title=document.title,
        short_answer=document.short_answer,
        language=document.language,
    )
    article.rendered = RenderedArticle(
        page=rendering.page, last_verified=_day(rendering.last_verified)
    )
    past = Past(
        _names(document, rendering.page["terms"], revision.article),
        PastMilestones(_milestones(document, rendering.milestones), at),
        localdate(revision.public_from or revision.created_at),
    )
    page = ArticlePage(article, site, QueryDict(), past=past)
    cite = reverse("articles:cite", args=[article.slug])
    page.text.cite = f"{cite}?revision={revision.number}&part="
    return article, page


def _day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _milestones(document: Document, rendered: dict[str, RenderedMilestone]) -> list[MilestoneEntry]:
    names = sorted({name for milestone in document.timeline for name in milestone.tracks})
    marks = {name: index % MARKS + 1 for index, name in enumerate(names)}
    return [
        MilestoneEntry(
            pk=0,
            anchor=milestone.anchor,
            date=milestone.date,
            title=milestone.title,
            html=rendered[milestone.anchor].html,
            sourced=rendered[milestone.anchor].sourced,
            checked=_day(milestone.checked),
            tracks=tuple((name, marks[name]) for name in milestone.tracks),
        )
        for milestone in document.timeline
    ]


def _names(document: Document, links: list[str], article: Article) -> PageNames:
    """The tags and terms as they were; links lead where such names lead today, if anywhere."""
    related = [fold(related.term) for related in document.related_terms]
    targets = _targets({*links, *related})
    targets.pop(fold(article.title), None)
    return PageNames(
        tags=[(name, "") for name in document.tags],
        targets=targets,
        related_terms=tuple(
            RelatedName(part.anchor, part.term, part.definition, targets.get(name, ""))
            for part, name in zip(document.related_terms, related, strict=True)
        ),
    )


def _targets(names: set[str]) -> dict[str, str]:
    """Folded names -> the public terms and live articles of that name today."""
    titles = Article.objects.live().filter(title_folded__in=names)
    targets = {
        title: reverse("articles:article", args=[slug])
        for title, slug in titles.values_list("title_folded", "slug")
    }
    terms: Any = Term.objects.public().filter(names__folded__in=names)
    for term in terms.select_related("article").annotate(folded=F("names__folded")):
        is_live = term.article is not None and term.article.is_live
        targets[term.folded] = (term.article if is_live else term).get_absolute_url()
    return targets

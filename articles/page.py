"""What the article page shows, in a fixed number of queries whatever the number of parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from string import ascii_lowercase
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from articles.fixed_parts import FixedParts
from articles.kept import Kept
from articles.models import Article, Reference, SiteSettings
from articles.page_names import PageNames, read_names
from articles.page_text import DatedStatement, PageText, Statement
from articles.past import Past, PastTimeline
from articles.standing import UNCHECKED, Standing
from timeline import view as timeline_view

# Statements named below "what is missing"; the survey counts them all.
MISSING_SHOWN = 12
# What an address says of a timeline; anything else is not about the page.
CHOOSING = {"at", "from", "q", "to", "track"}


class ArticleTimeline:
    """The timeline of an article, with its milestones as statements."""

    def __init__(
        self, article: Article, text: PageText, data: QueryDict, *, address: str = ""
    ) -> None:
        self.text = text
        self.view = timeline_view.of_article(article, data, address=address)
        self.milestones: list[DatedStatement] = [
            text.milestone(row) for row in self.view.page.milestones
        ]


def article_timeline(
    article: Article,
    site: SiteSettings,
    data: QueryDict,
    *,
    for_editor: bool = False,
    address: str = "",
) -> ArticleTimeline:
    """The timeline of an article alone, with the numbers that its citations have on the page.

    `address` is that of a page that shows nothing else; without it the timeline is a part of the
    article's own page.
    """
    names = read_names(article)
    if address:
        text = PageText(article, site, names.targets, for_editor=for_editor)
        text.references = article.get_absolute_url()
    else:
        text = FixedParts.of(article, site, names.targets, for_editor=for_editor).text.again()
    return ArticleTimeline(article, text, data, address=address)


@dataclass(frozen=True, slots=True)
class Regions:
    """The timeline of a view and what follows from it: uses of references, and what is missing.

    `kept` has what was drawn of them: views of the whole timeline share it.
    """

    text: PageText
    timeline: ArticleTimeline | PastTimeline
    references: list[dict[str, Any]]
    missing: tuple[Statement, ...]
    kept: Kept[Any] = field(default_factory=lambda: Kept(most=20))


class ArticlePage:
    """The public page of one article. Reading its attributes costs no further query.

    `article` comes with `rendered` (select_related); `data` is the query string, which filters the
    timeline. `for_editor` shows missing sources; `address` is where this page is when it is not the
    article's own. With `past` it is the page as it was, and nothing is asked for.
    """

    def __init__(
        self,
        article: Article,
        site: SiteSettings,
        data: QueryDict,
        *,
        for_editor: bool = False,
        address: str = "",
        past: Past | None = None,
    ) -> None:
        self.page: dict[str, Any] = article.rendered.page
        names = past.names if past else read_names(article)
        self.tags = names.tags
        self.related_terms = names.related_terms
        if past:
            text = PageText(article, site, names.targets, for_editor=for_editor)
            past.settle(text, site)
            self.fixed = FixedParts(self.page, text)
        else:
            self.fixed = FixedParts.of(article, site, names.targets, for_editor=for_editor)
        self.short_answer = self.fixed.short_answer
        self.infobox = self.fixed.infobox
        self.sections = self.fixed.sections
        self.facts = self.fixed.facts
        self.questions = self.fixed.questions
        self.survey = self.fixed.survey

        def make() -> Regions:
            text = self.fixed.text.again()
            # In reading order, so that the uses of a reference are lettered as they stand.
            text.meet(self.fixed.before)
            if past:
                timeline: Any = PastTimeline(text, past.milestones)
            else:
                timeline = ArticleTimeline(article, text, data, address=address)
            text.meet(self.fixed.after)
            references = listed_references(text, self.page["references"])
            return Regions(text, timeline, references, self._missing(timeline))

        key = None if past or CHOOSING & data.keys() else whole_timeline(article, names)
        regions = self.fixed.text.kept.get((*key, address), make) if key else make()
        self.text, self.timeline = regions.text, regions.timeline
        self.references, self.missing = regions.references, regions.missing
        self.kept = regions.kept
        self.about = _about(article, names)
        self.contents = self._contents()
        if not past:
            self.contents += (("discussion", _("Discussion"), 2),)

    @property
    def part_count(self) -> int:
        """How many entries the contents have."""
        return len(self.contents)

    @property
    def question_sources(self) -> list[dict[str, Any]]:
        """The references that the answers cite, each once."""
        entries = {entry["key"]: entry for prose in self.questions for entry in prose.sources}
        return list(entries.values())

    def _contents(self) -> tuple[tuple[str, str, int], ...]:
        """Anchor, name and level of everything the contents lead to, in page order."""
        entries = [("short-answer", _("Short answer"), 2)]
        for section in self.sections:
            entries.append((section.anchor, section.heading, 2))
            entries += [(child.anchor, child.heading, 3) for child in section.children]
        regions = (
            (self.facts, "facts", _("Important facts")),
            (self.timeline.view.total, "timeline", _("Timeline")),
            (self.related_terms, "related-terms", _("Related terms")),
            (self.questions, "faq", _("Questions")),
            (self.references, "references", _("References")),
        )
        return (*entries, *((anchor, name, 2) for shown, anchor, name in regions if shown))

    # What is missing ------------------------------------------------------------------------------

    def _missing(self, timeline: ArticleTimeline | PastTimeline) -> tuple[Statement, ...]:
        """The first statements that want something, in reading order.

        Those that want a source or a new check come before those that were never checked.
        """
        statements = [*self.infobox, *self.facts, *timeline.milestones]
        wanting = [item for item in statements if item.sign not in (Standing.SOURCED, UNCHECKED)]
        wanting += [item for item in statements if item.sign == UNCHECKED]
        return tuple(wanting[:MISSING_SHOWN])

    @property
    def more_missing(self) -> int:
        """How many statements want something beside those that `missing` names."""
        settled = self.survey.count(Standing.SOURCED)
        return self.survey.total - settled - len(self.missing)


def _about(article: Article, names: PageNames) -> tuple[Any, ...]:
    """What the page says of its article above and below the text: to keep what is drawn by it."""
    category, author, rendered = article.category, article.author, article.rendered
    return (
        article.title,
        article.short_answer,
        article.is_live,
        article.published_at,
        article.changed_at,
        (category.name, category.slug) if category else None,
        (author.public_name, author.slug) if author else None,
        rendered.last_verified,
        rendered.revision_number,
        tuple(names.tags),
    )


def whole_timeline(article: Article, names: PageNames) -> tuple[Any, ...] | None:
    """What the timeline without any choice depends on, beside the fixed parts; None: not known.

    The stored page, which is kept by its text, has a digest of the milestones. It may have been
    read just before others were written: the number of the revision never comes again.
    """
    if "milestones" not in article.rendered.page:
        return None
    return "regions", names.tracks, article.rendered.revision_number


def listed_references(text: PageText, references: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """References as their list shows them: with the uses that `text` has met, and their kinds."""
    kinds = dict(Reference.Kind.choices) | {Reference.Kind.OTHER.value: ""}
    uses = text.uses
    return [
        ref
        | {
            "uses": [(letters(index), use) for index, use in enumerate(uses[ref["key"]])],
            "elsewhere": max(0, ref["cited"] - len(uses[ref["key"]])),
            "kind_label": kinds.get(ref["source_kind"], ""),
        }
        for ref in references
    ]


class FactsPage:
    """The short answer and the facts of an article, with the sources of these alone.

    Citations have the numbers that they have on the whole page. Costs one query.
    """

    def __init__(self, article: Article, site: SiteSettings, *, for_editor: bool = False) -> None:
        page: dict[str, Any] = article.rendered.page
        names = read_names(article)
        self.text = PageText(article, site, names.targets, for_editor=for_editor)
        self.short_answer = self.text.prose(
            {"anchor": "short-answer", "heading": ""} | page["short_answer"]
        )
        self.facts = [self.text.statement(fact) for fact in page["facts"]]
        uses = self.text.uses
        self.references = listed_references(
            self.text,
            [
                ref | {"cited": len(uses[ref["key"]])}
                for ref in page["references"]
                if ref["key"] in uses
            ],
        )


def letters(index: int) -> str:
    """The letters of the use with this index: a … z, then aa, ab and so on."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = ascii_lowercase[rest] + text
    return text

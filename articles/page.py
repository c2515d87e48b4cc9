"""What the article page shows, in a fixed number of queries whatever the number of parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from string import ascii_lowercase
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.anchors import is_anchor
from articles.markup import Use, fill
from articles.models import Article, Reference, SiteSettings, TermName
from articles.standing import Standing, stale_before, standing_of
from articles.survey import Survey, survey
from timeline.models import Milestone

# Milestones shown at once; the others are on pages of their own.
MILESTONES_SHOWN = 50
# Statements named below "what is missing"; the survey counts them all.
MISSING_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Prose:
    """A piece of text with its citations inline, ready for the template."""

    anchor: str
    heading: str
    html: SafeString
    sources: list[dict[str, Any]]
    level: int = 2
    children: list[Prose] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Statement:
    """An infobox row, a fact or a milestone with what is known about it."""

    anchor: str
    label: str
    html: SafeString
    standing: Standing
    checked: str
    uses: tuple[Use, ...]
    milestone: Milestone | None = None


@dataclass(slots=True)
class TimelinePage:
    """The milestones of one page, and the way to the pages before and after."""

    milestones: list[Milestone]
    total: int
    before: str = ""
    after: str = ""
    is_first: bool = True

    @property
    def is_whole(self) -> bool:
        """Whether every milestone of the article is here."""
        return len(self.milestones) == self.total


class ArticlePage:
    """The public page of one article. Reading its attributes costs no further query.

    `article` comes with `rendered` (select_related); `at` is the anchor of the milestone that the
    timeline begins with, anything else begins it at its start. `for_editor` shows missing sources.
    """

    def __init__(
        self, article: Article, site: SiteSettings, *, at: str = "", for_editor: bool = False
    ) -> None:
        self.article = article
        self.for_editor = for_editor
        self.page: dict[str, Any] = article.rendered.page
        self.stale_before = stale_before(timezone.localdate(), site.stale_after_months)
        self.by_key: dict[str, dict[str, Any]] = {
            ref["key"]: ref for ref in self.page["references"]
        }
        self.numbers = {key: ref["number"] for key, ref in self.by_key.items()}
        self.targets = term_targets(article)
        self.uses: dict[str, list[Use]] = defaultdict(list)
        self.tags = list(article.tags.all())
        self.timeline = timeline_page(article, self.milestone_count, at)

        # In reading order, so that the uses of a reference are lettered as they stand.
        self.short_answer = self._prose(
            {"anchor": "short-answer", "heading": ""} | self.page["short_answer"]
        )
        self.infobox = [self._statement(row, cites="inline") for row in self.page["infobox"]]
        self.sections = self._sections()
        self.facts = [self._statement(fact) for fact in self.page["facts"]]
        self.milestones = [self._milestone(row) for row in self.timeline.milestones]
        self.questions = [
            self._prose(question | {"heading": question["question"]}, top_heading=4)
            for question in self.page["questions"]
        ]
        self.related_terms = self._related_terms()
        self.references = self._references()
        self.survey = self._survey()
        self.missing = self._missing()

    @property
    def milestone_count(self) -> int:
        """How many milestones the article has."""
        return sum(count for _sourced, _checked, count in self.page["timeline"])

    @property
    def part_count(self) -> int:
        """How many entries the contents have."""
        return len(self.contents)

    @property
    def question_sources(self) -> list[dict[str, Any]]:
        """The references that the answers cite, each once."""
        entries = {entry["key"]: entry for prose in self.questions for entry in prose.sources}
        return list(entries.values())

    @property
    def contents(self) -> list[tuple[str, str, int]]:
        """Anchor, name and level of everything the contents lead to, in page order."""
        entries = [("short-answer", _("Short answer"), 2)]
        for section in self.sections:
            entries.append((section.anchor, section.heading, 2))
            entries += [(child.anchor, child.heading, 3) for child in section.children]
        regions = (
            (self.facts, "facts", _("Important facts")),
            (self.timeline.total, "timeline", _("Timeline")),
            (self.related_terms, "related-terms", _("Related terms")),
            (self.questions, "faq", _("Questions")),
            (self.references, "references", _("References")),
        )
        entries += [(anchor, name, 2) for shown, anchor, name in regions if shown]
        return [*entries, ("discussion", _("Discussion"), 2)]

    # Text ---------------------------------------------------------------------------------------

    def _fill(self, part: dict[str, Any], **options: Any) -> Any:
        filled = fill(
            part["html"],
            numbers=self.numbers,
            targets=self.targets,
            part=part["anchor"],
            show_missing=self.for_editor,
            **options,
        )
        for use in filled.uses:
            self.uses[use.key].append(use)
        return filled

    def _prose(self, part: dict[str, Any], **options: Any) -> Prose:
        filled = self._fill(part, **options)
        keys = dict.fromkeys(use.key for use in filled.uses)
        return Prose(
            anchor=part["anchor"],
            heading=part["heading"],
            html=filled.html,
            sources=[self.by_key[key] for key in keys],
            level=part.get("level", 2),
        )

    def _sections(self) -> list[Prose]:
        """Sections with their subsections; one that comes before any section stands by itself."""
        sections: list[Prose] = []
        for part in self.page["sections"]:
            level = part["level"] if sections else 2
            prose = self._prose(part | {"level": level}, top_heading=3 if level == 2 else 4)
            (sections if level == 2 else sections[-1].children).append(prose)
        return sections

    def _statement(self, part: dict[str, Any], cites: str = "pulled") -> Statement:
        filled = self._fill(part, cites=cites)
        return Statement(
            anchor=part["anchor"],
            label=part["label"],
            html=filled.html,
            standing=self._standing(part["sourced"], part["checked"]),
            checked=part["checked"],
            uses=filled.uses,
        )

    def _milestone(self, row: Milestone) -> Statement:
        checked = row.checked.isoformat() if row.checked else ""
        filled = self._fill({"anchor": row.anchor, "html": row.html}, cites="pulled")
        standing = self._standing(row.sourced, checked)
        return Statement(row.anchor, row.title, filled.html, standing, checked, filled.uses, row)

    def _standing(self, sourced: bool, checked: str) -> Standing:
        return standing_of(sourced=sourced, checked=checked, stale_before=self.stale_before)

    # Terms and references ------------------------------------------------------------------------

    def _related_terms(self) -> list[dict[str, Any]]:
        if not self.page["related_terms"]:
            return []
        rows = self.article.relatedterms.select_related("term__article")
        return [
            {
                "anchor": row.anchor,
                "name": row.term.name,
                "definition": row.term.definition,
                "url": term_url(row.term),
            }
            for row in rows
        ]

    def _references(self) -> list[dict[str, Any]]:
        kinds = dict(Reference.Kind.choices) | {Reference.Kind.OTHER.value: ""}
        return [
            ref
            | {
                "uses": [(letters(index), use) for index, use in enumerate(self.uses[ref["key"]])],
                "elsewhere": max(0, ref["cited"] - len(self.uses[ref["key"]])),
                "kind_label": kinds.get(ref["source_kind"], ""),
            }
            for ref in self.page["references"]
        ]

    # The survey -----------------------------------------------------------------------------------

    def _survey(self) -> Survey:
        timeline = [
            (self._standing(sourced, checked), count)
            for sourced, checked, count in self.page["timeline"]
        ]
        return survey(
            [
                (_("Infobox"), _runs(row.standing for row in self.infobox)),
                (_("Facts"), _runs(fact.standing for fact in self.facts)),
                (_("Timeline"), timeline),
            ]
        )

    def _missing(self) -> list[Statement]:
        """The first statements that want a source or a new check, in reading order."""
        statements = [*self.infobox, *self.facts, *self.milestones]
        wanting = [item for item in statements if item.standing != Standing.SOURCED]
        return wanting[:MISSING_SHOWN]


def _runs(standings: Iterable[Standing]) -> list[tuple[Standing, int]]:
    return [(standing, len(list(run))) for standing, run in groupby(standings)]


def letters(index: int) -> str:
    """The letters of the use with this index: a … z, then aa, ab and so on."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = ascii_lowercase[rest] + text
    return text


def term_targets(article: Article) -> dict[str, str]:
    """Folded name -> address for every `[[link]]` of the article that leads somewhere. Two queries.

    A term leads to its page, or to the live article about it; a name that is no term leads to the
    live article that has it as its title. Links of an article to itself stay plain.
    """
    used = article.term_uses.values("folded")
    articles = Article.objects.live().filter(title_folded__in=used).exclude(pk=article.pk)
    targets = {
        folded: reverse("articles:article", args=[slug])
        for folded, slug in articles.values_list("title_folded", "slug")
    }
    names = TermName.objects.filter(folded__in=used).select_related("term__article")
    targets |= {name.folded: term_url(name.term) for name in names}
    own = article.get_absolute_url()
    return {folded: url for folded, url in targets.items() if url != own}


def term_url(term: Any) -> str:
    """Where a link to a term leads: the live article about it, else its own page."""
    if term.article and term.article.is_live:
        return str(term.article.get_absolute_url())
    return str(term.get_absolute_url())


def timeline_page(article: Article, total: int, at: str) -> TimelinePage:
    """The milestones from the one with the anchor `at` on, MILESTONES_SHOWN at most.

    Costs two queries at the start of the timeline and four elsewhere, whatever the length.
    """
    if not total:
        return TimelinePage([], 0)
    rows = article.milestones.in_order().prefetch_related("tracks")
    first = None
    if at and is_anchor("milestone", at):
        first = article.milestones.filter(anchor=at).first()
    if first is None:
        found = list(rows[: MILESTONES_SHOWN + 1])
        return _page_of(found, total)
    found = list(rows.starting_at(first)[: MILESTONES_SHOWN + 1])
    earlier = article.milestones.before(first).order_by("-start_min", "-position", "-pk")
    before = earlier.values_list("anchor", flat=True)[:MILESTONES_SHOWN]
    page = _page_of(found, total)
    anchors = list(before)
    page.is_first = not anchors
    page.before = anchors[-1] if anchors else ""
    return page


def _page_of(found: list[Milestone], total: int) -> TimelinePage:
    after = found[MILESTONES_SHOWN].anchor if len(found) > MILESTONES_SHOWN else ""
    return TimelinePage(found[:MILESTONES_SHOWN], total, after=after)

"""What the article page shows, in a fixed number of queries whatever the number of parts."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from string import ascii_lowercase
from typing import Any

from django.db.models import Value
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.markup import Use, fill
from articles.milestone_pages import MilestoneEntry, timeline_page
from articles.models import Article, Reference, SiteSettings, TermName
from articles.reference_text import short_text
from articles.standing import Standing, stale_before, standing_of
from articles.survey import Survey, survey

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


@dataclass(frozen=True, slots=True)
class DatedStatement(Statement):
    """A milestone as a statement."""

    milestone: MilestoneEntry


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
        self.short_names = {key: short_text(ref) for key, ref in self.by_key.items()}
        self.numbers = {key: ref["number"] for key, ref in self.by_key.items()}
        # A page rendered by an older version may lack them until it is rebuilt.
        self.targets = term_targets(article, self.page.get("terms", ()))
        self.uses: dict[str, list[Use]] = defaultdict(list)
        self.tags = [
            (name, reverse("articles:tag", args=[slug]))
            for name, slug in article.tags.values_list("name", "slug")
        ]
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
        self.contents = self._contents()

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

    def _contents(self) -> list[tuple[str, str, int]]:
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

    def _milestone(self, row: MilestoneEntry) -> DatedStatement:
        checked = row.checked.isoformat() if row.checked else ""
        filled = self._fill({"anchor": row.anchor, "html": row.html}, cites="pulled")
        standing = self._standing(row.sourced, checked)
        return DatedStatement(
            row.anchor, row.title, filled.html, standing, checked, filled.uses, row
        )

    def _standing(self, sourced: bool, checked: str) -> Standing:
        return standing_of(sourced=sourced, checked=checked, stale_before=self.stale_before)

    # Terms and references ------------------------------------------------------------------------

    def _related_terms(self) -> list[dict[str, Any]]:
        if not self.page["related_terms"]:
            return []
        rows = self.article.relatedterms.values_list(
            "anchor",
            "term__name",
            "term__definition",
            "term__slug",
            *(f"term__article__{name}" for name in LIVENESS),
        )
        return [
            {"anchor": anchor, "name": name, "definition": text, "url": term_address(slug, *about)}
            for anchor, name, text, slug, *about in rows
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


# What `is_live` looks at, and the slug, of an article at the end of a path of foreign keys.
LIVENESS = ("slug", "status", "published_at", "copy_of")


def term_targets(article: Article, names: Sequence[str]) -> dict[str, str]:
    """Folded name -> address for those of the names that lead somewhere. One query, or none.

    A term leads to its page, or to the live article about it; a name that is no term leads to the
    live article that has it as its title. Links of an article to itself stay plain.
    """
    if not names:
        return {}
    titles = Article.objects.live().filter(title_folded__in=names).order_by()
    terms = TermName.objects.filter(folded__in=names).order_by()
    found = titles.values_list("title_folded", Value(""), *LIVENESS).union(
        terms.values_list("folded", "term__slug", *(f"term__article__{name}" for name in LIVENESS)),
        all=True,
    )
    # Terms come last, and win over articles that only have such a title.
    rows = sorted(found.order_by(), key=lambda row: bool(row[1]))
    targets = {folded: term_address(slug, *about) for folded, slug, *about in rows}
    own = article.get_absolute_url()
    return {folded: url for folded, url in targets.items() if url != own}


def term_address(
    slug: str,
    about: str | None,
    status: str | None,
    published_at: datetime.datetime | None,
    copy_of: int | None,
) -> str:
    """Where a link to a term leads: the live article `about` it, else the term's own page."""
    article = Article(
        slug=about or "", status=status or "", published_at=published_at, copy_of_id=copy_of
    )
    if article.is_live:
        return article.get_absolute_url()
    return reverse("articles:term", args=[slug])

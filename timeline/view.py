"""What a reader sees of a timeline: form, counts, picture, a page of milestones, and words for it.

The same for the timeline of one article and for that of the whole site.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.markup import scrub
from articles.models import Article
from timeline.chart import Chart, draw
from timeline.counts import Choice, Counts, count, count_without
from timeline.dates import OPEN_END, OPEN_START, DateError, HistoricalDate, parse, show
from timeline.filters import TimelineFilter, TimelineForm
from timeline.models import Milestone, MilestoneQuerySet
from timeline.pages import IN_ARTICLE, ON_SITE, Order, TimelinePage, read_page


@dataclass(frozen=True, slots=True)
class Loosening:
    """A choice to drop when nothing is left: its name, and how many milestones there are then."""

    name: str
    count: int
    query: str


@dataclass(slots=True)
class TimelineView:
    """One view of a timeline. Reading its attributes costs no query.

    `address` is where a view of this timeline lives (a query string is added), `fragments` where
    HTMX gets it from, or ''; `files` where its files are, without their endings, or ''.
    """

    milestones: MilestoneQuerySet
    order: Order
    address: str
    fragments: str
    form: TimelineForm
    at: str = ""
    files: str = ""
    chosen: TimelineFilter = field(default_factory=TimelineFilter)
    counts: Counts = field(default_factory=Counts)
    page: TimelinePage = field(default_factory=TimelinePage)
    chart: Chart | None = None
    articles: list[Choice] = field(default_factory=list)
    loosenings: list[Loosening] = field(default_factory=list)

    def read(self) -> TimelineView:
        """Ask the database: for the counts, for a page (one or two queries) or for what to drop."""
        self._choose()
        if self.counts.shown:
            passing = self.chosen.matching(self.milestones)
            self.page = read_page(self.milestones, passing, self.order, self.at, self.counts)
        elif self.chosen.conditions:
            self.loosenings = self._loosenings()
        self.chart = draw(self.counts, self.chosen, self.page)
        return self

    @property
    def for_site(self) -> bool:
        """Whether this is the timeline of all articles."""
        return self.order is ON_SITE

    @property
    def total(self) -> int:
        """How many milestones there are without any choice."""
        return self.counts.total

    @property
    def is_filtered(self) -> bool:
        """Whether any choice is made, so that there is something to take back."""
        return bool(self.chosen.conditions)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Name of a field and what is wrong with it; while there is any, nothing is filtered."""
        labels = {name: str(field.label) for name, field in self.form.fields.items()}
        return [
            (labels.get(name, ""), str(message))
            for name, messages in self.form.errors.items()
            for message in messages
        ]

    def _choose(self) -> None:
        self.chosen = TimelineFilter.from_form(self.form)
        self._count()
        unknown = self._unknown_choices()
        for name in unknown:
            self.form.add_error(name, _("There is no such choice here."))
        if unknown:
            self.chosen = TimelineFilter()
            self._count()
        if self.form.errors:
            self.counts.tracks = self._ticked("track", self.counts.tracks)
            self.counts.categories = self._ticked("category", self.counts.categories)

    def _count(self) -> None:
        ticked = self.form.ticked("article") if self.for_site else ()
        self.counts = count(self.milestones, self.chosen, for_site=self.for_site, ticked=ticked)
        self.articles = self.counts.articles

    def _ticked(self, name: str, choices: list[Choice]) -> list[Choice]:
        """The choices as the form has them: nothing is filtered yet, and nothing lost."""
        slugs = self.form.ticked(name)
        return [replace(choice, is_chosen=choice.slug in slugs) for choice in choices]

    def _unknown_choices(self) -> list[str]:
        kinds = (
            ("track", self.chosen.tracks, self.counts.tracks),
            ("category", self.chosen.categories, self.counts.categories),
            ("article", self.chosen.articles, self.articles),
        )
        return [
            name
            for name, slugs, known in kinds
            if not set(slugs) <= {choice.slug for choice in known}
        ]

    def _loosenings(self) -> list[Loosening]:
        """The choices without which something would be left, and how much."""
        names = {
            "years": _("the years"),
            "tracks": _("the tracks"),
            "words": _("the words"),
            "categories": _("the subjects"),
            "articles": _("the articles"),
        }
        left = count_without(self.milestones, self.chosen)
        return [
            Loosening(names[name], left[name], self.chosen.query(without=[name]))
            for name in self.chosen.conditions
            if left[name]
        ]

    # Words --------------------------------------------------------------------------------------

    @property
    def sentence(self) -> str:
        """The view in words: "6 of 20 milestones, 2020 to 2026, in Research"."""
        parts = [self._how_many(), self._years(), *self._names(), self._words()]
        sentence = ", ".join(part for part in parts if part)
        if self.page.is_whole:
            return sentence
        return _("%(view)s; %(n)s of them are on this page") % {
            "view": sentence,
            "n": len(self.page.milestones),
        }

    def _how_many(self) -> str:
        shown, total = self.counts.shown, self.counts.total
        values = {
            "shown": number_format(shown, force_grouping=True),
            "total": number_format(total, force_grouping=True),
        }
        if shown == total:
            return ngettext("%(total)s milestone", "%(total)s milestones", total) % values
        return (
            ngettext("%(shown)s of %(total)s milestone", "%(shown)s of %(total)s milestones", total)
            % values
        )

    def _years(self) -> str:
        first, last = self.chosen.first, self.chosen.last
        # An open end lets everything through.
        first = None if first and first.bounds.start_min == OPEN_START else first
        last = None if last and last.bounds.end_max == OPEN_END else last
        if first and last and show(first) == show(last):
            return show(first)
        if first and last:
            return _("%(first)s to %(last)s") % {"first": show(first), "last": show(last)}
        if first:
            # "since 2012" says by itself where it begins.
            begins = first.edtf.endswith("/..")
            return show(first) if begins else _("from %(first)s on") % {"first": show(first)}
        if last and last.edtf.startswith(("../", "[..")):
            return show(last)
        return _("up to %(last)s") % {"last": show(last)} if last else ""

    def _names(self) -> Iterable[str]:
        if self.form.errors:
            return
        for choices in (self.counts.tracks, self.counts.categories, self.articles):
            names = [choice.name for choice in choices if choice.is_chosen]
            if names:
                yield _("in %(names)s") % {"names": _(" or ").join(names)}

    def _words(self) -> str:
        if "words" not in self.chosen.conditions:
            return ""
        return _("with “%(words)s”") % {"words": self.chosen.q}

    # Fields as they are shown again -------------------------------------------------------------

    @property
    def from_text(self) -> str:
        """What stands in the field for the first year."""
        return self._shown_date("from", self.chosen.first)

    @property
    def to_text(self) -> str:
        """What stands in the field for the last year."""
        return self._shown_date("to", self.chosen.last)

    @property
    def words_text(self) -> str:
        """What stands in the field for words."""
        return self._typed("q")

    def _typed(self, name: str) -> str:
        """What was typed; a sign stands for each character that no page may hold."""
        return "".join(
            letter if scrub(letter) else "\ufffd" for letter in str(self.form.data.get(name, ""))
        )

    def _shown_date(self, name: str, date: HistoricalDate | None) -> str:
        """A date as people write it where that is understood again, else as it was typed."""
        typed = self._typed(name)
        if date is None:
            return typed
        words = show(date)
        try:
            return words if parse(words) == date else typed
        except DateError:
            return typed

    @property
    def first_year(self) -> str:
        """The earliest year there is, as a hint in the field."""
        return self.chart.first_name if self.chart else ""

    @property
    def last_year(self) -> str:
        """The latest one."""
        return self.chart.last_name if self.chart else ""

    @property
    def file_links(self) -> list[tuple[str, str]]:
        """Names and addresses of this view as a file; none of a view that cannot be read."""
        if not self.files or self.errors:
            return []
        kinds = (("CSV", "csv"), ("JSON", "json"), (_("calendar"), "ics"))
        return [(name, f"{self.files}.{ending}{self.query()}") for name, ending in kinds]

    def query(self, **changes: Any) -> str:
        """The query string of this view with changes."""
        return self.chosen.query(**changes)


def of_article(article: Article, data: QueryDict, *, address: str = "") -> TimelineView:
    """The timeline of one article as `data`, a query string, asks for it.

    `address` is that of a page other than the article's own, a preview; it has no fragments.
    """
    alone = reverse("timeline:article", args=[article.slug])
    return TimelineView(
        milestones=Milestone.objects.filter(article=article),
        order=IN_ARTICLE,
        address=address or article.get_absolute_url(),
        fragments="" if address else alone,
        form=TimelineForm(data),
        at=data.get("at", ""),
        files=alone.rstrip("/") if address in {"", alone} else "",
    ).read()


def of_site(data: QueryDict) -> TimelineView:
    """The timeline of all live articles as `data`, a query string, asks for it."""
    address = reverse("timeline:site")
    return TimelineView(
        milestones=Milestone.objects.live(),
        order=ON_SITE,
        address=address,
        fragments=address,
        form=TimelineForm(data, for_site=True),
        at=data.get("at", ""),
    ).read()

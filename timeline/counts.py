"""How many milestones each choice of a filter would show: see `timeline.tallies` for its cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from itertools import count as count_up
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, CharField, Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from articles.models import Article, Category
from timeline.dates import OPEN_END, OPEN_START, year_of
from timeline.filters import TimelineFilter
from timeline.models import Milestone, MilestoneQuerySet, Track
from timeline.tallies import Tallies, most, read_tallies, read_years

# How many marks there are to tell tracks apart: twelve shapes in six colours.
MARKS = 12
# Choices offered of each kind, those with most milestones; an address may name any other.
TRACKS_OFFERED = 40
CATEGORIES_OFFERED = 20
ARTICLES_OFFERED = 10
# Years that stand for an open end are no years to draw.
FIRST_YEAR, LAST_YEAR = year_of(OPEN_START), year_of(OPEN_END)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of one kind of choice.

    `count` is the number of milestones that it shows by itself while the other kinds of choices
    stay as they are; `total` the number without any other choice. One that is chosen stays so while
    something is wrong in the form. `mark` is the number of a track's shape and colour, 0 where
    there is none.
    """

    slug: str
    name: str
    count: int
    total: int
    is_chosen: bool = False
    mark: int = 0


class ChoiceName(NamedTuple):
    """What may be chosen. `number` is the place of a track, of an article that of milestones."""

    kind: str
    pk: int
    slug: str
    name: str
    number: int


@dataclass(slots=True)
class Counts:
    """What a timeline holds under a filter.

    `shown` counts the milestones that pass, `total` all there are. `starts` and `ends` count the
    first and last possible years of those that pass when the years are left open: they give the
    number in any range of years by `between`. Of very many tracks and categories those with most
    milestones are offered; `names` has the tracks by their keys.
    """

    shown: int = 0
    total: int = 0
    tracks: list[Choice] = field(default_factory=list)
    categories: list[Choice] = field(default_factory=list)
    articles: list[Choice] = field(default_factory=list)
    names: dict[int, ChoiceName] = field(default_factory=dict)
    starts: Counter[int] = field(default_factory=Counter)
    ends: Counter[int] = field(default_factory=Counter)
    few: tuple[int, ...] | None = None

    @property
    def marks(self) -> dict[str, int]:
        """Slug of each track -> the number of its shape and colour."""
        return {track.slug: track.mark for track in self.tracks}

    def between(self, first: int, last: int) -> int:
        """How many possibly fall into these years: those begun by then, less those over before."""
        begun = sum(count for year, count in self.starts.items() if year <= last)
        over = sum(count for year, count in self.ends.items() if year < first)
        return begun - over

    def span(self) -> tuple[int, int] | None:
        """The first and the last year that is known; None when there is none."""
        years = [*self.starts, *self.ends]
        known = [year for year in years if FIRST_YEAR < year < LAST_YEAR]
        return (min(known), max(known)) if known else None


def count(
    milestones: MilestoneQuerySet,
    chosen: TimelineFilter,
    *,
    for_site: bool,
    ticked: Collection[str] = (),
) -> Counts:
    """Count `milestones`, all of a timeline, under the filter.

    With `for_site` also by category and article; articles that are `ticked` are choices in any
    case. Two queries, three for a filtered timeline of the site: the numbers, and the names of
    what is offered.
    """
    passing, everything = read_tallies(milestones, chosen, for_site=for_site)
    counts = Counts(
        passing.number,
        everything.number,
        starts=passing.starts,
        ends=passing.ends,
        few=passing.few,
    )
    if counts.total:
        _offer(counts, passing, everything, chosen, ticked)
    return counts


def count_years(milestones: MilestoneQuerySet) -> Counts:
    """Only how many milestones there are, and in which years. One query."""
    found = read_years(milestones)
    return Counts(found.number, found.number, starts=found.starts, ends=found.ends)


def _offer(
    counts: Counts,
    passing: Tallies,
    everything: Tallies,
    chosen: TimelineFilter,
    ticked: Collection[str],
) -> None:
    """Name the choices: those with the most milestones and all that are made. One query."""
    names = _read_names(passing, everything, chosen, ticked)
    names.sort(key=lambda row: (row.number, row.name))

    def choices(kind: str, made: Collection[str]) -> list[Choice]:
        some, all_ = getattr(passing, kind), getattr(everything, kind)
        return [
            Choice(row.slug, row.name, some[row.pk], all_[row.pk], row.slug in made)
            for row in names
            if row.kind == kind and all_[row.pk]
        ]

    counts.tracks = _marked(choices("tracks", chosen.tracks))
    counts.categories = choices("categories", chosen.categories)
    counts.categories.sort(key=lambda choice: choice.name.casefold())
    counts.names = {row.pk: row for row in names if row.kind == "tracks"}
    articles = [
        Choice(row.slug, row.name, passing.articles[str(row.pk)], row.number, row.slug in ticked)
        for row in names
        if row.kind == "articles" and row.number
    ]
    articles = [choice for choice in articles if choice.count or choice.is_chosen]
    articles.sort(key=lambda choice: (not choice.is_chosen, -choice.count, choice.name.casefold()))
    counts.articles = articles[: max(ARTICLES_OFFERED, len(ticked))]


def _read_names(
    passing: Tallies, everything: Tallies, chosen: TimelineFilter, ticked: Collection[str]
) -> list[ChoiceName]:
    """The names of what is offered or chosen, of articles with the number of their milestones."""
    own = Milestone.objects.live().order_by().filter(article=OuterRef("pk")).values("article")
    size = Subquery(own.annotate(number=Count("pk")).values("number"))
    tracks, categories = everything.tracks, everything.categories
    kinds: tuple[tuple[str, Any, list[int], Collection[str], Any], ...] = (
        ("tracks", Track.objects, most(tracks, TRACKS_OFFERED), chosen.tracks, F("position")),
        (
            "categories",
            Category.objects,
            most(categories, CATEGORIES_OFFERED),
            chosen.categories,
            Value(0),
        ),
        (
            "articles",
            Article.objects.live(),
            most(passing.articles, ARTICLES_OFFERED),
            ticked,
            size,
        ),
    )
    arms = []
    for kind, rows, keys, slugs, number in kinds:
        if keys or slugs:
            rows = rows.order_by().filter(Q(pk__in=keys) | Q(slug__in=slugs))
            name = F("title" if kind == "articles" else "name")
            number = Coalesce(number, 0, output_field=BigIntegerField())
            arms.append(rows.values_list(Value(kind, CharField()), "pk", "slug", name, number))
    if not arms:
        return []
    return [ChoiceName(*row) for row in arms[0].union(*arms[1:], all=True).order_by()]


def _marked(tracks: list[Choice]) -> list[Choice]:
    """The tracks with their marks, given out anew for each timeline and never twice.

    Where there are more tracks than marks, those with the most milestones have one.
    """
    most = sorted(tracks, key=lambda track: -track.total)[:MARKS]
    slugs = {track.slug for track in most}
    marks = count_up(1)
    return [replace(t, mark=next(marks)) if t.slug in slugs else t for t in tracks]


def count_without(milestones: MilestoneQuerySet, chosen: TimelineFilter) -> dict[str, int]:
    """Name of each choice -> how many milestones would pass without it. One query."""
    # Named as no column is: Django takes the name of a number before that of a column.
    left = milestones.order_by().aggregate(
        **{
            f"without_{name}": Count("pk", filter=chosen.condition(without=[name]) or None)
            for name in chosen.conditions
        }
    )
    return {name: left[f"without_{name}"] for name in chosen.conditions}

"""How many milestones each choice of a filter would show: two queries, whatever the number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from itertools import count as count_up
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, CharField, Count, F, Q, TextField, Value

from articles.models import Article, Category
from timeline.dates import OPEN_END, OPEN_START, year_of
from timeline.filters import TimelineFilter
from timeline.models import MilestoneQuerySet, Track, read_track_list

# How many marks there are to tell tracks apart: twelve shapes in six colours.
MARKS = 12
# Choices offered of each kind, those with most milestones; an address may name any other.
TRACKS_OFFERED = 40
CATEGORIES_OFFERED = 20
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


class TrackName(NamedTuple):
    """A track or a category as a choice of it is named."""

    kind: str
    pk: int
    slug: str
    name: str
    position: int


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
    names: dict[int, TrackName] = field(default_factory=dict)
    starts: Counter[int] = field(default_factory=Counter)
    ends: Counter[int] = field(default_factory=Counter)

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


def count(milestones: MilestoneQuerySet, chosen: TimelineFilter, *, for_site: bool) -> Counts:
    """Count `milestones`, all of a timeline, under the filter. Two queries.

    With `for_site` also by category of their articles. The first query reads nothing but an index:
    milestones on the same tracks are counted together, and what each track has follows from that.
    The second reads the names of what is offered.
    """
    milestones = milestones.order_by()
    arms = [
        _by_tracks(milestones, chosen),
        _by_year(milestones, chosen, "first_year", "start"),
        _by_year(milestones, chosen, "last_year", "end"),
    ]
    if for_site:
        arms.append(_by_category(milestones, chosen))
    counts = Counts()
    tracks, categories = Tally(), Tally()
    together: list[tuple[frozenset[int], int]] = []
    for kind, keys, number, passing, everything in arms[0].union(*arms[1:], all=True).order_by():
        if kind == "tracks":
            on = read_track_list(keys)
            counts.total += everything
            together.append((on, passing))
            for track in on:
                tracks.add(track, passing, everything)
        elif kind == "category":
            categories.add(number, passing, everything)
        else:
            (counts.starts if kind == "start" else counts.ends)[number] = passing
    if counts.total:
        _offer(counts, tracks, categories, chosen)
    wanted = {key for key, row in counts.names.items() if row.slug in chosen.tracks}
    counts.shown = sum(
        passing for on, passing in together if not chosen.tracks or not wanted.isdisjoint(on)
    )
    return counts


@dataclass(frozen=True, slots=True)
class Tally:
    """Key of a track or category -> how many of its milestones pass, and how many there are."""

    passing: Counter[int] = field(default_factory=Counter)
    everything: Counter[int] = field(default_factory=Counter)

    def add(self, key: int, passing: int, everything: int) -> None:
        """Count some more of one key."""
        self.passing[key] += passing
        self.everything[key] += everything

    def most(self, number: int) -> list[int]:
        """The keys with the most milestones; of those with as many the older ones."""
        return sorted(self.everything, key=lambda key: (-self.everything[key], key))[:number]

    def choice(self, row: TrackName, chosen: Collection[str]) -> Choice:
        """What is counted under a name."""
        passing, everything = self.passing[row.pk], self.everything[row.pk]
        return Choice(row.slug, row.name, passing, everything, row.slug in chosen)


def _offer(counts: Counts, tracks: Tally, categories: Tally, chosen: TimelineFilter) -> None:
    """Name the choices: those with the most milestones and all that are made. One query."""
    names = _read_names(tracks, categories, chosen)
    counts.tracks = _marked(
        [
            tracks.choice(row, chosen.tracks)
            for row in sorted(names, key=lambda row: (row.position, row.name))
            if row.kind == "track" and tracks.everything[row.pk]
        ]
    )
    counts.categories = [
        categories.choice(row, chosen.categories)
        for row in sorted(names, key=lambda row: row.name.casefold())
        if row.kind == "category" and categories.everything[row.pk]
    ]
    counts.names = {row.pk: row for row in names if row.kind == "track"}


def _read_names(tracks: Tally, categories: Tally, chosen: TimelineFilter) -> list[TrackName]:
    arms = []
    for kind, model, keys, slugs in (
        ("track", Track, tracks.most(TRACKS_OFFERED), chosen.tracks),
        ("category", Category, categories.most(CATEGORIES_OFFERED), chosen.categories),
    ):
        if keys or slugs:
            rows = model.objects.order_by().filter(Q(pk__in=keys) | Q(slug__in=slugs))
            position = F("position") if model is Track else Value(0, BigIntegerField())
            arms.append(
                rows.annotate(kind=Value(kind, CharField()), place=position).values_list(
                    "kind", "pk", "slug", "name", "place"
                )
            )
    if not arms:
        return []
    return [TrackName(*row) for row in arms[0].union(*arms[1:], all=True).order_by()]


def count_years(milestones: MilestoneQuerySet) -> Counts:
    """Only how many milestones there are, and in which years. One query."""
    nothing = TimelineFilter()
    milestones = milestones.order_by()
    starts = _by_year(milestones, nothing, "first_year", "start")
    ends = _by_year(milestones, nothing, "last_year", "end")
    counts = Counts()
    for kind, _tracks, year, number, _all in starts.union(ends, all=True).order_by():
        (counts.starts if kind == "start" else counts.ends)[year] = number
    counts.shown = counts.total = counts.starts.total()
    return counts


def _marked(tracks: list[Choice]) -> list[Choice]:
    """The tracks with their marks, given out anew for each timeline and never twice.

    Where there are more tracks than marks, those with the most milestones have one.
    """
    most = sorted(tracks, key=lambda track: -track.total)[:MARKS]
    slugs = {track.slug for track in most}
    marks = count_up(1)
    return [replace(t, mark=next(marks)) if t.slug in slugs else t for t in tracks]


def _row(kind: str, tracks: Any, number: Any, passing: Any, everything: Any) -> list[Any]:
    return [Value(kind, CharField()), tracks, number, passing, everything]


_NO_TEXT = Value("", TextField())
_NO_NUMBER = Value(0, BigIntegerField())


def _passing(condition: Q) -> Count:
    return Count("pk", filter=condition) if condition else Count("pk")


def _by_tracks(milestones: MilestoneQuerySet, chosen: TimelineFilter) -> Any:
    passing = _passing(chosen.condition(without=["tracks"]))
    rows = milestones.values("track_list").annotate(passing=passing, everything=Count("pk"))
    return rows.values_list(
        *_row("tracks", F("track_list"), _NO_NUMBER, F("passing"), F("everything"))
    )


def _by_category(milestones: MilestoneQuerySet, chosen: TimelineFilter) -> Any:
    rows = milestones.filter(category__isnull=False).values("category_id")
    passing = _passing(chosen.condition(without=["categories"]))
    rows = rows.annotate(passing=passing, everything=Count("pk"))
    return rows.values_list(
        *_row("category", _NO_TEXT, F("category_id"), F("passing"), F("everything"))
    )


def _by_year(milestones: MilestoneQuerySet, chosen: TimelineFilter, column: str, kind: str) -> Any:
    rows = chosen.matching(milestones, without=["years"]).values(column)
    rows = rows.annotate(passing=Count("pk"))
    return rows.values_list(*_row(kind, _NO_TEXT, F(column), F("passing"), _NO_NUMBER))


def count_articles(
    milestones: MilestoneQuerySet, chosen: TimelineFilter, ticked: Collection[str], most: int
) -> list[Choice]:
    """The `most` articles with the most milestones in this view, and first all `ticked` ones.

    Two queries; three when articles are ticked.
    """
    passing = _passing(chosen.condition(without=["articles"]))
    rows = milestones.order_by().values("article")
    # The texts of articles are joined to the few that are shown, not to all that are counted.
    rows = rows.annotate(passing=passing, everything=Count("pk")).order_by("-passing", "article_id")
    numbers = {row["article"]: row for row in rows[:most]}
    if ticked:
        named = rows.filter(article__slug__in=ticked)
        numbers |= {row["article"]: row for row in named}
    articles = Article.objects.filter(pk__in=numbers).values_list("pk", "slug", "title")
    choices = [
        Choice(
            slug,
            title,
            numbers[pk]["passing"],
            numbers[pk]["everything"],
            slug in ticked,
        )
        for pk, slug, title in articles.order_by()
    ]
    choices.sort(key=lambda choice: (not choice.is_chosen, -choice.count, choice.name.casefold()))
    return [choice for choice in choices if choice.count or choice.is_chosen][
        : max(most, len(ticked))
    ]


def count_without(milestones: MilestoneQuerySet, chosen: TimelineFilter) -> dict[str, int]:
    """Name of each choice -> how many milestones would pass without it. One query."""
    # Named as no column is: Django takes the name of a number before that of a column.
    left = milestones.order_by().aggregate(
        **{
            f"without_{name}": _passing(chosen.condition(without=[name]))
            for name in chosen.conditions
        }
    )
    return {name: left[f"without_{name}"] for name in chosen.conditions}

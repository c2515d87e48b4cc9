"""What counting a timeline asks of the database: one statement, which reads one index.

The index has all columns that counting needs. Where each kind of choice has a filter of its own,
the keys of what passes come back as one text each, which Python counts faster than the database
sorts rows. What the whole site has without any filter is remembered until somebody writes.
"""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, F, StringAgg, TextField, Value
from django.db.models.functions import Cast

from articles.until_written import UntilWritten
from timeline.filters import TimelineFilter
from timeline.models import MilestoneQuerySet, read_track_list

# Milestones that are so few that a page looks them up by their keys.
FEW = 500


@dataclass(frozen=True, slots=True)
class Tallies:
    """How many milestones pass a filter: all, and by the keys of what they belong to.

    The keys of articles are texts, as the database sends them. `few` has the keys of the milestones
    that pass, when only a few do.
    """

    number: int = 0
    tracks: Counter[int] = field(default_factory=Counter)
    categories: Counter[int] = field(default_factory=Counter)
    articles: Counter[str] = field(default_factory=Counter)
    starts: Counter[int] = field(default_factory=Counter)
    ends: Counter[int] = field(default_factory=Counter)
    few: tuple[int, ...] | None = None


# Of the site, without a filter. Nobody changes what is remembered.
_everything: UntilWritten[Tallies] = UntilWritten()


def read_tallies(
    milestones: MilestoneQuerySet, chosen: TimelineFilter, *, for_site: bool
) -> tuple[Tallies, Tallies]:
    """What passes a filter, and what there is without one.

    `milestones` are those of an article, which costs one statement; or, with `for_site`, all live
    ones: what there is without a filter is one statement or remembered, and what passes another.
    """
    milestones = milestones.order_by()
    if not for_site:
        return _read_of_article(milestones, chosen)
    everything = _everything.get(lambda: _read(milestones, TimelineFilter()))
    if not chosen.conditions:
        return everything, everything
    passing = _read(milestones, chosen)
    if len(chosen.conditions) == 1:
        # Without its own choice a kind has no other.
        (name,) = chosen.conditions
        columns = {"years": ("starts", "ends"), "words": ()}.get(name, (name,))
        own: dict[str, Any] = {column: getattr(everything, column) for column in columns}
        passing = replace(passing, **own)
    return passing, everything


def _read(milestones: MilestoneQuerySet, chosen: TimelineFilter) -> Tallies:
    """Count on the site, each kind of choice without itself, but where it is the only one."""
    common = "words" if "words" in chosen.conditions else ""
    if len(chosen.conditions) == 1:
        (common,) = chosen.conditions
    if common:
        # What all that is counted must be; words stand in wide rows, and are compared once.
        milestones = milestones.filter(chosen.conditions[common])
    without = {common}
    asked = _asked(chosen, without) | {
        "categories": _keys("category_id", chosen, {*without, "categories"}),
        "articles": _keys("article_id", chosen, {*without, "articles"}),
    }
    if chosen.conditions:
        asked["keys"] = _keys("pk", chosen, without)
    return _tallies(_aggregate(milestones, asked))


def _read_of_article(
    milestones: MilestoneQuerySet, chosen: TimelineFilter
) -> tuple[Tallies, Tallies]:
    asked = _asked(chosen, set())
    if chosen.conditions:
        nothing = TimelineFilter()
        asked |= {"all": Count("pk"), "all_tracks": _keys("track_list", nothing, set())}
    row = _aggregate(milestones, asked)
    passing = _tallies(row)
    if not chosen.conditions:
        return passing, passing
    return passing, Tallies(row["all"], _by_track(row["all_tracks"]))


def _asked(chosen: TimelineFilter, without: set[str]) -> dict[str, Any]:
    return {
        "number": Count("pk", filter=chosen.condition(without=without) or None),
        "tracks": _keys("track_list", chosen, {*without, "tracks"}),
        "starts": _keys("first_year", chosen, {*without, "years"}),
        "ends": _keys("last_year", chosen, {*without, "years"}),
    }


def _keys(column: str, chosen: TimelineFilter, without: set[str]) -> StringAgg:
    """All values of a column as one text."""
    condition = chosen.condition(without=without) or None
    return StringAgg(Cast(F(column), TextField()), Value(","), filter=condition)


def _aggregate(milestones: MilestoneQuerySet, asked: dict[str, Any]) -> dict[str, Any]:
    # Named as no column is: Django takes the name of a number before that of a column.
    row = milestones.aggregate(**{f"found_{name}": number for name, number in asked.items()})
    return {name: row[f"found_{name}"] for name in asked}


def _tallies(row: dict[str, Any]) -> Tallies:
    few = "keys" in row and row["number"] <= FEW
    return Tallies(
        row["number"],
        _by_track(row["tracks"]),
        _numbers(row.get("categories")),
        Counter(_split(row.get("articles"))),
        _numbers(row["starts"]),
        _numbers(row["ends"]),
        tuple(map(int, _split(row["keys"]))) if few else None,
    )


def read_years(milestones: MilestoneQuerySet) -> Tallies:
    """Only how many milestones there are, and in which years. One statement."""
    rows = milestones.order_by().values_list("first_year", "last_year").annotate(number=Count("pk"))
    starts: Counter[int] = Counter()
    ends: Counter[int] = Counter()
    for first, last, number in rows:
        starts[first] += number
        ends[last] += number
    return Tallies(starts.total(), starts=starts, ends=ends)


def most(numbers: Counter[int] | Counter[str], number: int) -> list[int]:
    """The keys with the most milestones; of those with as many the older ones."""
    items: Any = numbers.items()
    if len(items) <= number:
        return [int(key) for key in numbers]
    least = heapq.nlargest(number, numbers.values())[-1]
    above = [int(key) for key, found in items if found > least]
    as_many = (int(key) for key, found in items if found == least)
    return above + heapq.nsmallest(number - len(above), as_many)


# Texts of keys ------------------------------------------------------------------------------------


def _split(text: str | None) -> list[str]:
    return [] if text is None else text.split(",")


def _numbers(text: str | None) -> Counter[int]:
    """How often each key stands in such a text."""
    return Counter({int(key): number for key, number in Counter(_split(text)).items()})


def _by_track(text: str | None) -> Counter[int]:
    """The same of each track of the lists in such a text."""
    numbers: Counter[int] = Counter()
    for tracks, number in Counter(_split(text)).items():
        for track in read_track_list(tracks):
            numbers[track] += number
    return numbers

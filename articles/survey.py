"""The survey: one tick for each statement of an article in reading order, hung from a rule."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from articles.standing import Standing, standing_of

# More ticks than this cannot be told apart; then one tick stands for several statements.
MOST_TICKS = 150
# Room between two regions, in ticks.
GAP = 1.6
# The least share of the width that a region has, so that its name fits on a phone. There are few.
LEAST = 0.2


@dataclass(frozen=True, slots=True)
class Tick:
    """One mark, `x` in percent of the width."""

    x: float
    standing: Standing


@dataclass(frozen=True, slots=True)
class Post:
    """The beginning of a region, `x` in percent of the width."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Survey:
    """What the drawing shows, and the same in numbers."""

    posts: tuple[Post, ...]
    ticks: tuple[Tick, ...]
    counts: dict[Standing, int]
    total: int
    per_tick: int

    def count(self, standing: Standing) -> int:
        """How many statements stand like this."""
        return self.counts.get(standing, 0)

    @property
    def sourced(self) -> int:
        """How many statements are sourced."""
        return self.count(Standing.SOURCED)

    @property
    def stale(self) -> int:
        """How many are stale."""
        return self.count(Standing.STALE)

    @property
    def unsourced(self) -> int:
        """How many are unsourced."""
        return self.count(Standing.UNSOURCED)

    @property
    def disputed(self) -> int:
        """How many are disputed."""
        return self.count(Standing.DISPUTED)


# A region's name and the standings of its statements as runs of equal ones.
type Region = tuple[str, Sequence[tuple[Standing, int]]]


def survey(regions: Iterable[Region]) -> Survey:
    """Lay the statements of the regions along a line from 0 to 100 percent.

    Up to MOST_TICKS statements have a tick each; beyond that each tick stands for a number of
    statements of one region and shows the standing that most of them have.
    """
    shown = [(label, runs) for label, runs in regions if any(count for _s, count in runs)]
    total = sum(count for _label, runs in shown for _standing, count in runs)
    per_tick = 1 if total <= MOST_TICKS else math.ceil(total / MOST_TICKS)
    columns = [(label, _ticks(runs, per_tick)) for label, runs in shown]
    widths = _widths([len(ticks) + GAP for _label, ticks in columns])
    width = sum(widths) or 1
    posts, ticks, at = [], [], 0.0
    for (label, standings), room in zip(columns, widths, strict=True):
        posts.append(Post(round(at / width * 100, 2), label))
        for index, standing in enumerate(standings):
            ticks.append(Tick(round((at + index + 0.9) / width * 100, 2), standing))
        at += room
    counts: Counter[Standing] = Counter()
    for _label, runs in shown:
        for standing, count in runs:
            counts[standing] += count
    return Survey(tuple(posts), tuple(ticks), dict(counts), total, per_tick)


def _widths(wanted: list[float]) -> list[float]:
    """The widths of regions, in ticks: a small one gets room for its name all the same."""
    narrow = [width for width in wanted if width < LEAST * sum(wanted)]
    rest = sum(wanted) - sum(narrow)
    least = rest * LEAST / (1 - LEAST * len(narrow))
    return [max(width, least) if width in narrow else width for width in wanted]


def survey_of(page: Mapping[str, Any], stale_before: str) -> Survey:
    """The survey of a rendered page; see `rendering.py` for its shape."""

    def runs(statements: Iterable[tuple[bool, str, int]]) -> list[tuple[Standing, int]]:
        return [
            (standing_of(sourced=sourced, checked=checked, stale_before=stale_before), count)
            for sourced, checked, count in statements
        ]

    def rows(name: str) -> list[tuple[Standing, int]]:
        return runs((row["sourced"], row["checked"], 1) for row in page[name])

    return survey(
        [
            (_("Infobox"), rows("infobox")),
            (_("Facts"), rows("facts")),
            (_("Timeline"), runs(page["timeline"])),
        ]
    )


def _ticks(runs: Sequence[tuple[Standing, int]], per_tick: int) -> list[Standing]:
    ticks: list[Standing] = []
    bin_: Counter[Standing] = Counter()
    for standing, left in runs:
        while left:
            taken = min(left, per_tick - bin_.total())
            bin_[standing] += taken
            left -= taken
            if bin_.total() == per_tick:
                ticks.append(_most(bin_))
                bin_.clear()
    if bin_:
        ticks.append(_most(bin_))
    return ticks


def _most(bin_: Counter[Standing]) -> Standing:
    """The commonest standing; of two as common the one that needs more care."""
    order = list(Standing)
    return max(bin_, key=lambda standing: (bin_[standing], -order.index(standing)))

"""The survey: one tick for each statement of an article in reading order, hung from a rule."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from articles.standing import SIGNS, Standing, sign_of, standing_of

# More ticks than this cannot be told apart; then one tick stands for several statements.
MOST_TICKS = 150
# Room between two regions, in ticks.
GAP = 1.6
# The least share of the width that a region has, so that its name fits on a phone. There are few.
LEAST = 0.2


class Run(NamedTuple):
    """Statements in a row that are alike: in standing, and in having a source and a check."""

    standing: Standing
    is_sourced: bool
    is_checked: bool
    number: int

    @property
    def sign(self) -> str:
        """The name of their sign."""
        return sign_of(self.standing, is_checked=self.is_checked)


# A region's name and its statements.
type Region = tuple[str, Sequence[Run]]


@dataclass(frozen=True, slots=True)
class Tick:
    """One mark, `x` in percent of the width, with the name of its sign (see `standing.SIGNS`)."""

    x: float
    sign: str


@dataclass(frozen=True, slots=True)
class Post:
    """The beginning of a region, `x` in percent of the width."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Survey:
    """What the drawing shows, and the same in numbers.

    `counts` are the statements by their sign; `sourced` of `total` have a source, stale ones among
    them, and `checked` of `total` somebody has looked at.
    """

    posts: tuple[Post, ...]
    ticks: tuple[Tick, ...]
    counts: dict[str, int]
    total: int
    sourced: int
    checked: int
    per_tick: int

    def count(self, sign: str) -> int:
        """How many statements have this sign."""
        return self.counts.get(sign, 0)


def survey(regions: Iterable[Region]) -> Survey:
    """Lay the statements of the regions along a line from 0 to 100 percent.

    Up to MOST_TICKS statements have a tick each; beyond that each tick stands for a number of
    statements of one region and has the sign that most of them have.
    """
    shown = [(label, runs) for label, runs in regions if any(run.number for run in runs)]
    every = [run for _label, runs in shown for run in runs]
    total = sum(run.number for run in every)
    per_tick = 1 if total <= MOST_TICKS else math.ceil(total / MOST_TICKS)
    columns = [(label, _signs(runs, per_tick)) for label, runs in shown]
    widths = _widths([len(signs) + GAP for _label, signs in columns])
    width = sum(widths) or 1
    posts, ticks, at = [], [], 0.0
    for (label, signs), room in zip(columns, widths, strict=True):
        posts.append(Post(round(at / width * 100, 2), label))
        for index, sign in enumerate(signs):
            ticks.append(Tick(round((at + index + 0.9) / width * 100, 2), sign))
        at += room
    counts: Counter[str] = Counter()
    for run in every:
        counts[run.sign] += run.number
    return Survey(
        posts=tuple(posts),
        ticks=tuple(ticks),
        counts=dict(counts),
        total=total,
        sourced=sum(run.number for run in every if run.is_sourced),
        checked=sum(run.number for run in every if run.is_checked),
        per_tick=per_tick,
    )


def _widths(wanted: list[float]) -> list[float]:
    """The widths of regions, in ticks: a small one gets room for its name all the same."""
    narrow = [width for width in wanted if width < LEAST * sum(wanted)]
    rest = sum(wanted) - sum(narrow)
    least = rest * LEAST / (1 - LEAST * len(narrow))
    return [max(width, least) if width in narrow else width for width in wanted]


def survey_of(page: Mapping[str, Any], stale_before: str) -> Survey:
    """The survey of a rendered page; see `rendering.py` for its shape."""

    def run(sourced: bool, checked: str, number: int) -> Run:
        standing = standing_of(sourced=sourced, checked=checked, stale_before=stale_before)
        return Run(standing, sourced, bool(checked), number)

    def rows(name: str) -> list[Run]:
        return [run(row["sourced"], row["checked"], 1) for row in page[name]]

    return survey(
        [
            (_("Infobox"), rows("infobox")),
            (_("Facts"), rows("facts")),
            (_("Timeline"), [run(*alike) for alike in page["timeline"]]),
        ]
    )


def _signs(runs: Sequence[Run], per_tick: int) -> list[str]:
    """The sign of each tick of a region."""
    signs: list[str] = []
    bin_: Counter[str] = Counter()
    for run in runs:
        left = run.number
        while left:
            taken = min(left, per_tick - bin_.total())
            bin_[run.sign] += taken
            left -= taken
            if bin_.total() == per_tick:
                signs.append(_most(bin_))
                bin_.clear()
    if bin_:
        signs.append(_most(bin_))
    return signs


def _most(bin_: Counter[str]) -> str:
    """The commonest sign; of two as common the one that needs more care."""
    return max(bin_, key=lambda sign: (bin_[sign], -SIGNS.index(sign)))

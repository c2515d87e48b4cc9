"""Geometry of the picture above a timeline: density by time, and below it the tracks.

Positions are percentages of the width and heights are pixels, so the picture widens without its
letters growing. Nothing here knows HTML; `templatetags.timeline` draws it.
"""

from __future__ import annotations

from dataclasses import dataclass

from timeline import years
from timeline.counts import Counts
from timeline.dates import day_number, days_of_year, year_of
from timeline.filters import TimelineFilter
from timeline.lanes import Lane, Scale, lay_out
from timeline.pages import TimelinePage

# With more bars a finger would not hit one on a phone.
MOST_BARS = 12
BAR_HEIGHT = 38


@dataclass(frozen=True, slots=True)
class Bar:
    """How many milestones possibly fall into some years. `x` and `width` in percent."""

    name: str
    label: str
    count: int
    x: float
    width: float
    height: float
    query: str
    is_chosen: bool


@dataclass(slots=True)
class Chart:
    """The picture. `first_name` and `last_name` are the years it reaches from and to."""

    bars: list[Bar]
    lanes: list[Lane]
    first_name: str
    last_name: str

    @property
    def signs(self) -> set[str]:
        """The kinds of marks that occur, for the key: "date", "circa", "range" and "open"."""
        marks = [mark for lane in self.lanes for mark in lane.marks]
        occurs = {
            "date": any(mark.is_shape and not mark.is_circa for mark in marks),
            "circa": any(mark.is_shape and mark.is_circa for mark in marks),
            "range": any(mark.solid and not (mark.before or mark.after) for mark in marks),
            "open": any(mark.before or mark.after for mark in marks),
        }
        return {sign for sign, does in occurs.items() if does}


def draw(counts: Counts, chosen: TimelineFilter, page: TimelinePage) -> Chart | None:
    """The picture of a view; None when there is nothing to draw.

    It shows the chosen years, or all that have milestones. Tracks are drawn when all milestones of
    the view are on this page.
    """
    span = _span(counts, chosen)
    if span is None:
        return None
    first, last = span
    step = years.step_for(first, last, MOST_BARS)
    ranges = years.ranges(first, last, step, limit=MOST_BARS)
    start, end = day_number(ranges[0][0]), days_of_year(ranges[-1][1])[1]
    scale = Scale(start, end)
    lanes = []
    # One alone says as a picture what the list below says.
    if page.is_whole and len(page.milestones) > 1:
        lanes = lay_out(page.milestones, scale, _tracks(counts))
    names = years.range_name(first, first), years.range_name(last, last)
    # One bar would say what the sentence above says.
    bars = _bars(ranges, counts, chosen, scale) if len(ranges) > 1 else []
    return Chart(bars, lanes, *names) if bars or lanes else None


@dataclass(slots=True)
class Skyline:
    """When most things happened, for a page that only leads to the timeline.

    `earlier` milestones were over before the first bar; `earlier_query` shows them.
    """

    bars: list[Bar]
    name: str
    total: int
    earlier: int
    earlier_name: str
    earlier_query: str


def skyline(counts: Counts) -> Skyline | None:
    """Up to MOST_BARS bars that end with the last year there is; None when there is no such year.

    A few things that lie far back would make one bar of all others: the bars are as short as they
    can be with no more than a tenth left before the first.
    """
    span = counts.span()
    if span is None:
        return None
    first, last = span
    for step in years.lengths():
        start = max(years.before(last, step, MOST_BARS), years.start_of(first, step))
        earlier = counts.total - counts.between(start, max(counts.ends))
        if earlier * 10 <= counts.total:
            break
    ranges = years.ranges(start, last, step, limit=MOST_BARS)
    scale = Scale(day_number(ranges[0][0]), days_of_year(ranges[-1][1])[1])
    nothing = TimelineFilter()
    return Skyline(
        bars=_bars(ranges, counts, nothing, scale),
        name=years.range_name(start, last),
        total=counts.total,
        earlier=earlier,
        earlier_name=years.start_name(*ranges[0]),
        earlier_query=nothing.query(to=years.year_edtf(start - 1)),
    )


def _tracks(counts: Counts) -> list[str]:
    """The names of the tracks to draw: those that are chosen, else all."""
    chosen = [track.name for track in counts.tracks if track.is_chosen]
    return chosen or [track.name for track in counts.tracks]


def _span(counts: Counts, chosen: TimelineFilter) -> tuple[int, int] | None:
    """The years of the picture: the chosen ones, where they are left open those there are."""
    known = counts.span()
    if known is None:
        return None
    first, last = known
    if chosen.first:
        first = max(first, year_of(chosen.first.bounds.start_min))
    if chosen.last:
        last = min(last, year_of(chosen.last.bounds.end_max))
    return (first, last) if first <= last and counts.shown else None


def _bars(
    ranges: list[tuple[int, int]], counts: Counts, chosen: TimelineFilter, scale: Scale
) -> list[Bar]:
    numbers = [counts.between(first, last) for first, last in ranges]
    highest = max(numbers) or 1
    bars = []
    for (first, last), number in zip(ranges, numbers, strict=True):
        x, end = scale(day_number(first)), scale(days_of_year(last)[1] + 1)
        from_, to = years.year_edtf(first), years.year_edtf(last)
        bars.append(
            Bar(
                name=years.range_name(first, last),
                label=years.start_name(first, last),
                count=number,
                x=x,
                width=round(end - x, 2),
                height=round(number / highest * BAR_HEIGHT, 1),
                query=chosen.query(from_=from_, to=to),
                is_chosen=_is_chosen(chosen, first, last),
            )
        )
    return bars


def _is_chosen(chosen: TimelineFilter, first: int, last: int) -> bool:
    if chosen.first is None or chosen.last is None:
        return False
    bounds = chosen.first.bounds.start_min, chosen.last.bounds.end_max
    return bounds == (day_number(first), days_of_year(last)[1])

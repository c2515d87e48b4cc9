"""The tracks of a timeline's picture: a mark for each milestone, its title where it has room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from timeline.counts import FIRST_YEAR, LAST_YEAR
from timeline.dates import Bounds, parse_edtf, show, year_of
from timeline.pages import MilestoneEntry

# Rows of one track; a mark that finds room in none stands on the emptiest, without its title.
MOST_ROWS = 4
# Titles are measured for a picture of 880 pixels; one that is far narrower goes without them.
_WIDTH = 880
_LETTER = 6.6
_SHAPE = 18
# A date that may be any of more days than these is only about known.
_YEAR = 366
# The hatched part of an end that is not known, in percent.
_HATCHED = 3.0


@dataclass(frozen=True, slots=True)
class Scale:
    """Days to percent of the width, from the beginning of `first` to the end of the day `last`."""

    first: int
    last: int

    def __call__(self, day: int) -> float:
        """Where a day begins; a day outside lies at the edge."""
        inside = min(max(day, self.first), self.last + 1)
        return round((inside - self.first) / (self.last + 1 - self.first) * 100, 2)


@dataclass(frozen=True, slots=True)
class Mark:
    """A milestone on its track, in percent: a shape at `x`, or a bar from there.

    `solid` is the width of what is known of a bar, `before` and `after` those of the hatched ends
    beside it; all are 0 for a shape. A bar that `goes_on` reaches beyond the picture.
    """

    element_id: str
    name: str
    title: str
    x: float
    solid: float = 0
    before: float = 0
    after: float = 0
    is_circa: bool = False
    goes_on: bool = False
    row: int = 0
    label: str = ""

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.x - self.before

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.x + self.solid + self.after

    @property
    def is_shape(self) -> bool:
        """Whether it is a point in time, as far as this picture shows."""
        return not (self.solid or self.before or self.after)


@dataclass(slots=True)
class Lane:
    """A track with its marks; `number` is that of its shape and colour, 0 for no track."""

    name: str
    number: int
    marks: list[Mark] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows of marks it has."""
        return max((mark.row for mark in self.marks), default=0) + 1


def lay_out(milestones: list[MilestoneEntry], scale: Scale, order: Sequence[str]) -> list[Lane]:
    """The tracks named in `order` with their marks; those of no such track come last.

    A milestone stands on each of its tracks.
    """
    places = {name: place for place, name in enumerate(order)}
    tracks: dict[tuple[int, str], list[MilestoneEntry]] = defaultdict(list)
    for milestone in milestones:
        named = [track for track in milestone.tracks if track[0] in places]
        for name, number in named or [("", 0)]:
            tracks[number, name].append(milestone)
    other = _("Other") if len(tracks) > 1 else ""
    lanes = []
    for number, name in sorted(tracks, key=lambda track: places.get(track[1], len(places))):
        marks = [_mark(milestone, scale) for milestone in tracks[number, name]]
        lanes.append(Lane(name or other, number, _placed(marks)))
    return lanes


def _placed(marks: list[Mark]) -> list[Mark]:
    """The marks on rows, each on the first where it fits with its title, else without.

    Where rows are crowded a title gives way to the mark that would stand on it.
    """
    free = [float("-inf")] * MOST_ROWS
    placed: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: mark.left):
        row, label, end = _place(mark, free) or _crowded(mark, placed)
        free[row] = max(free[row], end)
        placed.append(replace(mark, row=row, label=label))
    return placed


def _crowded(mark: Mark, placed: list[Mark]) -> tuple[int, str, float]:
    """A place for a mark that fits on no row: where the marks end first, whatever their titles."""
    ends = [float("-inf")] * MOST_ROWS
    for other in placed:
        ends[other.row] = max(ends[other.row], other.right)
    row = ends.index(min(ends))
    for index, other in enumerate(placed):
        if other.row == row and other.label == "after" and other.right + _title(other) > mark.left:
            placed[index] = replace(other, label="")
    return row, "", mark.right + _SHAPE / _WIDTH * 50


def _title(mark: Mark) -> float:
    """The width of a title, with the room between it and its mark."""
    return (len(mark.title) * _LETTER + _SHAPE) / _WIDTH * 100


def _place(mark: Mark, free: list[float]) -> tuple[int, str, float] | None:
    """A row, the side of the title ("after", "before" or ""), and where the row is free again.

    None where no row has room even for the mark alone.
    """
    half = _SHAPE / _WIDTH * 50
    title = _title(mark)
    left, right = mark.left - half, mark.right + half
    ways = [("after", left, mark.right + title), ("before", mark.left - title, right)]
    for label, begin, end in [way for way in ways if way[1] >= -half and way[2] <= 100]:
        for row, end_of_row in enumerate(free):
            if end_of_row <= begin:
                return row, label, end
    for row, end_of_row in enumerate(free):
        if end_of_row <= left:
            return row, "", right
    return None


def _mark(milestone: MilestoneEntry, scale: Scale) -> Mark:
    date = parse_edtf(milestone.date)
    values = {"date": show(date, short=True), "title": milestone.title}
    mark = Mark(milestone.element_id, _("%(date)s: %(title)s") % values, milestone.title, 0)
    loose = date.is_circa or date.is_uncertain
    if date.is_interval:
        return _interval(mark, date.bounds, scale, loose=loose)
    begin, end = scale(date.bounds.start_min), scale(date.bounds.end_max + 1)
    is_wide = date.bounds.end_max - date.bounds.start_min > _YEAR
    if not is_wide or end - begin <= 2 * _HATCHED:
        return replace(mark, x=round((begin + end) / 2, 2), is_circa=loose or is_wide)
    # One date of which only a decade or a century is known: hatched from end to end.
    return replace(mark, x=begin, after=round(end - begin, 2))


def _interval(mark: Mark, bounds: Bounds, scale: Scale, *, loose: bool) -> Mark:
    """A bar; where an end is open or only about known, its last part is hatched."""
    opens = loose or year_of(bounds.start_min) <= FIRST_YEAR
    closes = loose or year_of(bounds.end_max) >= LAST_YEAR
    begin, end = scale(bounds.start_min), scale(bounds.end_max + 1)
    before = min(_HATCHED, (end - begin) / 3) if opens else 0
    after = min(_HATCHED, (end - begin) / 3) if closes else 0
    solid = max(end - begin - before - after, 0.4)
    return replace(
        mark,
        x=round(min(begin + before, 99.6), 2),
        solid=round(solid, 2),
        before=round(before, 2),
        after=round(after, 2),
        goes_on=not closes and bounds.end_max > scale.last,
    )

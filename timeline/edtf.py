"""Strict EDTF: the grammar we keep, its meaning as four day numbers.

The grammar is a part of the Extended Date/Time Format of ISO 8601-2
(https://www.loc.gov/standards/datetime/), levels 0 and 1 and two things of level 2:

    2012  2017-06  2017-06-12      year, month, day
    -0043  Y-300000000             astronomical years (0000 is 1 BC); `Y` above four digits
    194X  19XX  1XXX  2004-XX      digits not known, from the right (1XXX is level 2)
    1968-21                        seasons: 21 spring, 22 summer, 23 autumn, 24 winter
    1912?  1940~  1940%            uncertain, approximate, both; of the whole date
    2012/2015  2012/..  ../2012    an extent; `..` is an open end: it goes on
    2012/  /2012                   an extent whose other end nobody knows
    [1914..1918]  [..1499]  [1501..]   one date somewhere in, before or after (level 2)

Left out on purpose: times of day, qualifiers inside a date, digits unknown in the middle,
exponents, lists and sets of several dates. There is one spelling for each value, so a text that
is read is already canonical.

Bounds. A date that is less precise than a day is one unknown instant in its span; `~` and `?` are
shown but not computed: nobody knows how far "about" reaches, and a reader who filters by a year
expects the year that is written. Seasons are those of the northern half of the Earth; the winter
of 1968 begins in December 1968 and ends in February 1969. Days are proleptic Gregorian as written,
without conversion from the Julian calendar.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from timeline.day_numbers import civil_date, day_number, days_in_month

# Beyond every day that can be written, within 64 bits, and exact as a number in JavaScript too.
OPEN_START = -(10**15)
OPEN_END = 10**15
# The universe is younger than this.
MAX_YEAR = 20_000_000_000
MAX_LENGTH = 100

Precision = Literal["millennium", "century", "decade", "year", "season", "month", "day"]
Kind = Literal["date", "interval", "one-of"]

_YEAR = r"(?:Y-?[1-9][0-9]{4,}|-?[0-9]{4}|-?[0-9]{3}X|-?[0-9]{2}XX|-?[0-9]XXX)"
# For those who look for EDTF inside longer text.
POINT_PATTERN = _YEAR + r"(?:-[0-9X]{2}){0,2}[~?%]?"
_POINT = re.compile(rf"({_YEAR})(?:-([0-9]{{2}}|XX))?(?:-([0-9]{{2}}|XX))?([~?%])?")
_PRECISION_OF_WIDTH: dict[int, Precision] = {1000: "millennium", 100: "century", 10: "decade"}
_FIRST_SEASON, _LAST_SEASON, _WINTER = 21, 24, 24


class DateError(ValueError):
    """A text that is no date we can keep; `str()` is a sentence for editors in their language."""

    def __init__(self, message: str | Promise, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values

    def __str__(self) -> str:
        return str(self.message) % self.values if self.values else str(self.message)


class NotEdtf(DateError):
    """The text does not have the form of EDTF at all."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The first and last possible day of the start and of the end; see `timeline.day_numbers`."""

    start_min: int
    start_max: int
    end_min: int
    end_max: int


@dataclass(frozen=True, slots=True)
class HistoricalDate:
    """A date as it is kept: its EDTF, what that means in days, and what a page wants to know.

    `precision` is that of the start, or of the end where the start is open or not known.
    """

    edtf: str
    bounds: Bounds
    is_interval: bool
    is_circa: bool
    is_uncertain: bool
    precision: Precision


@dataclass(frozen=True, slots=True)
class Point:
    """One date of any precision; `month` may be a season (21 to 24)."""

    first_year: int
    last_year: int
    month: int | None = None
    day: int | None = None
    circa: bool = False
    uncertain: bool = False

    @property
    def precision(self) -> Precision:
        """How exactly the date is known."""
        if self.day is not None:
            return "day"
        if self.month is not None:
            return "season" if self.month >= _FIRST_SEASON else "month"
        return _PRECISION_OF_WIDTH.get(self.last_year - self.first_year + 1, "year")

    @property
    def span(self) -> tuple[int, int]:
        """The first and last day number it may mean."""
        year, month = self.first_year, self.month
        if month is None:
            return day_number(year), day_number(self.last_year, 12, 31)
        if self.day is not None:
            number = day_number(year, month, self.day)
            return number, number
        if month == _WINTER:
            return day_number(year, 12), day_number(year + 1, 3) - 1
        first = last = month
        if month >= _FIRST_SEASON:
            first = (month - _FIRST_SEASON) * 3 + 3
            last = first + 2
        return day_number(year, first), day_number(year, last, days_in_month(year, last))


# An end that is not a date: open (`..`) or not known (the empty text).
Side = Point | Literal["..", ""]


@dataclass(frozen=True, slots=True)
class Expression:
    """What an EDTF text says. For a single date `start` and `end` are the same point."""

    kind: Kind
    start: Side
    end: Side

    @property
    def points(self) -> list[Point]:
        """The dates it names, one or two."""
        sides = [self.start] if self.kind == "date" else [self.start, self.end]
        return [side for side in sides if isinstance(side, Point)]


def year_edtf(year: int) -> str:
    """An astronomical year as EDTF."""
    if abs(year) > 9999:
        return f"Y{year}"
    return f"-{-year:04d}" if year < 0 else f"{year:04d}"


def qualifier(*, circa: bool, uncertain: bool) -> str:
    """The EDTF sign for approximate, uncertain, or both."""
    return {(True, True): "%", (True, False): "~", (False, True): "?"}.get((circa, uncertain), "")


def neighbour(point: Point, direction: Literal[-1, 1]) -> Point:
    """The last date before a point (-1) or the first after it (1), as precise as it makes sense.

    This is how "before 1500" becomes `[..1499]` and is read back.
    """
    first, last = point.span
    year, month, day = civil_date(first - 1 if direction < 0 else last + 1)
    marks = {"circa": point.circa, "uncertain": point.uncertain}
    if point.precision == "day":
        return Point(year, year, month, day, **marks)
    if point.precision in ("month", "season"):
        return Point(year, year, month, **marks)
    return Point(year, year, **marks)


def point_edtf(point: Point) -> str:
    """A point without unknown digits as EDTF."""
    text = year_edtf(point.first_year)
    for part in (point.month, point.day):
        if part is not None:
            text += f"-{part:02d}"
    return text + qualifier(circa=point.circa, uncertain=point.uncertain)


def _years(text: str) -> tuple[int, int]:
    """The first and last astronomical year that the year part of an EDTF date may mean."""
    if text == "-0000":
        raise DateError(_("There is no year -0000: write 0000 for 1 BC, or type “1 BC”."))
    sign = -1 if "-" in text else 1
    digits = text.lstrip("Y-")
    low = sign * int(digits.replace("X", "0"))
    high = sign * int(digits.replace("X", "9"))
    if max(abs(low), abs(high)) > MAX_YEAR:
        raise DateError(_("The year is too far away: write one within 20 billion years from now."))
    return min(low, high), max(low, high)


def _point(text: str) -> Point:
    """One side of an expression. Raises NotEdtf, or DateError for a day that does not exist."""
    match = _POINT.fullmatch(text)
    if match is None:
        raise NotEdtf(_("Write the date in EDTF, for example 2012, 2017-06-12, 194X or 2012/.."))
    year_text, month_text, day_text, mark = match.groups()
    first, last = _years(year_text)
    if month_text and ("X" in year_text or "Y" in year_text):
        raise DateError(_("Only a year of four known digits can have a month: leave it out."))
    if month_text == "XX" and day_text not in (None, "XX"):
        raise DateError(_("A day without its month cannot be kept: write the year alone."))
    month = int(month_text) if month_text and month_text != "XX" else None
    day = int(day_text) if day_text and day_text != "XX" else None
    if month is not None:
        _check_day(first, month, day_text, day)
    return Point(first, last, month, day, mark in ("~", "%"), mark in ("?", "%"))


def _check_day(year: int, month: int, day_text: str | None, day: int | None) -> None:
    is_season = _FIRST_SEASON <= month <= _LAST_SEASON
    if not 1 <= month <= 12 and not (is_season and day_text is None):
        raise DateError(
            _("There is no month %(month)s: write a month from 01 to 12."), month=f"{month:02d}"
        )
    if day is not None and not 1 <= day <= days_in_month(year, month):
        raise DateError(
            _("That month has no day %(day)s: write a day from 01 to %(last)s."),
            day=f"{day:02d}",
            last=days_in_month(year, month),
        )


def _side(text: str) -> Side:
    if text == "..":
        return ".."
    return _point(text) if text else ""


def read(text: str) -> Expression:
    """What an EDTF text says. Raises NotEdtf or DateError."""
    if len(text) > MAX_LENGTH:
        raise NotEdtf(_("This is too long for a date: write only the date."))
    kind: Kind
    if text.startswith("[") and text.endswith("]") and ".." in text:
        left, _dots, right = text[1:-1].partition("..")
        kind, start, end = "one-of", _side(left), _side(right)
    elif "/" in text:
        left, _slash, right = text.partition("/")
        kind, start, end = "interval", _side(left), _side(right)
    else:
        point = _point(text)
        kind, start, end = "date", point, point
    expression = Expression(kind, start, end)
    if not expression.points or (kind == "one-of" and ".." in (start, end)):
        raise NotEdtf(_("Write the date of at least one end, for example 2012/.. or ../2012."))
    return expression


def bounds_of(expression: Expression) -> Bounds:
    """The four day numbers of an expression. Raises DateError when the end is before the start."""
    # What is not known may be any day; an open end is certainly beyond every day.
    anything = (OPEN_START, OPEN_END)
    start, end = expression.start, expression.end
    first = start.span if isinstance(start, Point) else anything
    last = end.span if isinstance(end, Point) else anything
    if start == "..":
        first = (OPEN_START, OPEN_START)
    if end == "..":
        last = (OPEN_END, OPEN_END)
    if last[1] < first[0]:
        raise DateError(_("The end is before the start: write the earlier date first."))
    if expression.kind == "interval":
        # An end is never before its start, which narrows overlapping spans (2012-06/2012).
        return Bounds(first[0], min(first[1], last[1]), max(last[0], first[0]), last[1])
    return Bounds(first[0], last[1], first[0], last[1])


def parse_edtf(text: str) -> HistoricalDate:
    """Read strict EDTF. Raises DateError, whose text tells an editor what to write instead."""
    expression = read(text)
    points = expression.points
    return HistoricalDate(
        edtf=text,
        bounds=bounds_of(expression),
        is_interval=expression.kind == "interval",
        is_circa=any(point.circa for point in points),
        is_uncertain=any(point.uncertain for point in points),
        precision=points[0].precision,
    )

"""Ranges of years of equal length: where they lie, what they are called, how an address says them.

Years are astronomical: 0 is 1 BC. Ranges do not cross from one era into the other, so that they
begin at round years of either: 500–401 BC, 100–1 BC, 1–99, 100–199.
"""

from __future__ import annotations

from collections.abc import Iterator

from timeline.dates import MAX_YEAR, show

_STEPS = (1, 2, 5)
# So long before us that people count in millions of years ago, in which 1 BC is the year 0.
_DEEP = -1_000_000


def step_for(first: int, last: int, most: int) -> int:
    """The shortest round length of which `most` ranges or fewer cover the years."""
    fits = (step for step in lengths() if len(ranges(first, last, step, limit=most + 1)) <= most)
    return next(fits)


def ranges(first: int, last: int, step: int, *, limit: int) -> list[tuple[int, int]]:
    """The ranges of `step` years that cover the years `first` to `last`, at most `limit`."""
    found: list[tuple[int, int]] = []
    start = start_of(first, step)
    while start <= last and len(found) < limit:
        after = following(start, step)
        found.append((start, after - 1))
        start = after
    return found


def start_of(year: int, step: int) -> int:
    """The first year of the range that a year lies in."""
    if year <= 0:
        return 1 - ((-year) // step + 1) * step
    return max(1, year // step * step)


def following(start: int, step: int) -> int:
    """The first year of the range after the one that begins with `start`."""
    if start <= 0:
        return min(1, start + step)
    return step if start < step else start + step


def lengths() -> Iterator[int]:
    """The round lengths of ranges, shortest first: 1, 2, 5, 10, 20 and so on."""
    scale = 1
    while True:
        yield from (step * scale for step in _STEPS)
        scale *= 10


def before(last: int, step: int, number: int) -> int:
    """The first year of `number` ranges of which the last one holds the year `last`."""
    start = start_of(last, step)
    for _range in range(number - 1):
        start = start_of(start - 1, step)
    return start


def year_edtf(year: int) -> str:
    """A year as EDTF (ISO 8601-2): `0106`, `-0043`, `Y-300000000`.

    Round ranges reach beyond the years that can be written: those are the last one that can.
    """
    year = min(max(year, -MAX_YEAR), MAX_YEAR)
    if abs(year) > 9999:
        return f"Y{year}"
    return f"-{-year:04}" if year < 0 else f"{year:04}"


def range_name(first: int, last: int) -> str:
    """What readers call the range: "1940s", "1900–1949", "500–401 BC"."""
    if year_edtf(first) == year_edtf(last):
        return show(year_edtf(first))
    if 1000 <= first <= 9999 and first % 10 == 0 and last == first + 9:
        return show(f"{first // 10}X")
    return show(f"{year_edtf(_named(first, last))}/{year_edtf(last)}")


def start_name(first: int, last: int) -> str:
    """What readers call the beginning of the range: "1940", "500 BC", "350 million years ago"."""
    return show(year_edtf(_named(first, last)))


def _named(first: int, last: int) -> int:
    """The year to name as the first: a round one, where ranges of BC begin a year after it."""
    is_deep = first <= _DEEP and last - first >= 9
    return first - 1 if is_deep else first

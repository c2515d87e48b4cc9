"""A timeline that lost its structure: "Year Milestone 1903 First flight 1927 Across the ocean …".

Every date in the line may begin a milestone or belong to a title. What stands before and behind
each gives it a weight; of all selections in which the years never go back (or never forward, when
the newest comes first) the one with the greatest weight is taken.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from articles.formats.dated_lines import read_date, small_year, year_of_date
from articles.formats.timeline_weights import Depth, Found, Span, Style, around, weigh
from timeline.dates import HistoricalDate, find_dates, year_of

# A longer line is read, but no date is looked for behind this.
LONGEST = 300_000
_SMALL = re.compile(
    r"(?<![\w.,:$€£¥#/–-])(?<![–—-]\s)\d{1,3}(?=\s+[^\W\d_a-z]|\s*[:–—]\s+[^\W\d_a-z])"
)
# "960–1279": only in order with the others is it a range of years.
_SMALL_RANGE = re.compile(r"(?<![\w.,:$€£¥#/–-])\d{1,3}\s?[–-]\s?\d{3,4}(?=\s+[^\W\d_a-z])")
_CLEAR = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """A milestone that was cut out. `doubt` is a date inside the title that could begin another."""

    date: HistoricalDate
    title: str
    is_doubtful: bool
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """What a flattened timeline was cut into; `opening` stands before the first date."""

    opening: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    end: int
    date: HistoricalDate
    weight: int

    @property
    def year(self) -> int:
        return year_of_date(self.date)

    @property
    def reach(self) -> int:
        """The last year it may mean: a century may stand behind one of its own years."""
        is_rounded = "X" in self.date.edtf and "/" not in self.date.edtf
        return year_of(self.date.bounds.end_max) if is_rounded else self.year


def cut_timeline(text: str) -> Chain:
    """Cut a line at the dates that begin milestones. Without any the opening is the whole line."""
    candidates = _candidates(text)
    rising = _heaviest(candidates, text, 1)
    falling = _heaviest(candidates, text, -1)
    chosen = max(rising, falling, key=lambda chain: sum(item.weight for item in chain))
    if not chosen:
        return Chain(text, ())
    entries = []
    starts = [item.start for item in candidates]
    for item, following in zip(chosen, [*chosen[1:], None], strict=True):
        end = following.start if following else len(text)
        skipped = [
            text[other.start : other.end]
            for other in candidates[bisect_left(starts, item.end) : bisect_left(starts, end)]
            if other.weight >= _CLEAR and other.end <= end
        ]
        entries.append(
            Entry(
                date=item.date,
                title=_trimmed(text[item.end : end], following is not None),
                is_doubtful=item.weight < 10,
                doubt=", ".join(skipped),
            )
        )
    return Chain(text[: chosen[0].start].strip(" ([*_"), tuple(entries))


def _trimmed(text: str, is_followed: bool) -> str:
    """A title without the marks that divided it from its date and from the next."""
    text = re.sub(r"^[\s:：|–—=→>,;.)\]*_•·▪]+|^-+(?=\s)", "", text).strip()
    return re.sub(r"[\s|•·;([*_–—-]+$", "", text) if is_followed else text


def _candidates(text: str) -> list[_Candidate]:
    found = _with_small_ranges(text, find_dates(text[:LONGEST]))
    spans = [(start, end) for start, end, _date in found]
    for match in _SMALL.finditer(text[:LONGEST]):
        if int(match[0]) and _is_free(match, spans):
            found.append((match.start(), match.end(), small_year(int(match[0]))))
    found.sort(key=lambda item: item[0])
    depth = Depth(text)
    style = Style.of(text, found)
    candidates = []
    for start, end, date in found:
        weight = weigh(text, start, end, depth.at(start), style)
        if weight > 0:
            is_small = re.match(r"\d{1,3}(?!\d)", text[start:end]) and date.edtf[0] == "0"
            candidates.append(_Candidate(start, end, date, weight - 6 if is_small else weight))
    return [item for item in candidates if item.weight > 0]


def _with_small_ranges(text: str, found: Sequence[Found]) -> list[Found]:
    """The dates with ranges that begin before the year 1000, which only a whole text can be."""
    ranges = [
        (match.start(), match.end(), date)
        for match in _SMALL_RANGE.finditer(text[:LONGEST])
        if (date := read_date(match[0]))
    ]
    spans = [(start, end) for start, end, _date in ranges]
    starts = [start for start, _end in spans]
    kept = [
        item
        for item in found
        if not any(start <= item[0] < end for start, end in around(spans, starts, item[0]))
    ]
    return sorted([*kept, *ranges], key=lambda item: item[0])


def _is_free(match: re.Match[str], spans: Sequence[Span]) -> bool:
    """Whether no date of the ordered spans overlaps what was matched."""
    at = bisect_left(spans, match.span())
    near = spans[max(0, at - 1) : at + 1]
    return all(match.end() <= start or match.start() >= end for start, end in near)


def _heaviest(
    candidates: Sequence[_Candidate], text: str, direction: int
) -> tuple[_Candidate, ...]:
    """The heaviest selection whose years never go against `direction`.

    A weighted longest increasing subsequence with a binary indexed tree of maxima (Fenwick 1994).
    Of two dates with no word between them only one can be taken: the first enters the tree after
    the second was looked up.
    """
    years = sorted({direction * item.year for item in candidates})
    tree = [(0, -1)] * (len(years) + 1)
    before: list[int] = []
    waiting: tuple[int, int, int] | None = None
    totals: list[int] = []
    for at, item in enumerate(candidates):
        is_next_to = at > 0 and not re.search(r"\w", text[candidates[at - 1].end : item.start])
        if waiting and not is_next_to:
            _enter(tree, *waiting)
            waiting = None
        rank = bisect_left(years, direction * item.year) + 1
        latest = item.reach if direction > 0 else -item.year
        total, last = _look_up(tree, bisect_right(years, latest))
        totals.append(total + item.weight)
        before.append(last)
        if waiting:
            _enter(tree, *waiting)
        waiting = (rank, total + item.weight, at)
    chosen: list[_Candidate] = []
    at = max(range(len(totals)), key=lambda place: (totals[place], -place), default=-1)
    while at >= 0:
        chosen.append(candidates[at])
        at = before[at]
    return tuple(reversed(chosen))


def _enter(tree: list[tuple[int, int]], rank: int, total: int, at: int) -> None:
    while rank < len(tree):
        if total > tree[rank][0]:
            tree[rank] = (total, at)
        rank += rank & -rank


def _look_up(tree: list[tuple[int, int]], rank: int) -> tuple[int, int]:
    best = (0, -1)
    while rank > 0:
        if tree[rank][0] > best[0]:
            best = tree[rank]
        rank -= rank & -rank
    return best

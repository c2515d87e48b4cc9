"""A timeline that lost its structure: "Year Milestone 1903 First flight 1927 Across the ocean …".

Every date in the line may begin a milestone or belong to a title. What stands before and behind
each gives it a weight; of all selections in which the years never go back (or never forward, when
the newest comes first) the one with the greatest weight is taken.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from articles.formats.dated_lines import small_year, year_of_date
from articles.formats.text_lines import word_set
from timeline.dates import HistoricalDate, find_dates

# A longer line is read, but no date is looked for behind this.
LONGEST = 300_000
_HEADER_WORDS = word_set(
    "year years date dates period time when milestone milestones event events development "
    "developments what happened description details key achievement achievements significance "
    "timeline of and the title note notes era decade moment moments history"
)
_JOINS = word_set(
    "in on at by of to for from since until till before after during around about and or the a an "
    "its his her their this that with than over under between through circa via into within "
    "version model year years no. no # nr level section article phase top over nearly almost "
    "approximately exceed exceeds reach reaches"
)
_GOES_ON = word_set(
    "and or was were is are to by until when as of in on at for from which that who has had have "
    "percent per people users km kg years year times edition season olympics election agenda"
)
_SMALL = re.compile(
    r"(?<![\w.,:$€£¥#/–-])(?<![–—-]\s)\d{1,3}(?=\s+[^\W\d_a-z]|\s*[:–—]\s+[^\W\d_a-z])"
)
_MARK = re.compile(r"\s*[:：|→](?=\s)|\s*：|\s+[–—-]\s")
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


def is_header(text: str) -> bool:
    """Whether a text only names columns, as in "Year Milestone"."""
    words = re.findall(r"\w+", text.casefold())
    return bool(words) and len(words) <= 6 and all(word in _HEADER_WORDS for word in words)


def cut_timeline(text: str) -> Chain:
    """Cut a line at the dates that begin milestones. Without any the opening is the whole line."""
    candidates = _candidates(text)
    rising = _heaviest(candidates, text, 1)
    falling = _heaviest(candidates, text, -1)
    chosen = max(rising, falling, key=lambda chain: sum(item.weight for item in chain))
    if not chosen:
        return Chain(text, ())
    entries = []
    for item, following in zip(chosen, [*chosen[1:], None], strict=True):
        end = following.start if following else len(text)
        skipped = [
            text[other.start : other.end]
            for other in candidates
            if other.weight >= _CLEAR and item.end <= other.start and other.end <= end
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
    found = find_dates(text[:LONGEST])
    spans = [(start, end) for start, end, _date in found]
    for match in _SMALL.finditer(text[:LONGEST]):
        at = bisect_left(spans, match.span())
        near = spans[max(0, at - 1) : at + 1]
        if int(match[0]) and all(
            match.end() <= start or match.start() >= end for start, end in near
        ):
            found.append((match.start(), match.end(), small_year(int(match[0]))))
    found.sort(key=lambda item: item[0])
    depth = _Depth(text)
    style = _Style.of(text, found)
    candidates = []
    for start, end, date in found:
        weight = _weight(text, start, end, depth.at(start), style)
        if weight > 0:
            is_small = text[start:end].isdigit() and end - start < 4
            candidates.append(_Candidate(start, end, date, weight - 6 if is_small else weight))
    return [item for item in candidates if item.weight > 0]


@dataclass(frozen=True, slots=True)
class _Style:
    """How this line writes its dates: in brackets, or with a mark behind them."""

    is_bracketed: bool
    is_marked: bool

    @classmethod
    def of(cls, text: str, found: Sequence[tuple[int, int, HistoricalDate]]) -> _Style:
        marked = sum(_MARK.match(text, end) is not None for _start, end, _date in found)
        opening = text[: found[0][0]].rstrip() if found else ""
        return cls(opening.endswith(("(", "[")), 2 * marked >= max(2, len(found)))


class _Depth:
    """How deep in brackets each place of a text is; asked from left to right."""

    def __init__(self, text: str) -> None:
        self.text, self.place, self.depth = text, 0, 0

    def at(self, place: int) -> int:
        for char in self.text[self.place : place]:
            if char in "([":
                self.depth += 1
            elif char in ")]" and self.depth:
                self.depth -= 1
        self.place = place
        return self.depth


def _weight(text: str, start: int, end: int, depth: int, style: _Style) -> int:
    """How much speaks for a date to begin a milestone; nothing when it cannot."""
    before = text[max(0, start - 60) : start]
    behind = text[end : end + 60]
    if style.is_bracketed:
        if not before.endswith(("(", "[")) or behind[:1] not in (")", "]"):
            return 0
        before, behind, depth = before[:-1], behind[1:], depth - 1
    if depth > 0:
        return 0
    before, behind = before.rstrip("*_ "), behind.lstrip("*_")
    is_first = start < 60 and (not before.strip() or is_header(before))
    return max(0, 8 + (20 if is_first else _weight_before(before)) + _weight_behind(behind, style))


def _weight_before(before: str) -> int:
    last = before.rsplit(maxsplit=1)[-1]
    if before[-1] in '.!?;)”"»]|•·':
        return 0 if re.fullmatch(r"(?:vs|no|c|ca|e\.g|i\.e|approx)\.", last, re.IGNORECASE) else 4
    if before[-1] in ",:(–—-/&+":
        return -12
    if last.casefold().strip("“\"'") in _JOINS:
        return -20
    if last[:1].islower():
        return 3
    return 0 if last[:1].isdigit() else 1


def _weight_behind(behind: str, style: _Style) -> int:
    if not behind.strip():
        return -20
    if match := _MARK.match(behind):
        text = behind[match.end() :].lstrip()
        if not style.is_marked:
            # "2001: A Space Odyssey" among dates without a colon.
            return -2
        return 2 if text[:1].islower() else 5
    return _weight_next_word(behind) - (4 if style.is_marked else 0)


def _weight_next_word(behind: str) -> int:
    if behind[0] in ".,;)]/!?'’":
        return 0 if re.match(r"[.,]\s+[^\W\d_a-z]", behind) else -20
    word = re.match(r"\s*([\w'’-]+)", behind)
    if word is None:
        return 2
    if word[1].casefold() in _GOES_ON:
        return -20 if word[1].islower() else -4
    if word[1][0].isdigit():
        return -2
    # "iPhone", "mRNA": names may begin with a small letter, but rarely do.
    if word[1][0].islower():
        return 2 if any(char.isupper() for char in word[1]) else -5
    return 4


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
        total, last = _look_up(tree, rank)
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

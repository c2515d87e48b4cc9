"""How much speaks for a date in a flattened timeline to begin a milestone."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from articles.formats.text_lines import word_set
from timeline.dates import HistoricalDate

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
_RANGE_WORD = re.compile(r"(?:since|until|till?|up to|before|prior to|after|between|from)\s")
_QUOTED = re.compile(r"“[^“”]{1,100}”|(?<!\w)\"[^\"]{1,100}\"(?!\w)|«[^«»]{1,100}»")
_MARK = re.compile(r"\s*[:：|→](?=\s)|\s*：|\s+[–—-]\s")

type Span = tuple[int, int]
type Found = tuple[int, int, HistoricalDate]


def is_header(text: str) -> bool:
    """Whether a text only names columns, as in "Year Milestone"."""
    words = re.findall(r"\w+", text.casefold())
    return bool(words) and len(words) <= 6 and all(word in _HEADER_WORDS for word in words)


def around(spans: Sequence[Span], starts: Sequence[int], place: int) -> Sequence[Span]:
    """The last of the ordered spans that begins at a place or before it."""
    at = bisect_left(starts, place + 1)
    return spans[max(0, at - 1) : at]


@dataclass(frozen=True, slots=True)
class Style:
    """How this line writes its dates: in brackets, or with a mark behind them.

    `has_capitals` tells that its titles begin with capitals.
    """

    is_bracketed: bool
    is_marked: bool
    has_capitals: bool

    @classmethod
    def of(cls, text: str, found: Sequence[Found]) -> Style:
        """The style that most of the dates found in a line have."""
        marked = sum(_MARK.match(text, end) is not None for _start, end, _date in found)
        opening = text[: found[0][0]].rstrip() if found else ""
        capitals = sum(
            re.match(r"\W*[^\W\d_a-z]", text[end : end + 9]) is not None for _s, end, _d in found
        )
        return cls(
            opening.endswith(("(", "[")),
            2 * marked >= max(2, len(found)),
            2 * capitals >= max(2, len(found)),
        )


class Depth:
    """How deep in brackets and quotes each place of a text is; asked from left to right."""

    def __init__(self, text: str) -> None:
        self.text, self.place, self.depth = text, 0, 0
        self.quotes = [match.span() for match in _QUOTED.finditer(text)]
        self.starts = [start for start, _end in self.quotes]

    def at(self, place: int) -> int:
        """The number of open brackets and quotes at a place."""
        return self._brackets(place) + sum(
            start < place < end for start, end in around(self.quotes, self.starts, place)
        )

    def _brackets(self, place: int) -> int:
        for char in self.text[self.place : place]:
            if char in "([":
                self.depth += 1
            elif char in ")]" and self.depth:
                self.depth -= 1
        self.place = place
        return self.depth


def weigh(text: str, start: int, end: int, depth: int, style: Style) -> int:
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
    if is_first:
        return max(0, 28 + _weight_behind(behind, style))
    weight = 8 + _weight_before(before) + _weight_behind(behind, style)
    if _RANGE_WORD.match(text[start:end]) and before[-1:].isalnum():
        # "… closes the line till May 2021".
        weight -= 6
    is_within = style.has_capitals and re.match(r"\s+[a-z]+\b", behind)
    if is_within and re.search(r"[A-Z][\w'’-]*\s*$", before):
        # "Edition 2018 brings …" among titles that begin with capitals.
        weight -= 12
    return max(0, weight)


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


def _weight_behind(behind: str, style: Style) -> int:
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

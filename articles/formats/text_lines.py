"""The lines of a plain text, numbered as an editor numbers them; code and wrapping told apart."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from articles.markup.characters import scrub

TAB_WIDTH = 4
_LINE_ENDS = re.compile(r"\r\n?|\n")
# Ends of lines that editors do not count: form feed, vertical tab, NEL and Unicode's separators.
_SOFT_ENDS = re.compile("[\x0b\x0c\x85\u2028\u2029]")
# Marks without width that copying leaves before the first letter, and would hide a `#` or a bullet.
_INVISIBLE = "\u200b\u200e\u200f\u061c\u2060\ufeff\u202a\u202b\u202c\u202d\u202e"
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})(.*)")
# White space within a line that is wider than any column: it only costs time.
_GAP = re.compile(r"(?<=\S)\s{20,}(?=\S)")
_ENDS_SENTENCE = re.compile(r"""[.!?:;…。！？；：؟۔।:][\])}»”’"'*_`]*(?:\[\d+\])*$""")
# Texts are wrapped at some 40 to 120 characters; a longer line is a paragraph of its own.
_NARROWEST, _WIDEST = 40, 130
# Too short to have been wrapped before a name or a number.
_HALF_FULL = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its end. `level` is 1 to 6 for a heading, whose text stands in `text`."""

    number: int
    text: str
    in_code: bool = False
    level: int = 0

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to see."""
        return not self.text.strip()

    @property
    def indent(self) -> int:
        """Columns of white space before the first letter; a tab counts as four."""
        blank = self.text[: len(self.text) - len(self.text.lstrip())]
        return len(blank.expandtabs(TAB_WIDTH))

    @property
    def words(self) -> str:
        """The text without white space around it."""
        return self.text.strip()


def split_lines(text: str, first: int = 1) -> list[Line]:
    """The lines of a text, the first numbered `first`. Closed code fences are marked as code."""
    lines: list[Line] = []
    for number, raw in enumerate(_LINE_ENDS.split(text.removeprefix("\ufeff")), start=first):
        pieces = (scrub(_visible_start(piece)) for piece in _SOFT_ENDS.split(raw))
        lines.extend(Line(number, piece.rstrip()) for piece in pieces)
    in_code = _code_lines(lines)
    return [
        replace(line, in_code=True)
        if index in in_code
        else replace(line, text=_GAP.sub(_shorter_gap, line.text))
        for index, line in enumerate(lines)
    ]


def _shorter_gap(gap: re.Match[str]) -> str:
    return "\t" if "\t" in gap[0] else " " * TAB_WIDTH


def _visible_start(text: str) -> str:
    return text.lstrip(_INVISIBLE) if text[:1] in _INVISIBLE else text


def _code_lines(lines: Sequence[Line]) -> set[int]:
    """Indexes of the lines in code fences. A fence that nothing closes is taken as text."""
    found: set[int] = set()
    closing = _closing_fences(lines)
    index = 0
    while index < len(lines):
        match = _FENCE.fullmatch(lines[index].text)
        if match and not ("`" in match[1] and "`" in match[2]):
            ends = closing[match[1][0]]
            after = bisect_right(ends, (index, 0))
            end = next((at for at, width in ends[after:] if width >= len(match[1])), None)
            if end is not None:
                found.update(range(index, end + 1))
                index = end
        index += 1
    return found


def _closing_fences(lines: Sequence[Line]) -> dict[str, list[tuple[int, int]]]:
    """For each fence character the lines that can close a fence, with their width."""
    closing: dict[str, list[tuple[int, int]]] = {"`": [], "~": []}
    for index, line in enumerate(lines):
        if (match := _FENCE.fullmatch(line.text)) and not match[2].strip():
            closing[match[1][0]].append((index, len(match[1])))
    return closing


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does, quotes and brackets after the stop included."""
    return _ENDS_SENTENCE.search(text.rstrip()) is not None


def starts_low(text: str) -> bool:
    """Whether the first letter of a text is a small one, so that it goes on from a line before."""
    first = re.match(r"[\W_]*(\w)", text)
    return first is not None and first[1].islower()


def goes_on(before: str, after: str) -> bool:
    """Whether the line `after` is surely the rest of what the line `before` began."""
    return starts_low(after) and not ends_sentence(before)


def is_wrapped(texts: Sequence[str]) -> bool:
    """Whether lines were broken by width, not by meaning.

    A program that wraps text breaks a line where the next word would not fit: every line together
    with the first word of the next is longer than the longest line. At least one break must stand
    within a sentence, or the lines may be short paragraphs.
    """
    texts = [text.strip() for text in texts]
    if len(texts) < 2:
        return False
    width = max(len(text) for text in texts)
    if not _NARROWEST <= width <= _WIDEST:
        return False
    within_sentence = False
    for before, after in pairwise(texts):
        if not after or len(before) + 1 + len(after.split()[0]) <= width:
            return False
        if not ends_sentence(before) and (starts_low(after) or len(before) >= _HALF_FULL):
            within_sentence = True
    return within_sentence


def runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines between blank lines."""
    run: list[Line] = []
    for line in lines:
        if line.is_blank and not line.in_code:
            if run:
                yield run
            run = []
        else:
            run.append(line)
    if run:
        yield run


def shorten(text: str, limit: int = 60) -> str:
    """The beginning of a text for a message."""
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def word_set(words: str) -> frozenset[str]:
    """The words of a text, for tables that are easier to read than a list of strings."""
    return frozenset(words.split())

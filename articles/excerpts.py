"""The sentence around each use of a source or a term, for lists of what leans on it.

Works on the stored HTML of a text (see `markup.render`), in which each use is a token.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape

LONGEST = 320
# How much of a sentence is looked at on either side of a use: some have no end.
_AROUND = 4 * LONGEST

_PIECE = re.compile(r"<(?P<end>/?)(?P<tag>[a-z0-9-]+)[^>]*>|(?P<text>[^<]+)")
# Elements that stand in a line of text; all others part one line from the next.
_INLINE = {"a", "em", "strong", "code", "sup", "sub", "s", "del", "mp-cite", "mp-term"}
# Where a sentence ends: a stop, what closes behind it, white space, and no small letter after
# that, which would mean an abbreviation. Writing without spaces has stops of its own.
_STOP = re.compile(r"[.!?…؟][\"'”’»)\]]*\s+(?![a-zß-öø-ÿ0-9])|[。！？।]")


@dataclass(frozen=True, slots=True)
class Excerpts:
    """Plain text around each citation and each link to a term, in the order of the text."""

    citations: list[str]
    terms: list[str]


@dataclass(slots=True)
class _Line:
    """The text of one block as far as it was read, and where in it the uses stand."""

    text: str = ""
    marks: list[tuple[str, int]] = field(default_factory=list)


def excerpts(html: str) -> Excerpts:
    """The sentences around the tokens of a stored text; each is LONGEST characters at most."""
    found: dict[str, list[str]] = {"mp-cite": [], "mp-term": []}
    if "<mp-" not in html:
        return Excerpts([], [])
    line = _Line()
    for piece in _PIECE.finditer(html):
        if piece["text"] is not None:
            line.text += unescape(piece["text"])
        elif piece["tag"] in found and not piece["end"]:
            if piece["tag"] == "mp-cite":
                line.text = line.text.rstrip()
            line.marks.append((piece["tag"], len(line.text)))
        elif piece["tag"] not in _INLINE:
            _end(line, found)
            line = _Line()
    _end(line, found)
    return Excerpts(found["mp-cite"], found["mp-term"])


def _end(line: _Line, found: dict[str, list[str]]) -> None:
    ends = _sentence_ends(line.text) if line.marks else []
    for tag, at in line.marks:
        # A citation stands behind what it is about, a link at the beginning of its words.
        found[tag].append(sentence_at(line.text, at - 1 if tag == "mp-cite" else at, ends))


def _sentence_ends(text: str) -> list[int]:
    return [stop.end() for stop in _STOP.finditer(text)]


def sentence_at(text: str, at: int, ends: Sequence[int] | None = None) -> str:
    """The sentence of the text that has the character with this index, shortened to LONGEST.

    `ends` are the ends of all sentences, for whoever asks often about one text.
    """
    ends = _sentence_ends(text) if ends is None else ends
    # White space belongs to the sentence before it.
    at = min(max(at, 0), len(text) - 1)
    while at >= 0 and text[at].isspace():
        at -= 1
    place = bisect_right(ends, at)
    start = max(ends[place - 1] if place else 0, at - _AROUND)
    end = min(ends[place] if place < len(ends) else len(text), at + _AROUND)
    sentence = " ".join(text[start:end].split())
    where = len(" ".join(text[start : at + 1].split()))
    if len(sentence) <= LONGEST:
        return sentence
    # A quarter of it behind the use, the rest before; no word is cut but one that is very long.
    first = max(0, where - LONGEST * 3 // 4)
    last = first + LONGEST
    if first and " " in sentence[first : first + 40]:
        first = sentence.index(" ", first) + 1
    if last < len(sentence) and " " in sentence[last - 40 : last]:
        last = sentence.rindex(" ", 0, last)
    before, behind = "… " if first else "", " …" if last < len(sentence) else ""
    return f"{before}{sentence[first:last]}{behind}"

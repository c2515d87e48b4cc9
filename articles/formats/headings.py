"""Headings of a plain text: `#Heading`, `## Heading ##`, underlined ones, and what stands below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from articles.formats.text_lines import Line, ends_sentence

_ATX = re.compile(r"\s{0,3}(#{1,6})(\s*)([^#\s].*)")
_CLOSING = re.compile(r"\s+#+$|(?<=\w\w)#+$")
_UNDERLINE = re.compile(r"\s{0,3}(={3,}|-{3,})")
_ANCHOR = re.compile(r"\s*\{#[^\s{}]*\}$")
_EDIT_LINK = re.compile(r"\s*\[\s*edit(?:\s+source)?\s*\]$", re.IGNORECASE)
_EMPHASIS = re.compile(r"(\*\*\*|\*\*|__|\*|_)(?=\S)(.+?)(?<=\S)\1")
_LINK = re.compile(r"\[([^\[\]]+)\]\(\s*[^\s()]*\s*\)")
_HASHTAGS = re.compile(r"#\w+(?:\s+#\w+)+")
# A line with `#` and no space that is longer, or is a sentence, is text: "#1 in the charts …".
_LONGEST_TIGHT = 100
_LONGEST_UNDERLINED = 150


@dataclass(slots=True)
class Block:
    """A heading and the lines below it, up to the next heading."""

    heading: str
    level: int
    line: int
    lines: list[Line] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands below the heading."""
        return all(line.is_blank for line in self.lines)


def split_headings(lines: Sequence[Line]) -> tuple[list[Line], list[Block]]:
    """The lines before the first heading, and the headings with the lines below them."""
    opening: list[Line] = []
    blocks: list[Block] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        found = None if line.in_code else _read(lines, index)
        if found is None:
            (blocks[-1].lines if blocks else opening).append(line)
            index += 1
            continue
        level, text, length = found
        blocks.append(Block(clean_heading(text), level, line.number))
        index += length
    return opening, blocks


def clean_heading(text: str) -> str:
    """A heading's words, without closing `#`, emphasis, links, anchors and "[edit]"."""
    text = _CLOSING.sub("", text.strip())
    text = _EDIT_LINK.sub("", _ANCHOR.sub("", text))
    text = _LINK.sub(r"\1", text)
    return _EMPHASIS.sub(r"\2", text).strip()


def _read(lines: Sequence[Line], index: int) -> tuple[int, str, int] | None:
    """Level, text and number of lines of the heading that begins here."""
    text = lines[index].text
    if match := _ATX.fullmatch(text):
        marks, space, words = match.groups()
        is_heading = bool(space) or _is_tight_heading(text.strip(), words)
        is_heading = is_heading and bool(clean_heading(words))
        return (len(marks), words, 1) if is_heading else None
    if index + 1 < len(lines) and _is_underlined(lines, index):
        return (1 if "=" in lines[index + 1].text else 2, text, 2)
    return None


def _is_tight_heading(text: str, words: str) -> bool:
    """Whether `#Words` is a heading and no hashtag, no "#!/bin/sh" and no "#1 of the year"."""
    if words.startswith("!") or _HASHTAGS.fullmatch(text) or len(words) > _LONGEST_TIGHT:
        return False
    return words.endswith(("?", ":")) or not ends_sentence(words)


def _is_underlined(lines: Sequence[Line], index: int) -> bool:
    text, under = lines[index].text, lines[index + 1].text
    if not _UNDERLINE.fullmatch(under) or lines[index + 1].in_code:
        return False
    words = text.strip()
    if not words or "|" in words or len(words) > _LONGEST_UNDERLINED or _UNDERLINE.fullmatch(text):
        return False
    if re.match(r"[-*+•>]\s|\d{1,3}[.)]\s", words) or lines[index].indent > 3:
        return False
    return words.endswith("?") or not ends_sentence(words)

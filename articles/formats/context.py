"""What the readers of single regions share while one plain text is read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from articles.document import Part
from articles.formats.items import Item
from articles.formats.label_book import LabelBook, Prose
from articles.formats.notes import Notes

# A part with the number of the line it was read from.
type Placed[P: Part] = tuple[P, int]

_LINK = re.compile(
    r"!?\[([^\[\]]*)\]\(\s*<?([^\s()<>]+(?:\([^\s()]*\)[^\s()<>]*)*)>?(?:\s+\"[^\"]*\")?\s*\)"
)
_CITATION = re.compile(r"\s*\[\s*@[^\[\]]+\]")
_TERM = re.compile(r"\[\[([^\[\]|]+)(?:\\?\|([^\[\]]+))?\]\]")
_EMPHASIS = re.compile(r"(?<![\w*_])(\*\*\*|___|\*\*|__|\*|_)(?=\S)(.+?)(?<=\S)\1(?![\w*_])")
_CODE = re.compile(r"`([^`]+)`")
_EMPTY_STATE = re.compile(
    r"(?:none(?: yet| so far| listed)?|n/?a|nil|nothing(?: here)?|empty|tba|tbd"
    r"|to be (?:added|announced|done)|coming soon"
    r"|(?:there are )?(?:no|not) [\w\s,’'-]{0,60}|[-–—.…*]+)[.!…]*",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Context:
    """The evidence that a region's reader may need, and where it reports."""

    notes: Notes
    book: LabelBook
    prose: Prose
    # The title, when the text states it, and the texts an infobox may begin with.
    title: str = ""
    topics: Sequence[str] = field(default_factory=tuple)


def without_markup(text: str) -> tuple[str, str]:
    """A line for a field that holds no markup, and the links and citations it thereby loses."""
    kept: list[str] = []

    def link(match: re.Match[str]) -> str:
        kept.append(match[0])
        return match[1]

    def citation(match: re.Match[str]) -> str:
        kept.append(match[0].strip())
        return " " if text[match.end() : match.end() + 1].isalnum() else ""

    text = _LINK.sub(link, _CITATION.sub(citation, text))
    text = _TERM.sub(lambda match: match[2] or match[1], text)
    text = _CODE.sub(r"\1", text)
    for _ in range(3):
        text = _EMPHASIS.sub(r"\2", text)
    return text.strip(), " ".join(kept)


def is_empty_state(items: Sequence[Item]) -> bool:
    """Whether a region only says that it has nothing: "None.", "No references yet."."""
    return len(items) == 1 and _EMPTY_STATE.fullmatch(items[0].text.strip()) is not None

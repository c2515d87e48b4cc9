"""Items of a region: bulleted, numbered or one a line, with what belongs to each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from articles.formats.bullets import is_break, markers
from articles.formats.text_lines import Line, goes_on, is_wrapped, runs

# "• one • two • three" in one line.
_INLINE_BULLET = re.compile(r"\s+[•‣▪●◦■►]\s*|\s+·\s+")


@dataclass(slots=True)
class Item:
    """One item with the number of its first line; `below` are the items nested in it.

    `level` is that of a heading, 0 for text.
    """

    line: int
    text: str
    is_bulleted: bool = False
    level: int = 0
    after_blank: bool = False
    below: list[Item] = field(default_factory=list)

    @property
    def has_tail(self) -> bool:
        """Whether it only announces what follows: "The main events were:"."""
        return self.text.rstrip("*_ ").endswith((":", "："))

    def flat(self) -> Iterable[Item]:
        """The item and all that is nested in it, in order."""
        yield self
        for item in self.below:
            yield from item.flat()


def read_items(
    lines: Sequence[Line], starts: Callable[[str], bool] = lambda text: False
) -> list[Item]:
    """The items of a region's lines; tables are not looked at.

    `starts` tells whether a line surely begins an item, so that short lines of much the same length
    are not taken for one wrapped text.
    """
    items: list[Item] = []
    found = dict(zip((id(line) for line in lines), markers(lines), strict=True))
    for run in runs(lines):
        marked = [found[id(line)] for line in run]
        if not any(marked) and not any(line.level for line in run):
            items.extend(_bare_items(run, starts))
            continue
        stack: list[tuple[int, Item]] = []
        for at, (line, marker) in enumerate(zip(run, marked, strict=True)):
            if line.level:
                items.append(Item(line.number, line.words, level=line.level, after_blank=at == 0))
                stack = []
            elif marker:
                item = Item(line.number, marker.rest.strip(), True, after_blank=at == 0)
                _put(items, stack, line.indent, item)
            elif is_break(line.text):
                stack = []
            elif stack and _belongs(stack[-1], line) and not starts(line.words):
                stack[-1][1].text += f" {line.words}"
            else:
                items.append(Item(line.number, line.words, after_blank=at == 0))
                stack = []
    return _adopt_indented(items, lines)


def _put(items: list[Item], stack: list[tuple[int, Item]], indent: int, item: Item) -> None:
    """Hang a bulleted item below the one it is indented under."""
    while stack and stack[-1][0] >= indent:
        stack.pop()
    (stack[-1][1].below if stack else items).append(item)
    stack.append((indent, item))


def _belongs(top: tuple[int, Item], line: Line) -> bool:
    return line.indent > top[0] or goes_on(top[1].text, line.words)


def _bare_items(run: list[Line], starts: Callable[[str], bool]) -> list[Item]:
    """Lines without bullets: one item, when they were one wrapped text, or one each."""
    run = [line for line in run if not is_break(line.text)]
    begins = sum(starts(line.words) for line in run)
    if begins < 2 and is_wrapped([line.text for line in run]):
        return [Item(run[0].number, " ".join(line.words for line in run), after_blank=True)]
    items: list[Item] = []
    for at, line in enumerate(run):
        if items and goes_on(items[-1].text, line.words) and not starts(line.words):
            items[-1].text += f" {line.words}"
        else:
            items.append(Item(line.number, line.words, after_blank=at == 0))
    return items


def _adopt_indented(items: list[Item], lines: Sequence[Line]) -> list[Item]:
    """Give bulleted items the indented paragraphs that follow them after a blank line."""
    indents = {line.number: line.indent for line in lines}
    kept: list[Item] = []
    for item in items:
        owner = kept[-1] if kept else None
        is_inside = (
            owner is not None
            and owner.is_bulleted
            and not item.level
            and indents.get(item.line, 0) >= indents.get(owner.line, 0) + 2
        )
        if is_inside and owner is not None:
            owner.below.append(item)
        else:
            kept.append(item)
    return kept


def split_inline_bullets(items: Sequence[Item]) -> list[Item]:
    """Split lines such as "• one • two • three", where at least two bullets stand inside."""
    split: list[Item] = []
    for item in items:
        pieces = _INLINE_BULLET.split(item.text)
        enough = len(pieces) > 2 or (len(pieces) == 2 and item.is_bulleted)
        if enough and not item.below and all(piece.strip() for piece in pieces):
            split.extend(Item(item.line, piece.strip(), True) for piece in pieces)
        else:
            split.append(item)
    return split

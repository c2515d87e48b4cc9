"""The outline of a plain text: which heading is the title, which a region, which a section."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from articles.formats.comments_text import comments_start
from articles.formats.errors import FileError
from articles.formats.headings import Block
from articles.formats.items import read_items
from articles.formats.labels import split_label
from articles.formats.questions_text import asks
from articles.formats.regions import (
    Region,
    certain_region,
    fold_name,
    is_infobox_or_facts,
    is_known,
    possible_region,
)
from articles.formats.tables import Table, split_tables
from articles.formats.text_lines import Line, ends_sentence, word_set

# Headings of prose that no article has as its title.
_PROSE = word_set(
    "overview introduction intro background history conclusion conclusions definition description "
    "contents abstract preface basics"
)
_PROSE_BEGINNINGS = (
    "how it works",
    "history background",
    "background ",
    "introduction ",
    "overview ",
)


@dataclass(slots=True)
class Chapter:
    """A region, or a section when `region` is None, with all its lines.

    Headings below that of a region stand among its lines, as lines with a level.
    """

    region: Region | None
    heading: str
    level: int
    line: int
    lines: list[Line] = field(default_factory=list)
    is_certain: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands below the heading."""
        return all(line.is_blank for line in self.lines)


@dataclass(slots=True)
class Outline:
    """The title heading, what stands above the first region, the chapters and the comments."""

    title: Block | None
    chapters: list[Chapter]
    comments: list[Line]

    @property
    def lead(self) -> list[Line]:
        """The lines between the title's heading and the first chapter."""
        return self.title.lines if self.title else []

    def first(self, region: Region) -> Chapter | None:
        """The first chapter of a region."""
        return next((chapter for chapter in self.chapters if chapter.region is region), None)


def make_outline(blocks: list[Block]) -> Outline:
    """Order the blocks of a text. Raises FileError when they are two articles, or none."""
    blocks, comments = _without_comments(blocks)
    base = _base_level(blocks)
    title = _title_block(blocks, base)
    if title:
        blocks = [block for block in blocks if block is not title]
    chapters = _chapters(blocks, base)
    _settle_doubtful(chapters)
    _refuse_two_articles(chapters)
    return Outline(title, chapters, comments)


def _without_comments(blocks: list[Block]) -> tuple[list[Block], list[Line]]:
    """The blocks of the article, and the lines of the comments below it."""
    for at, block in enumerate(blocks):
        later = blocks[at + 1 :]
        if any(is_known(other.heading) and not _is_comments(other) for other in later):
            continue
        if any(other.level <= block.level and not _is_comments(other) for other in later):
            continue
        after_sources = any(
            certain_region(other.heading) is Region.REFERENCES for other in blocks[:at]
        )
        certain = certain_region(block.heading) is Region.COMMENTS
        if certain or (after_sources and possible_region(block.heading) is Region.COMMENTS):
            return blocks[:at], [*block.lines, *_flat(later)]
    for at, block in enumerate(blocks):
        later = blocks[at + 1 :]
        if not any(is_known(other.heading) for other in later):
            start = comments_start(block.lines)
            if start is not None and (not later or certain_region(block.heading)):
                comments = [*block.lines[start + 1 :], *_flat(later)]
                shortened = Block(block.heading, block.level, block.line, block.lines[:start])
                return [*blocks[:at], shortened], comments
    return blocks, []


def _is_comments(block: Block) -> bool:
    return certain_region(block.heading) is Region.COMMENTS


def _flat(blocks: Sequence[Block]) -> list[Line]:
    lines: list[Line] = []
    for block in blocks:
        lines.extend((Line(block.line, block.heading, level=block.level), *block.lines))
    return lines


def _base_level(blocks: Sequence[Block]) -> int:
    """The level on which the regions stand."""
    known = Counter(block.level for block in blocks if certain_region(block.heading))
    if known:
        return min(known, key=lambda level: (-known[level], level))
    levels = [block.level for block in blocks]
    if levels and levels.count(levels[0]) == 1 and len(levels) > 1 and levels[0] < min(levels[1:]):
        return min(levels[1:])
    return min(levels, default=1)


def _title_block(blocks: Sequence[Block], base: int) -> Block | None:
    """The block whose heading is the article's title. Raises FileError for two of them."""
    above = [block for block in blocks if block.level < base and _may_be_title(block)]
    with_regions = [block for block in above if _has_regions(block, blocks)]
    if len(with_regions) > 1:
        reason = _("A second article begins here, “%(second)s”; the first is “%(first)s”.")
        values = {"first": with_regions[0].heading, "second": with_regions[1].heading}
        raise FileError(with_regions[1].line, reason % values)
    if above and above[0] is blocks[0]:
        return above[0]
    if blocks and len(blocks) > 1 and _may_be_title(blocks[0]) and blocks[0].is_empty:
        # A heading with nothing below it, before all others.
        return blocks[0] if blocks[1].level <= blocks[0].level else None
    return None


def _may_be_title(block: Block) -> bool:
    has_letters = any(char.isalnum() for char in block.heading)
    return has_letters and not is_known(block.heading) and not is_prose_heading(block.heading)


def is_prose_heading(heading: str) -> bool:
    """Whether a heading is one that sections have and articles do not."""
    return fold_name(heading) in _PROSE or fold_name(heading).startswith(_PROSE_BEGINNINGS)


def _has_regions(title: Block, blocks: Sequence[Block]) -> bool:
    """Whether a region stands below this heading, before the next one of its level."""
    at = next(place for place, block in enumerate(blocks) if block is title)
    for block in blocks[at + 1 :]:
        if block.level <= title.level:
            return False
        if certain_region(block.heading):
            return True
    return False


# Chapters ---------------------------------------------------------------------------------------


def _chapters(blocks: Sequence[Block], base: int) -> list[Chapter]:
    chapters: list[Chapter] = []
    for block in blocks:
        current = chapters[-1] if chapters else None
        region = certain_region(block.heading)
        possible = possible_region(block.heading) if block.level <= base else None
        if region is Region.COMMENTS or possible is Region.COMMENTS:
            # With more of the article behind it, it is a section like any other.
            region = possible = None
        if region is None and possible is None and current and _belongs(block, current, base):
            current.lines.append(Line(block.line, block.heading, level=block.level))
            current.lines.extend(block.lines)
            continue
        if region is None and possible is None and is_infobox_or_facts(block.heading):
            possible = Region.FACTS
        level = 2 if block.level <= base or not chapters else 3
        chapters.append(
            Chapter(
                region or possible,
                block.heading,
                level,
                block.line,
                list(block.lines),
                bool(region),
            )
        )
    return chapters


def _belongs(block: Block, current: Chapter, base: int) -> bool:
    """Whether a heading that names no region is a part of the region above it."""
    if current.region in (None, Region.SHORT_ANSWER):
        return False
    if block.level > base:
        return True
    # "## FAQ" with "## What …?" on the same level below it.
    only_questions = all(
        line.is_blank or line.level for line in current.lines[: _first_heading(current.lines)]
    )
    return current.region is Region.QUESTIONS and asks(block.heading) and only_questions


def _first_heading(lines: Sequence[Line]) -> int:
    return next((at for at, line in enumerate(lines) if line.level), len(lines))


def _settle_doubtful(chapters: Sequence[Chapter]) -> None:
    """Decide for headings that only may be a region, by the others and by what stands below."""
    for at, chapter in enumerate(chapters):
        if chapter.region is None or chapter.is_certain:
            continue
        if is_infobox_or_facts(chapter.heading):
            chapter.region = _infobox_or_facts(chapter, chapters)
            continue
        taken = any(other.region is chapter.region and other is not chapter for other in chapters)
        prose_before = any(other.region is None for other in chapters[:at])
        misplaced = chapter.region is Region.SHORT_ANSWER and prose_before
        misfit = chapter.region in (Region.INFOBOX, Region.TERMS) and not _is_listed(chapter)
        if taken or misplaced or misfit:
            chapter.region = None


def _infobox_or_facts(chapter: Chapter, chapters: Sequence[Chapter]) -> Region:
    regions = {other.region for other in chapters if other is not chapter and other.is_certain}
    if Region.INFOBOX in regions:
        return Region.FACTS
    if Region.FACTS in regions:
        return Region.INFOBOX
    parts = split_tables(chapter.lines)
    items = [item for part in parts if not isinstance(part, Table) for item in read_items(part)]
    sentences = sum(ends_sentence(item.text) for item in items)
    return Region.FACTS if items and 2 * sentences >= len(items) else Region.INFOBOX


def _is_listed(chapter: Chapter) -> bool:
    """Whether a chapter is made of rows, bullets or short lines, and not of prose."""
    parts = split_tables(chapter.lines)
    if any(isinstance(part, Table) for part in parts):
        return True
    items = [item for part in parts if not isinstance(part, Table) for item in read_items(part)]
    rows = sum(item.is_bulleted or split_label(item.text) is not None for item in items)
    return 2 * rows >= len(items)


def _refuse_two_articles(chapters: Sequence[Chapter]) -> None:
    """Raise FileError when regions that an article has once stand there twice."""
    seen: dict[Region, Chapter] = {}
    repeated: list[tuple[Chapter, Chapter]] = []
    for chapter in chapters:
        if chapter.region is None or chapter.is_empty:
            continue
        if first := seen.get(chapter.region):
            repeated.append((first, chapter))
        seen.setdefault(chapter.region, chapter)
    kinds = {second.region for _first, second in repeated}
    is_two = Region.SHORT_ANSWER in kinds or (Region.INFOBOX in kinds and len(kinds) > 1)
    if is_two:
        first, second = repeated[0]
        reason = _(
            "A second article begins here: “%(heading)s” stood already in line %(line)d. "
            "Put each article into a file of its own."
        )
        raise FileError(second.line, reason % {"heading": second.heading, "line": first.line})

"""The timeline of a plain text: a milestone a line, date and title in turn, table, or one line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from django.utils.translation import gettext as _

from articles.document import Milestone
from articles.formats.context import Context, Placed, is_empty_state, without_markup
from articles.formats.dated_lines import Reading, elsewhere, leading, read_date
from articles.formats.items import Item, read_items, split_inline_bullets
from articles.formats.tables import Row, Table, split_tables
from articles.formats.text_lines import Line, ends_sentence, goes_on, shorten, word_set
from articles.formats.timeline_chain import cut_timeline
from articles.formats.timeline_weights import is_header
from articles.validation import LIMITS
from timeline.dates import HistoricalDate

_TRACKS = word_set("track tracks category categories type area kind theme field")
_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{3}[.!?。！？])\s+(?=[^a-z\s])|(?<=[。！？])")
_FIGURE = re.compile(r"\d+")
_FIGURE_AT_END = re.compile(r"\d\D{0,20}$")
# A line that begins like this says more about what stands above it.
_REFERS_BACK = re.compile(
    r"(?:this|that|these|those|it|its|he|she|they|his|her|their|the)\b", re.IGNORECASE
)
# Beyond every year.
_FAR = 10**12
# A title longer than this that is several sentences is a title and a text.
_LONG_TITLE = 160


@dataclass(slots=True)
class _Draft:
    """A milestone that is still being read; `alternative` is another way to read its line."""

    line: int
    reading: Reading
    source: str
    body: list[str] = field(default_factory=list)
    tracks: tuple[str, ...] = ()
    alternative: Reading | None = None
    is_bulleted: bool = False


@dataclass(slots=True)
class Timeline:
    """The milestones, and the items that have no date."""

    milestones: list[Placed[Milestone]] = field(default_factory=list)
    undated: list[Item] = field(default_factory=list)


def read_timeline(lines: Sequence[Line], context: Context) -> Timeline:
    """Read a timeline. Lines without a date go to the milestone above them, or stay undated."""
    return _Reader(context).read(lines)


def _starts_milestone(text: str) -> bool:
    return leading(text) is not None


class _Reader:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.notes = context.notes
        self.drafts: list[_Draft] = []
        self.undated: list[Item] = []

    def read(self, lines: Sequence[Line]) -> Timeline:
        for part in split_tables(lines):
            if isinstance(part, Table):
                self.table(part)
                continue
            items = split_inline_bullets(read_items(part, _starts_milestone))
            if is_empty_state(items):
                self.notes.info(items[0].line, _("The timeline is empty: “%s”.") % items[0].text)
                continue
            self.items(items)
        self.settle_order()
        milestones = [self.milestone(draft) for draft in self.drafts]
        return Timeline(milestones, self.undated)

    # One line ------------------------------------------------------------------------------

    def flattened(self, item: Item, *, is_only: bool) -> bool:
        """Cut a line that holds several milestones. Returns False when it holds one."""
        if item.is_bulleted or item.below or item.level or len(_FIGURE.findall(item.text)) < 2:
            return False
        chain = cut_timeline(item.text)
        if len(chain.entries) < (2 if is_only else 3):
            return False
        if is_header(chain.opening):
            message = _("Left out as column names: “%s”.")
            self.notes.info(item.line, message % chain.opening)
        elif re.search(r"\w", chain.opening):
            self.undated.append(Item(item.line, chain.opening))
        for entry in chain.entries:
            self.drafts.append(_Draft(item.line, Reading(entry.date, entry.title), entry.title))
            shown = {"date": entry.date.edtf, "title": shorten(entry.title, 40)}
            if entry.is_doubtful:
                message = _("“%(date)s” was taken for the date of “%(title)s”.")
                self.notes.guess(item.line, message % shown)
            if entry.doubt:
                message = _("“%(other)s” was left in the title of %(date)s, “%(title)s”.")
                self.notes.guess(item.line, message % {**shown, "other": entry.doubt})
        return True

    # Several lines -------------------------------------------------------------------------

    def items(self, items: Sequence[Item]) -> None:
        has_leading = any(leading(item.text) for item in items)
        for item in items:
            if is_header(item.text) and not leading(item.text):
                self.notes.info(item.line, _("Left out as column names: “%s”.") % item.text)
            elif not self.flattened(item, is_only=len(items) == 1):
                self.item(item, has_leading=has_leading)

    def item(self, item: Item, *, has_leading: bool) -> None:
        first = leading(item.text)
        may_end_in_date = first is None or _FIGURE_AT_END.search(item.text) is not None
        other = elsewhere(item.text) if may_end_in_date else None
        if first and first.why and other and other.why == "end":
            # "12 Angry Men opens (1957)": the number was only a guess.
            first = None
        children_dated = any(leading(child.text) for child in item.below)
        if first is None and children_dated:
            self.notes.lost(item.line, _("A heading inside the timeline: “%s”.") % item.text)
        elif first is None and (
            other is None or (has_leading and not self.may_be_own(item, other))
        ):
            self.without_date(item, has_leading=has_leading)
            return
        else:
            reading = first or other
            if reading is None:
                return
            if reading.why:
                self.note_guess(item, reading)
            alternative = other if first and other and other.why == "end" else None
            draft = _Draft(item.line, reading, item.text, alternative=alternative)
            draft.is_bulleted = item.is_bulleted
            self.drafts.append(draft)
        for child in item.below:
            if leading(child.text) and (first is None or not first.title):
                self.item(child, has_leading=True)
            elif self.drafts:
                self.drafts[-1].body.extend(f"- {part.text}" for part in child.flat())

    def may_be_own(self, item: Item, other: Reading) -> bool:
        """Whether a line among dated ones is a milestone, with its date not at its beginning."""
        if other.why == "end":
            return item.is_bulleted or item.level > 0 or item.text.endswith(")")
        last = self.drafts[-1] if self.drafts else None
        if last is None or not last.reading.title or last.body or _REFERS_BACK.match(item.text):
            return item.is_bulleted
        alike = ends_sentence(last.source) == ends_sentence(item.text)
        return item.is_bulleted == last.is_bulleted and alike and len(item.text) <= _LONG_TITLE

    def note_guess(self, item: Item, reading: Reading) -> None:
        why = {
            "end": _("the date stands at the end of the line"),
            "inside": _("the first date in the line was taken"),
        }.get(reading.why, _("a small number was taken for a year of our era"))
        values = {"date": reading.date.edtf, "text": shorten(item.text, 50), "why": why}
        message = _("%(date)s is the date of “%(text)s”: %(why)s.")
        self.notes.guess(item.line, message % values)

    def without_date(self, item: Item, *, has_leading: bool) -> None:
        last = self.drafts[-1] if self.drafts else None
        if item.level and has_leading:
            self.notes.lost(item.line, _("A heading inside the timeline: “%s”.") % item.text)
        elif last and not last.reading.title:
            last.reading = Reading(last.reading.date, item.text)
            last.source = item.text
            last.body.extend(f"- {part.text}" for child in item.below for part in child.flat())
        elif last and not item.is_bulleted:
            if not last.body and goes_on(last.reading.title, item.text):
                last.reading = Reading(last.reading.date, f"{last.reading.title} {item.text}")
            else:
                last.body.append(item.text)
                message = _("A line without a date went to the milestone above it: “%s”.")
                self.notes.guess(item.line, message % shorten(item.text, 50))
        else:
            self.undated.extend(item.flat())

    def settle_order(self) -> None:
        """Where a first date breaks the order and one at the line's end keeps it, take that."""
        years = [draft.reading.year for draft in self.drafts]
        rising = sum(a <= b for a, b in pairwise(years)) >= sum(a >= b for a, b in pairwise(years))
        for at, draft in enumerate(self.drafts):
            if draft.alternative is None or len(years) < 2:
                continue
            before = years[at - 1] if at else None
            after = years[at + 1] if at + 1 < len(years) else None
            low, high = (before, after) if rising else (after, before)
            low = -_FAR if low is None else low
            high = _FAR if high is None else high
            if low <= draft.alternative.year <= high and not low <= draft.reading.year <= high:
                draft.reading = draft.alternative
                years[at] = draft.reading.year
                self.note_guess(Item(draft.line, draft.source), draft.reading)

    # Tables --------------------------------------------------------------------------------

    def table(self, table: Table) -> None:
        rows = list(table.rows)
        names = (
            tuple(name.strip("*_ ").casefold() for name in table.header.cells)
            if table.header
            else ()
        )
        width = max(len(row.cells) for row in table.all_rows)
        dated = [
            sum(_cell_date(row, at) is not None for row in table.all_rows) for at in range(width)
        ]
        column = max(range(width), key=lambda at: (dated[at], -at))
        if table.header and _cell_date(table.header, column):
            rows.insert(0, table.header)
            names = ()
        elif table.header:
            cells = " | ".join(cell for cell in table.header.cells if cell)
            self.notes.info(table.header.line, _("Left out as column names: “%s”.") % cells)
        for row in rows:
            self.row(row, column, names)

    def row(self, row: Row, column: int, names: Sequence[str]) -> None:
        date = _cell_date(row, column)
        others = [(at, cell) for at, cell in enumerate(row.cells) if at != column and cell]
        if date is None or not others:
            text = " | ".join(cell for cell in row.cells if cell)
            if is_header(text):
                self.notes.info(row.line, _("Left out as column names: “%s”.") % text)
            elif text:
                self.undated.append(Item(row.line, text, is_bulleted=True))
            return
        tracks = [cell for at, cell in others if at < len(names) and names[at] in _TRACKS]
        texts = [cell for at, cell in others if not (at < len(names) and names[at] in _TRACKS)]
        if not texts:
            texts, tracks = tracks, []
        split = [name.strip() for cell in tracks for name in re.split(r"[,;/]", cell)]
        reading = Reading(date, texts[0])
        self.drafts.append(
            _Draft(row.line, reading, texts[0], body=texts[1:], tracks=tuple(filter(None, split)))
        )

    # Result --------------------------------------------------------------------------------

    def milestone(self, draft: _Draft) -> Placed[Milestone]:
        text, links = without_markup(draft.reading.title)
        title, rest = _split_title(text)
        if not title:
            title = draft.source
            self.notes.guess(draft.line, _("A date without a title: “%s”.") % draft.source)
        blocks = [rest, links, _joined(draft.body)]
        return (
            Milestone(
                date=draft.reading.date.edtf,
                title=title,
                body="\n\n".join(block for block in blocks if block),
                tracks=draft.tracks,
            ),
            draft.line,
        )


def _cell_date(row: Row, column: int) -> HistoricalDate | None:
    """The date that a cell is, if it is one."""
    if column >= len(row.cells) or not row.cells[column]:
        return None
    text = row.cells[column]
    if date := read_date(text):
        return date
    found = leading(text)
    return found.date if found and not found.title else None


def _split_title(text: str) -> tuple[str, str]:
    """A title that fits, and what else the line said."""
    if len(text) > _LONG_TITLE:
        pieces = _SENTENCE_END.split(text, maxsplit=1)
        if len(pieces) == 2 and len(pieces[0]) <= LIMITS["title"]:
            return pieces[0], pieces[1]
    if len(text) > LIMITS["title"]:
        return shorten(text, LIMITS["title"]), text
    return text, ""


def _joined(blocks: Sequence[str]) -> str:
    """Paragraphs with a blank line between them, list items without."""
    text = ""
    for at, block in enumerate(blocks):
        both_items = at > 0 and block.startswith("- ") and blocks[at - 1].startswith("- ")
        text += ("" if at == 0 else "\n" if both_items else "\n\n") + block
    return text

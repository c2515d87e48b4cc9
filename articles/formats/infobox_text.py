"""The infobox of a plain text: a table, one row a line, label and value in turn, or one line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from articles.document import InfoboxRow
from articles.formats.context import Context, Placed, is_empty_state, without_markup
from articles.formats.flattened import cut_rows
from articles.formats.items import Item, read_items, split_inline_bullets
from articles.formats.label_book import fold_words
from articles.formats.labels import is_label, split_label, unbold
from articles.formats.tables import Row, Table, split_tables
from articles.formats.text_lines import Line, ends_sentence, shorten, starts_low, word_set
from articles.validation import LIMITS

_HEADER_LABELS = word_set(
    "field property attribute label key name item category aspect parameter characteristic "
    "feature specification fact topic element detail information"
)
_HEADER_VALUES = word_set(
    "value values detail details description information info data content answer specification"
)
_FLAT_HEADER = re.compile(
    r"(?:Field|Property|Attribute|Label|Key|Item|Category|Aspect|Parameter|Feature)s?\s+"
    r"(?:Values?|Details?|Description|Information|Info|Data)\s+(?=[A-Z])"
)
_COLUMNS = re.compile(r"\t+|\s+\|\s+|\s{2,}(?=\S)|\s+::\s+|\s*=\s+")


@dataclass(slots=True)
class Infobox:
    """The rows, and the text above them, which mostly is the article's title."""

    rows: list[Placed[InfoboxRow]] = field(default_factory=list)
    title: str = ""
    title_line: int = 0


def read_infobox(lines: Sequence[Line], heading: str, context: Context) -> Infobox:
    """Read an infobox. What cannot be split stays whole, as a row named like the heading."""
    return _Reader(heading, context).read(lines)


class _Reader:
    def __init__(self, heading: str, context: Context) -> None:
        self.heading = heading
        self.context = context
        self.notes = context.notes
        self.box = Infobox()
        self.titles = [text for text in (context.title, *context.topics) if text]

    def read(self, lines: Sequence[Line]) -> Infobox:
        for part in split_tables(lines):
            if isinstance(part, Table):
                self.table(part)
                continue
            items = split_inline_bullets(read_items(part, self.starts_row))
            if not items:
                continue
            if is_empty_state(items):
                self.notes.info(items[0].line, _("The infobox is empty: “%s”.") % items[0].text)
            elif len(items) == 1 and not items[0].below:
                self.single(items[0])
            else:
                self.items(items)
        return self.box

    def starts_row(self, text: str) -> bool:
        found = split_label(text) is not None or len(_COLUMNS.split(text)) == 2
        return found or self.leading_label(text) > 0

    def leading_label(self, text: str) -> int:
        words = fold_words(text.replace(":", " "))
        length = self.context.book.leading(words)
        return length if text[:1].isupper() and length < len(words) else 0

    # Rows ----------------------------------------------------------------------------------

    def add(self, label: str, value: str, line: int) -> None:
        label, links = without_markup(unbold(label).rstrip(":： "))
        value = value.strip().lstrip(":： ").strip()
        if links:
            value = f"{value} {links}".strip()
        if len(label) > LIMITS["label"]:
            message = _("“%s” is too long for a label; the row is kept whole.")
            self.notes.guess(line, message % shorten(label))
            label, value = self.heading, f"{label} {value}".strip()
        if label and value:
            self.box.rows.append((InfoboxRow(label=label, value=value), line))
        elif label or value:
            self.notes.lost(line, _("A row without a value: “%s”.") % (label or value))

    def set_title(self, text: str, line: int) -> None:
        text = without_markup(text)[0]
        known = [_letters(title) for title in self.titles]
        is_title = len(_letters(text)) > 0 and len(text) <= LIMITS["title"]
        if not is_title or (self.context.title and _letters(text) not in known):
            self.notes.lost(line, _("A text above the infobox's rows: “%s”.") % text)
        elif not self.box.title:
            self.box.title, self.box.title_line = text, line
        elif _letters(text) != _letters(self.box.title):
            self.notes.lost(line, _("A text above the infobox's rows: “%s”.") % text)

    def keep_whole(self, item: Item, text: str) -> None:
        message = _("No label was found in “%s”; the line is kept whole.")
        self.notes.guess(item.line, message % shorten(text))
        self.add(self.heading, text, item.line)

    # One line ------------------------------------------------------------------------------

    def single(self, item: Item) -> None:
        """All rows in one line, or one row."""
        text = item.text
        if (match := _FLAT_HEADER.search(text)) and self.may_be_header(text[: match.start()]):
            self.notes.info(item.line, _("Left out as column names: “%s”.") % match[0].strip())
            text = text[: match.start()] + text[match.end() :]
        if not self.cut(item, text, has_title=bool(self.context.title)):
            if (found := split_label(text, dashes=True)) and found[1]:
                self.add(*found, item.line)
            elif any(_letters(text) == _letters(title) for title in self.titles):
                self.set_title(text, item.line)
            else:
                self.keep_whole(item, text)

    def may_be_header(self, opening: str) -> bool:
        return not opening.strip() or any(_letters(opening) == _letters(t) for t in self.titles)

    def cut(self, item: Item, text: str, *, has_title: bool, is_only: bool = True) -> bool:
        """Cut a flattened line into rows. Returns False when it cannot be.

        The only line of an infobox must give two rows, or a title and a row.
        """
        pieces = re.split(r"\s+\|\s+|\s*;\s+", text)
        if (
            len(pieces) > 2
            and sum(split_label(piece) is not None for piece in pieces) >= len(pieces) - 1
        ):
            self.items([Item(item.line, piece) for piece in pieces])
            return True
        context = self.context
        cut = cut_rows(text, context.book, context.prose, titles=self.titles, has_title=has_title)
        is_one_row = len(cut.rows) == 1 and self.may_be_header(cut.opening)
        if len(cut.rows) < 2 and not (is_one_row and (cut.opening or not is_only)):
            return False
        if cut.opening:
            self.set_title(cut.opening, item.line)
        for row in cut.rows:
            self.add(row.label, row.value, item.line)
            if not row.is_known:
                message = _(
                    "“%(label)s” was taken for a label by its capitals, before “%(value)s”."
                )
                values = {"label": row.label, "value": shorten(row.value, 30)}
                self.notes.guess(item.line, message % values)
            if row.doubt:
                message = _("The value of “%(label)s” may hold another row from “%(words)s” on.")
                self.notes.guess(item.line, message % {"label": row.label, "words": row.doubt})
        return True

    # Several lines -------------------------------------------------------------------------

    def items(self, items: Sequence[Item]) -> None:
        items = self.without_title(items)
        if self.in_turn(items):
            return
        by_label = sum(self.leading_label(item.text) > 0 for item in items) * 2 >= len(items)
        index = 0
        while index < len(items):
            item = items[index]
            below = [part.text for child in item.below for part in child.flat()]
            index += 1
            label, value = self.split(item, by_label=by_label)
            if label and not value and not below:
                index = self.gather(items, index, below)
            if label:
                self.add(label, ", ".join(text for text in (value, *below) if text), item.line)
            elif item.level:
                self.notes.lost(item.line, _("A heading inside the infobox: “%s”.") % item.text)
            elif self.goes_on(item):
                self.extend(", ".join((item.text, *below)))
            elif below or not self.cut(item, item.text, has_title=True, is_only=False):
                self.keep_whole(item, ", ".join((item.text, *below)))

    def without_title(self, items: Sequence[Item]) -> Sequence[Item]:
        """The items without a first one that names the article."""
        first = items[0]
        known = any(_letters(first.text) == _letters(title) for title in self.titles)
        labelled = sum(self.split(item, by_label=True)[0] != "" for item in items[1:])
        unlabelled = not self.split(first, by_label=True)[0] and not first.below
        is_title = len(first.text) < 150 and not ends_sentence(first.text)
        pairs = len(items) % 2 == 1 < len(items) and self.knows(items[1]) and not self.knows(first)
        if known or (unlabelled and is_title and (pairs or 2 * labelled >= len(items))):
            self.set_title(first.text, first.line)
            return items[1:]
        return items

    def knows(self, item: Item) -> bool:
        return self.context.book.knows(fold_words(item.text.rstrip(":： ")))

    def in_turn(self, items: Sequence[Item]) -> bool:
        """Read lines that are label and value in turn. Returns False when they are not."""
        labels, values = items[0::2], items[1::2]
        if len(items) < 2 or len(labels) != len(values) or any(item.below for item in items):
            return False
        if any(split_label(item.text) for item in labels):
            return False
        known = sum(self.knows(item) for item in labels)
        if 2 * known < len(labels) or any(self.knows(item) for item in values):
            return False
        if not all(is_label(item.text, others=True) for item in labels):
            return False
        for label, value in zip(labels, values, strict=True):
            self.add(label.text, value.text, label.line)
        return True

    def split(self, item: Item, *, by_label: bool) -> tuple[str, str]:
        """Label and value of one line; both empty when nothing tells them apart."""
        text = item.text
        if item.level:
            return (text, "") if self.knows(item) else ("", "")
        if found := split_label(text, others=True):
            return found
        columns = [cell for cell in _COLUMNS.split(text, maxsplit=1) if cell]
        if len(columns) == 2 and is_label(columns[0], others=True):
            return columns[0], columns[1]
        if found := split_label(text, dashes=True, others=True):
            return found
        if by_label and (length := self.leading_label(text)):
            words = text.split()
            return " ".join(words[:length]), " ".join(words[length:])
        return (text, "") if self.knows(item) else ("", "")

    def gather(self, items: Sequence[Item], index: int, values: list[str]) -> int:
        """Take the lines without a label after a label without a value. Returns the next index."""
        while index < len(items):
            item = items[index]
            if item.level or self.split(item, by_label=True)[0] or self.knows(item):
                break
            values.extend(part.text for part in item.flat())
            index += 1
        return index

    def goes_on(self, item: Item) -> bool:
        return bool(self.box.rows) and (
            starts_low(item.text) or self.box.rows[-1][0].value.endswith((",", "،", "、"))
        )

    def extend(self, text: str) -> None:
        row, line = self.box.rows[-1]
        self.box.rows[-1] = (InfoboxRow(label=row.label, value=f"{row.value} {text}"), line)

    # Tables --------------------------------------------------------------------------------

    def table(self, table: Table) -> None:
        rows = list(table.all_rows)
        if table.header and len(rows) == 2 and len(rows[0].cells) > 2:
            pairs = zip(rows[0].cells, rows[1].cells, strict=False)
            rows = [Row(rows[1].line, pair) for pair in pairs]
        for at, row in enumerate(rows):
            cells = [cell for cell in row.cells if cell]
            if at == 0 and self.is_header(row.cells):
                if cells:
                    names = " | ".join(cells)
                    self.notes.info(row.line, _("Left out as column names: “%s”.") % names)
            elif len(cells) > 1:
                self.add(cells[0], ", ".join(cells[1:]), row.line)
            elif cells and at == 0:
                self.set_title(unbold(cells[0]), row.line)
            elif cells:
                self.notes.lost(row.line, _("A row without a value: “%s”.") % cells[0])

    @staticmethod
    def is_header(cells: Sequence[str]) -> bool:
        names = [unbold(cell).casefold().rstrip("s:") for cell in cells]
        values = {value.rstrip("s") for value in _HEADER_VALUES}
        if not any(names):
            return True
        return (
            len(names) > 1
            and (names[0] in _HEADER_LABELS or not names[0])
            and all(name in values for name in names[1:])
        )


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())

"""The facts of a plain text: `Label: statement` with any bullet, one a line, or as a table."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from articles.document import Fact
from articles.formats.context import Context, Placed, is_empty_state, without_markup
from articles.formats.items import Item, read_items, split_inline_bullets
from articles.formats.labels import is_label, split_label, unbold
from articles.formats.tables import Table, split_tables
from articles.formats.text_lines import Line, ends_sentence, shorten, word_set

_HEADER = word_set(
    "fact facts label statement description detail details aspect category topic value feature "
    "information item explanation"
)
# Where the next fact may begin in a line that holds several: behind a sentence, before a label.
_NEXT_FACT = re.compile(r"(?<=[.!?。])\s+(?=[A-Z][^.!?:]{1,60}:\s)")


def read_facts(lines: Sequence[Line], context: Context) -> list[Placed[Fact]]:
    """Read facts. A line without a label is a fact without one."""
    facts: list[Placed[Fact]] = []
    for part in split_tables(lines):
        if isinstance(part, Table):
            facts.extend(_table_facts(part, context))
            continue
        items = split_inline_bullets(read_items(part, lambda text: split_label(text) is not None))
        if is_empty_state(items):
            context.notes.info(items[0].line, _("There are no facts: “%s”.") % items[0].text)
            continue
        items = _split_flattened(items, context)
        facts.extend(_label_lines(items) or _item_facts(items, context))
    return facts


def _table_facts(table: Table, context: Context) -> list[Placed[Fact]]:
    facts: list[Placed[Fact]] = []
    for at, row in enumerate(table.all_rows):
        cells = [cell for cell in row.cells if cell]
        if at == 0 and all(unbold(cell).casefold() in _HEADER for cell in cells):
            names = " | ".join(cells)
            context.notes.info(row.line, _("Left out as column names: “%s”.") % names)
        elif len(cells) == 1:
            facts.append((_fact("", cells[0]), row.line))
        elif cells:
            facts.append((_fact(cells[0], ", ".join(cells[1:])), row.line))
    return facts


def _fact(label: str, statement: str) -> Fact:
    label, links = without_markup(unbold(label))
    return Fact(label=label, statement=f"{statement} {links}".strip())


def _split_flattened(items: list[Item], context: Context) -> list[Item]:
    """Split a single line that holds several facts at the labels behind its sentences."""
    if len(items) != 1 or items[0].is_bulleted or items[0].below:
        return items
    pieces = _NEXT_FACT.split(items[0].text)
    if len(pieces) < 2 or not all(split_label(piece) for piece in pieces):
        return items
    message = _("One line was split into %d facts, at its labels.")
    context.notes.guess(items[0].line, message % len(pieces))
    return [Item(items[0].line, piece) for piece in pieces]


def _label_lines(items: Sequence[Item]) -> list[Placed[Fact]]:
    """Facts whose label stands on a line of its own above the statement."""
    labels, statements = items[0::2], items[1::2]
    if len(items) < 4 or len(labels) != len(statements):
        return []
    for label, statement in zip(labels, statements, strict=True):
        stands_alone = is_label(label.text) and not ends_sentence(label.text) and not label.below
        if not stands_alone or not ends_sentence(statement.text) or statement.level:
            return []
        if (
            split_label(statement.text)
            or statement.below
            or label.is_bulleted != items[0].is_bulleted
        ):
            return []
    return [
        (_fact(label.text, statement.text), label.line)
        for label, statement in zip(labels, statements, strict=True)
    ]


def _item_facts(items: Sequence[Item], context: Context) -> list[Placed[Fact]]:
    labelled = sum(split_label(item.text) is not None for item in items)
    others = labelled >= 2 and 2 * labelled >= len(items)
    dashed = sum(split_label(item.text, dashes=True) is not None for item in items) - labelled
    dashes = dashed >= 2 and 2 * dashed >= len(items)
    facts: list[Placed[Fact]] = []
    heading: Item | None = None
    for at, item in enumerate(items):
        following = items[at + 1] if at + 1 < len(items) else None
        if item.level:
            if heading:
                context.notes.lost(
                    heading.line, _("A heading without a fact: “%s”.") % heading.text
                )
            heading = item
            continue
        announces = item.has_tail and not item.is_bulleted and not item.below and not heading
        if announces and following and following.is_bulleted:
            message = _("A line that only announces the facts: “%s”.")
            context.notes.lost(item.line, message % item.text)
            continue
        label, statement = split_label(item.text, dashes=dashes, others=others) or ("", item.text)
        if heading:
            label, statement, line = heading.text, item.text, heading.line
            heading = None
        else:
            line = item.line
        facts.append((_with_below(label, statement, item, context), line))
    if heading:
        context.notes.lost(heading.line, _("A heading without a fact: “%s”.") % heading.text)
    return facts


def _with_below(label: str, statement: str, item: Item, context: Context) -> Fact:
    """A fact with the items nested in it, which a statement holds in one line."""
    below = [part.text.rstrip(";") for child in item.below for part in child.flat()]
    if below:
        message = _("The list below “%s” became a part of the statement.")
        context.notes.guess(item.line, message % shorten(item.text, 40))
        statement = f"{statement} {'; '.join(below)}".strip()
    if label and not statement:
        return _fact("", item.text)
    return _fact(label, statement)

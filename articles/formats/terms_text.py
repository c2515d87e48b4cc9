"""The related terms of a plain text: with definitions, as a list, or in one line with commas."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from articles.document import RelatedTerm
from articles.formats.context import Context, Placed, is_empty_state, without_markup
from articles.formats.items import Item, read_items, split_inline_bullets
from articles.formats.labels import split_label, unbold
from articles.formats.tables import Table, split_tables
from articles.formats.text_lines import Line, ends_sentence, word_set
from articles.validation import LIMITS

_SEPARATORS = (
    re.compile(r"\s*[;；]\s*"),
    re.compile(r"\s+[|•·/]\s+"),
    re.compile(r"\s*[,،、，]\s*(?:(?:and|or)\s+)?"),
)
_HEADER = word_set("term terms concept definition definitions meaning description word")
_MOST_WORDS = 8
_LAST_AND = re.compile(r"^(.+?)\s+and\s+(.+)$")


@dataclass(slots=True)
class Terms:
    """The terms, and the items that are none."""

    terms: list[Placed[RelatedTerm]] = field(default_factory=list)
    others: list[Item] = field(default_factory=list)


def read_terms(lines: Sequence[Line], context: Context) -> Terms:
    """Read related terms. A sentence that defines nothing is none and stays among the others."""
    result = Terms()
    for part in split_tables(lines):
        if isinstance(part, Table):
            _read_table(part, result, context)
            continue
        items = split_inline_bullets(read_items(part, lambda text: split_label(text) is not None))
        if is_empty_state(items):
            message = _("There are no related terms: “%s”.")
            context.notes.info(items[0].line, message % items[0].text)
            continue
        for at, item in enumerate(items):
            following = items[at + 1] if at + 1 < len(items) else None
            if item.level:
                message = _("A heading among the related terms: “%s”.")
                context.notes.lost(item.line, message % item.text)
            elif item.has_tail and not item.is_bulleted and following and following.is_bulleted:
                message = _("A line that only announces the terms: “%s”.")
                context.notes.lost(item.line, message % item.text)
            else:
                _read_item(item, result)
    return result


def _read_table(table: Table, result: Terms, context: Context) -> None:
    for at, row in enumerate(table.all_rows):
        cells = [cell for cell in row.cells if cell]
        if at == 0 and all(unbold(cell).casefold() in _HEADER for cell in cells):
            names = " | ".join(cells)
            context.notes.info(row.line, _("Left out as column names: “%s”.") % names)
        elif cells:
            _add(result, cells[0], ", ".join(cells[1:]), row.line)


def _read_item(item: Item, result: Terms) -> None:
    below = " ".join(part.text for child in item.below for part in child.flat())
    found = split_label(item.text, dashes=True, others=True)
    if (
        found
        and (pieces := _pieces(found[1]))
        and not item.is_bulleted
        and "related" in found[0].casefold()
    ):
        # "Related: one, two, three".
        for piece in pieces:
            _add(result, piece, "", item.line)
    elif found:
        _add(result, found[0], " ".join(text for text in (found[1], below) if text), item.line)
    elif (pieces := _pieces(item.text)) and not below:
        for piece in pieces:
            _add(result, piece, "", item.line)
    elif _is_sentence(item.text):
        result.others.append(item)
    else:
        _add(result, item.text, below, item.line)


def _is_sentence(text: str) -> bool:
    is_long = len(text.split()) > _MOST_WORDS or len(text) > LIMITS["term"]
    return is_long and (ends_sentence(text) or len(text) > LIMITS["term"])


def _pieces(text: str) -> list[str]:
    """The terms of a line that lists several, or nothing."""
    for separator in _SEPARATORS:
        pieces = [piece for piece in separator.split(text.strip().rstrip(".")) if piece]
        short = all(len(piece.split()) <= _MOST_WORDS - 2 for piece in pieces)
        # "One, and another." may be a sentence; three pieces hardly are.
        is_list = len(pieces) > 2 or (len(pieces) > 1 and not ends_sentence(text))
        if is_list and short and all(_is_whole(piece) for piece in pieces):
            return pieces
    return []


def _is_whole(text: str) -> bool:
    """Whether no bracket or link was cut in two."""
    pairs = (("(", ")"), ("[", "]"))
    return all(text.count(a) == text.count(b) for a, b in pairs) and not ends_sentence(text)


def _add(result: Terms, term: str, definition: str, line: int) -> None:
    name, links = without_markup(unbold(term).rstrip(":： "))
    definition = " ".join(text for text in (definition.strip(), links) if text)
    if len(name) > LIMITS["term"]:
        result.others.append(Item(line, f"{term} {definition}".strip()))
    elif name:
        result.terms.append(
            (RelatedTerm(term=name.rstrip(".").strip(), definition=definition), line)
        )

"""Tables of a plain text: Markdown's, with or without a header row, and lines with tabs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from articles.formats.text_lines import Line

_RULE_CELL = re.compile(r"\s*(?::?-{2,}:?|:-+:?|-+:|:?={2,}:?)\s*")
_GRID_RULE = re.compile(r"\s*\+(?:[-=:]+\+)+\s*")
_CELL_END = re.compile(r"(?<!\\)[|│]")


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one line."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below an optional header."""

    header: Row | None
    rows: tuple[Row, ...]

    @property
    def all_rows(self) -> tuple[Row, ...]:
        """Every row, the header first."""
        return ((self.header,) if self.header else ()) + self.rows


def split_tables(lines: Sequence[Line]) -> list[Table | list[Line]]:
    """The lines of a region as tables and the lines between them, in order."""
    parts: list[Table | list[Line]] = []
    index = 0
    while index < len(lines):
        end = index
        while end < len(lines) and _is_row(lines[end]):
            end += 1
        block = lines[index:end]
        if _is_table(block):
            parts.append(_read(block))
            index = end
            continue
        end = max(end, index + 1)
        if not parts or isinstance(parts[-1], Table):
            parts.append([])
        last = parts[-1]
        if isinstance(last, list):
            last.extend(lines[index:end])
        index = end
    return parts


def _is_row(line: Line) -> bool:
    if line.in_code or line.level or line.is_blank:
        return False
    text = line.words
    return bool(_CELL_END.search(text)) or "\t" in text or _GRID_RULE.fullmatch(text) is not None


def _is_table(block: Sequence[Line]) -> bool:
    """A rule below a header, pipes at the edges, or several lines with as many cells each."""
    if not block:
        return False
    if any(is_rule(line.text) for line in block[:3]):
        return len(block) > 1
    edged = all(line.words[0] in "|│" for line in block)
    counts = {len(_cells(line.text)) for line in block}
    return min(counts) > 1 and (edged or (len(block) > 1 and len(counts) == 1))


def is_rule(text: str) -> bool:
    """Whether a line is the rule below a table's header."""
    if _GRID_RULE.fullmatch(text):
        return True
    if "|" not in text and "│" not in text:
        return False
    return all(_RULE_CELL.fullmatch(cell) for cell in _CELL_END.split(text.strip().strip("|│")))


def _cells(text: str) -> tuple[str, ...]:
    text = text.strip()
    if "\t" in text and not _CELL_END.search(text):
        return tuple(cell.strip() for cell in re.split(r"\t+", text))
    if text[:1] in "|│":
        text = text[1:]
    if text.endswith(("|", "│")) and not text.endswith("\\|"):
        text = text[:-1]
    return tuple(cell.strip().replace("\\|", "|") for cell in _CELL_END.split(text))


def _read(block: Sequence[Line]) -> Table:
    rules = [at for at, line in enumerate(block) if is_rule(line.text)]
    texts = [at for at in range(len(block)) if at not in rules]
    rows = tuple(Row(block[at].number, _cells(block[at].text)) for at in texts)
    has_header = bool(rows) and texts[0] + 1 in rules
    if has_header and len(rules) > len(rows):
        # A grid has a rule around every row; the one below its header is drawn with "=".
        has_header = "=" in block[texts[0] + 1].text
    return Table(rows[0] if has_header else None, rows[1:] if has_header else rows)

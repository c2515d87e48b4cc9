"""Prose of a plain text as a Markdown body: paragraphs, lists of every kind, tables, code."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from articles.formats.bullets import is_break, markers
from articles.formats.tables import Table, split_tables
from articles.formats.text_lines import Line, ends_sentence, goes_on, is_wrapped
from articles.markup import clean_body

# "1986. A good year": Markdown would count a list from 1986 on.
_YEAR_AS_NUMBER = re.compile(r"(\d{2,9})([.)])(?=\s)")
_CODE_INDENT = 4


def make_body(lines: Sequence[Line]) -> str:
    """The Markdown body that these lines mean.

    A line is a paragraph, unless lines were wrapped by width; bullets become `-`, letters numbers.
    Code fences and quotes stay as they are.
    """
    blocks: list[str] = []
    for part in split_tables(lines):
        if isinstance(part, Table):
            blocks.append(_table(part))
        else:
            blocks.extend(_Blocks(part).read())
    return clean_body("\n\n".join(blocks))


def _table(table: Table) -> str:
    width = max(len(row.cells) for row in table.all_rows)
    header = table.header.cells if table.header else ("",) * width
    rows = [header, ("---",) * width, *(row.cells for row in table.rows)]
    return "\n".join(_table_line(cells, width) for cells in rows)


def _table_line(cells: Sequence[str], width: int) -> str:
    padded = [cell.replace("|", "\\|") for cell in cells] + [""] * (width - len(cells))
    return f"| {' | '.join(padded)} |"


class _Blocks:
    """Reads lines without tables into Markdown blocks."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.marks = markers(lines)
        self.at = 0

    def read(self) -> list[str]:
        blocks: list[str] = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.in_code:
                blocks.append("\n".join(self.take(lambda other: other.in_code)))
            elif line.is_blank:
                self.at += 1
            elif line.level:
                blocks.append(f"#### {line.words}")
                self.at += 1
            elif self.marks[self.at]:
                blocks.append(self.list())
            elif is_break(line.text):
                if len(line.words) > 2:
                    blocks.append("---")
                self.at += 1
            elif line.words.startswith(">"):
                blocks.append("\n".join(self.take(lambda other: other.words.startswith(">"))))
            else:
                blocks.extend(self.paragraphs())
        return blocks

    def take(self, fits: Callable[[Line], bool]) -> list[str]:
        """The texts of the lines from here on that fit."""
        taken: list[str] = []
        while self.at < len(self.lines) and fits(self.lines[self.at]):
            taken.append(self.lines[self.at].text)
            self.at += 1
        return taken

    # Paragraphs ----------------------------------------------------------------------------

    def paragraphs(self) -> list[str]:
        start = self.at
        while self.at < len(self.lines) and self.is_text(self.at):
            self.at += 1
        run = self.lines[start : self.at]
        after_blank = start > 0 and self.lines[start - 1].is_blank
        if after_blank and _is_indented_code(run):
            return ["\n".join(line.text for line in run)]
        texts = [line.words for line in run]
        if is_wrapped(texts):
            return [_escaped(" ".join(texts))]
        paragraphs: list[str] = []
        for text in texts:
            if paragraphs and goes_on(paragraphs[-1], text):
                paragraphs[-1] += f" {text}"
            else:
                paragraphs.append(text)
        return [_escaped(text) for text in paragraphs]

    def is_text(self, at: int) -> bool:
        line = self.lines[at]
        is_other = line.in_code or line.is_blank or line.level or self.marks[at] is not None
        return not is_other and not line.words.startswith(">") and not is_break(line.text)

    # Lists ---------------------------------------------------------------------------------

    def list(self) -> str:
        """The list that begins here, nested as its lines are indented."""
        # Of each open level the indent of its bullets in the source and of its text in the result.
        levels: list[tuple[int, int]] = []
        written: list[str] = []
        while self.at < len(self.lines):
            line, mark = self.lines[self.at], self.marks[self.at]
            if line.in_code or line.level:
                break
            if mark:
                while levels and levels[-1][0] >= line.indent:
                    levels.pop()
                bullet = "-" if mark.kind == "sign" else f"{mark.value}."
                column = levels[-1][1] if levels else 0
                levels.append((line.indent, column + len(bullet) + 1))
                written.append(f"{' ' * column}{bullet} {mark.rest.strip()}")
            elif line.is_blank:
                if not self.goes_on_after_blank(levels[-1][0]):
                    break
            elif self.follows_blank() and line.indent > levels[-1][0]:
                written.extend(("", f"{' ' * levels[-1][1]}{line.words}"))
            elif line.indent > levels[-1][0] or goes_on(written[-1], line.words):
                written[-1] += f" {line.words}"
            else:
                break
            self.at += 1
        return "\n".join(written)

    def follows_blank(self) -> bool:
        return self.at > 0 and self.lines[self.at - 1].is_blank

    def goes_on_after_blank(self, indent: int) -> bool:
        """Whether the list goes on behind the blank lines that begin here."""
        for at in range(self.at, len(self.lines)):
            line = self.lines[at]
            if not line.is_blank:
                return self.marks[at] is not None or (not line.in_code and line.indent > indent)
        return False


def _is_indented_code(run: Sequence[Line]) -> bool:
    return all(line.indent >= _CODE_INDENT and not ends_sentence(line.text) for line in run)


def _escaped(text: str) -> str:
    return _YEAR_AS_NUMBER.sub(r"\1\\\2", text, count=1) if _YEAR_AS_NUMBER.match(text) else text

"""One article as one Markdown file: YAML front matter with the structured parts, prose below it.

This is the form that people keep in git and write by hand; `docs/writing.md` describes it. Writing
a canonical document and reading it again gives the same document, and the same bytes when written
once more.

In the body a line that begins with `##` or `###` is the heading of a section, as Markdown has it,
but only where nothing is indented and no fenced code is open. It may end in the section's anchor,
`{#section-overview}`; `{#}` is no anchor, for headings that would lose a `}` or `#` at their end.

A section's text may itself have such lines. Each gets ` {.text}` at its end when it is written, and
loses one when it is read. To every Markdown program it stays a heading, so that the lists and code
fences around it end where they did; a backslash before it, say, would continue a list instead, and
change what is code below it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from articles.document import PART_TYPES, Document, DocumentError, from_dict, to_dict
from articles.formats import front_matter
from articles.formats.errors import FileError
from articles.formats.front_matter import Value
from articles.licences import Licence
from articles.markup import clean_line, scan_lines
from timeline.dates import DateError
from timeline.dates import parse as parse_date

FENCE = "---"
ORDER = (
    "format", "title", "slug", "language", "category", "tags", "author", "short_answer",
    "infobox", "facts", "timeline", "related_terms", "questions", "references",
)  # fmt: skip
BLOCKS = frozenset({"body", "answer"})
DATES = ("date", "checked", "accessed", "year")
HEADING = re.compile(r"(#{1,3})(?:[ \t]+(.*))?")
IN_TEXT = " {.text}"
ANCHOR = re.compile(r"[^\s{}]*")


# Document -> text -------------------------------------------------------------------------------


def write(document: Document, *, licence: Licence | None = None) -> str:
    """The file of a canonical document, with fields at their default left out.

    `licence` says what others may do with the text; it is no part of the article, and left out when
    the file is read.

    Raises ValueError for a section whose level is neither 2 nor 3: it has no place in such a file.
    """
    values = to_dict(document)
    values.pop("sections", None)
    for name in PART_TYPES:
        values[name] = [_anchor_last(part) for part in values.get(name, ())]
    ordered = {name: values[name] for name in ORDER if values.get(name, []) != []}
    if licence:
        terms = ", ".join(filter(None, (licence.name, licence.url)))
        ordered = {"format": ordered.pop("format"), "licence": terms, **ordered}
    head = f"{FENCE}\n{front_matter.write(ordered, BLOCKS)}{FENCE}\n"
    return head + "".join(
        f"\n{_heading_line(section.heading, section.level, section.anchor)}\n"
        + (f"\n{_marked(section.body)}\n" if section.body else "")
        for section in document.sections
    )


def _anchor_last(part: dict[str, Any]) -> dict[str, Any]:
    return {name: part[name] for name in sorted(part, key=lambda name: name == "anchor")}


def _heading_line(heading: str, level: int, anchor: str) -> str:
    if level not in {2, 3}:
        raise ValueError(_("A section has level 2 or 3."))
    suffix = f" {{#{anchor}}}" if anchor or heading.endswith(("}", "#")) else ""
    return f"{'#' * level} {heading}{suffix}".rstrip(" ")


def _marked(body: str) -> str:
    return "\n".join(
        f"{line}{IN_TEXT}" if not inside_code and HEADING.fullmatch(line) else line
        for _number, line, inside_code in scan_lines(body)
    )


# Text -> document -------------------------------------------------------------------------------


def parse(text: str) -> Document:
    """Read a file as a canonical document. Raises FileError with the line that cannot be read."""
    head, body, body_line = _split(text)
    values, lines = front_matter.read(head, 2)
    values.pop("licence", None)
    if "sections" in values:
        raise FileError(lines["sections"], _("Sections stand below the front matter, as headings."))
    _read_format(values, lines)
    _read_dates(values, "", lines)
    opening, sections = _read_body(body, body_line)
    _read_opening(opening, values)
    lines.update({f"sections[{index}]": section.line for index, section in enumerate(sections)})
    try:
        return from_dict({**values, "sections": [section.values() for section in sections]})
    except DocumentError as error:
        raise FileError(_line_of(error.path, lines), clean_line(str(error))) from error


def _split(text: str) -> tuple[str, str, int]:
    """Front matter, body and the number of the body's first line."""
    lines = re.split(r"\r\n?|\n", text.removeprefix("\ufeff"))
    if lines[0].rstrip() != FENCE:
        raise FileError(1, _("An article begins with a line “---” and its front matter."))
    for index, line in enumerate(lines[1:], start=1):
        if line.rstrip() == FENCE:
            return "\n".join(lines[1:index]), "\n".join(lines[index + 1 :]), index + 2
    raise FileError(1, _("The front matter does not end: a second line “---” is missing."))


def _read_format(values: dict[str, Any], lines: dict[str, int]) -> None:
    number = values.get("format")
    if not isinstance(number, str) or not re.fullmatch(r"[0-9]{1,6}", number):
        raise FileError(lines.get("format", 1), _("The front matter needs a line “format: 1”."))
    values["format"] = int(number)


def _read_dates(values: Value, path: str, lines: dict[str, int]) -> None:
    """Turn every date that is written as people write it into EDTF, in place."""
    if isinstance(values, list):
        for index, item in enumerate(values):
            _read_dates(item, f"{path}[{index}]", lines)
    elif isinstance(values, dict):
        for name, value in values.items():
            place = f"{path}.{name}" if path else name
            if path and name in DATES and isinstance(value, str) and value:
                values[name] = _read_date(value, lines[place])
            else:
                _read_dates(value, place, lines)


def _read_date(text: str, line: int) -> str:
    try:
        return parse_date(text).edtf
    except DateError as error:
        raise FileError(line, str(error)) from error


@dataclass(slots=True)
class _Prose:
    """What stands below one heading; level 0 is what stands before the first one."""

    line: int
    level: int = 0
    heading: str = ""
    text: list[tuple[int, str]] = field(default_factory=list)

    def values(self) -> dict[str, Any]:
        heading, anchor = _read_heading(self.heading, self.line)
        body = "\n".join(line for _number, line in self.text)
        return {"heading": heading, "level": self.level, "anchor": anchor, "body": body}


def _read_body(body: str, first_line: int) -> tuple[list[_Prose], list[_Prose]]:
    """What stands before the sections (with a title as level 1), and the sections."""
    blocks = [_Prose(first_line)]
    for number, (_index, line, inside_code) in enumerate(scan_lines(body), start=first_line):
        found = None if inside_code else HEADING.fullmatch(line.rstrip(" \t"))
        if not found:
            blocks[-1].text.append((number, line))
        elif found[0].endswith(IN_TEXT):
            blocks[-1].text.append((number, found[0].removesuffix(IN_TEXT)))
        else:
            blocks.append(_Prose(number, len(found[1]), found[2] or ""))
    first = next((index for index, block in enumerate(blocks) if block.level > 1), len(blocks))
    for block in blocks[first:]:
        if block.level == 1:
            raise FileError(block.line, _("A title, with one #, stands before all sections."))
    return blocks[:first], blocks[first:]


def _read_opening(blocks: list[_Prose], values: dict[str, Any]) -> None:
    """Take title and short answer from what stands before the sections."""
    for block in (block for block in blocks if block.level == 1):
        title = clean_line(_without_closing(block.heading))
        if clean_line(str(values.setdefault("title", title))) != title:
            raise FileError(block.line, _("This is not the title that the front matter gives."))
    written = [(number, line) for block in blocks for number, line in block.text]
    paragraphs = [list(lines) for filled, lines in groupby(written, _is_filled) if filled]
    if not paragraphs:
        return
    if "short_answer" in values:
        message = _("The short answer is in the front matter; text must stand below a heading.")
        raise FileError(paragraphs[0][0][0], message)
    if len(paragraphs) > 1:
        message = _("Only a short answer of one paragraph may stand above the first heading.")
        raise FileError(paragraphs[1][0][0], message)
    values["short_answer"] = " ".join(line for _number, line in paragraphs[0])


def _is_filled(line: tuple[int, str]) -> bool:
    return bool(line[1].strip())


def _read_heading(text: str, line: int) -> tuple[str, str]:
    """A heading without its anchor or its closing `#`s, and the anchor."""
    start = text.rfind("{#")
    if start < 0 or not text.endswith("}") or "}" in text[start:-1]:
        return _without_closing(text), ""
    anchor = text[start + 2 : -1]
    if not ANCHOR.fullmatch(anchor):
        raise FileError(line, _("An anchor has letters, digits and hyphens only."))
    return text[:start].rstrip(" \t"), anchor


def _without_closing(text: str) -> str:
    """A heading without the `#`s that may close it (CommonMark 4.2): after a space, or alone."""
    bare = text.rstrip("#")
    return bare.rstrip(" \t") if bare == "" or bare[-1] in " \t" else text


def _line_of(path: str, lines: dict[str, int]) -> int:
    """The line of the nearest thing around a path that has one."""
    while path and path not in lines:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return lines.get(path, 1)

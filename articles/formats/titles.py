"""Where the title of a plain text comes from, and what stands above the first region."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from articles.document import InfoboxRow
from articles.formats.context import Placed, without_markup
from articles.formats.errors import FileError
from articles.formats.headings import Block
from articles.formats.notes import Notes
from articles.formats.outline import Outline, is_prose_heading
from articles.formats.regions import Region
from articles.formats.text_lines import Line, ends_sentence
from articles.validation import LANGUAGE

_FIELD = re.compile(
    r"(?:\*\*|__)?(title|slug|language|category|tags|author)(?:\*\*|__)?\s*:(?:\*\*|__)?\s*(\S.*)",
    re.IGNORECASE,
)
_COVERS = re.compile(r"what (?:does|do|is) (.{1,200}?) (?:cover(?:ed)?|about)\s*\?", re.IGNORECASE)
_TOPICS = (
    _COVERS,
    re.compile(
        r"why (?:is|are|does|do) (.{1,200}?) (?:important|matter|relevant)\s*\?", re.IGNORECASE
    ),
    re.compile(r"how (?:does|do) (.{1,200}?) work\s*\?", re.IGNORECASE),
    re.compile(r"(?:what|who) (?:is|are|was|were) (?:an? |the )?(.{1,120}?)\s*\?", re.IGNORECASE),
)
# Rows of an infobox that state the article's name.
_NAME_LABELS = frozenset(("name", "title", "official name", "full name", "common name"))
# A first line that is longer, or is a sentence, is text.
_LONGEST_TITLE = 150


@dataclass(slots=True)
class Opening:
    """What stands above the first region: fields, a title, and the text that is left."""

    title: str = ""
    title_line: int = 0
    # Whether a line says "Title: …", and does not only stand first.
    is_stated: bool = False
    fields: dict[str, str] = field(default_factory=dict)
    lead: list[Line] = field(default_factory=list)


def read_opening(lines: Sequence[Line], notes: Notes) -> Opening:
    """Read the lines before the first heading: "Title: …", other fields, a bare first line.

    Raises FileError for two titles.
    """
    opening = Opening()
    rest: list[Line] = []
    for line in lines:
        match = None if line.in_code else _FIELD.fullmatch(line.words)
        if match is None:
            rest.append(line)
            continue
        name, value = match[1].lower(), match[2].strip()
        if name == "language" and not LANGUAGE.fullmatch(value):
            rest.append(line)
            continue
        if name in opening.fields:
            reason = _("“%(name)s” stands here twice.") % {"name": match[1]}
            raise FileError(line.number, reason)
        opening.fields[name] = value
        if name == "title":
            opening.title_line = line.number
    opening.title = without_markup(opening.fields.pop("title", ""))[0]
    opening.is_stated = bool(opening.title)
    first = next((line for line in rest if not line.is_blank), None)
    if not opening.title and first and _may_be_title(first):
        opening.title, opening.title_line = without_markup(first.words)[0], first.number
        rest = [line for line in rest if line is not first]
    opening.lead = _without_chrome(rest, notes)
    return opening


def _may_be_title(line: Line) -> bool:
    text = line.words
    is_short = len(text) <= _LONGEST_TITLE and (
        not ends_sentence(text) or text.endswith(("?", "!"))
    )
    return is_short and not line.in_code and any(char.isalpha() for char in text)


def _without_chrome(lines: Iterable[Line], notes: Notes) -> list[Line]:
    """The lines that say something; short scraps such as "5 min read" are reported."""
    kept: list[Line] = []
    for line in lines:
        is_scrap = len(line.words.split()) <= 8 and not ends_sentence(line.words)
        if line.words and is_scrap and not line.in_code:
            message = _("A line above the article's text: “%s”.")
            notes.lost(line.number, message % line.words)
        else:
            kept.append(line)
    return kept


def stated_title(head: str, opening: Opening, outline: Outline, notes: Notes) -> tuple[str, int]:
    """The title that the text states, and its line: front matter, heading, "Title: …", first line.

    '' and 0 when it states none. What else looks like a title is reported. Raises FileError when a
    heading and a line "Title: …" contradict each other.
    """
    heading = outline.title
    if heading and opening.is_stated and letters(heading.heading) != letters(opening.title):
        reason = _("The article has two titles: “%(first)s” and “%(second)s”.")
        values = {"first": opening.title, "second": heading.heading}
        raise FileError(heading.line, reason % values)
    found = [(head, 2)] if head else []
    if heading:
        found.append((heading.heading, heading.line))
    if opening.title:
        found.append((opening.title, opening.title_line))
    if not found:
        return "", 0
    for text, line in found[1:]:
        if letters(text) != letters(found[0][0]):
            message = _("“%(text)s” was not used: the title is “%(title)s”.")
            notes.lost(line, message % {"text": text, "title": found[0][0]})
    return found[0]


def find_heading_title(outline: Outline) -> tuple[str, int]:
    """A title among the chapters: the first heading, when the infobox or the FAQ begin with it.

    Without infobox and FAQ a first heading of its own kind is the title too. The chapter's text is
    then the lead. '' and 0 when there is none.
    """
    first = outline.chapters[0] if outline.chapters else None
    if first is None or first.region is not None or len(outline.chapters) < 2 or outline.title:
        return "", 0
    box, questions = outline.first(Region.INFOBOX), outline.first(Region.QUESTIONS)
    box_text = letters(" ".join(line.text for line in box.lines)) if box else ""
    asked = [letters(topic) for topic in topics(questions.lines)] if questions else []
    name = letters(first.heading)
    is_named = bool(name) and (box_text.startswith(name) or name in asked)
    has_evidence = bool(box_text) or bool(questions and covered_topic(questions.lines)[0])
    if not is_named and (has_evidence or is_prose_heading(first.heading)):
        return "", 0
    outline.chapters.remove(first)
    outline.title = Block(first.heading, first.level, first.line, first.lines)
    return first.heading, first.line


def letters(text: str) -> str:
    """The letters and figures of a text, by which titles are compared."""
    return "".join(char for char in text.casefold() if char.isalnum())


def topics(lines: Sequence[Line]) -> list[str]:
    """What questions call the article's subject: "Why is X important?"."""
    matches = (form.search(line.text) for line in lines for form in _TOPICS)
    found = (match[1].strip("\"'“”‘’ ") for match in matches if match)
    return list(dict.fromkeys(found))


def covered_topic(lines: Sequence[Line]) -> tuple[str, int]:
    """The X of "What does X cover?" and its line; '' and 0 when nobody asks."""
    for line in lines:
        if match := _COVERS.search(line.text):
            return match[1].strip("\"'“”‘’ "), line.number
    return "", 0


def named_row(rows: Iterable[Placed[InfoboxRow]]) -> tuple[str, int] | None:
    """The name that an infobox states as a row, and its line."""
    for row, line in rows:
        name = without_markup(row.value)[0]
        is_name = row.label.casefold() in _NAME_LABELS and bool(letters(name))
        if is_name and len(name) <= _LONGEST_TITLE:
            return name, line
    return None


def title_from_name(name: str) -> str:
    """A title from a file's name: "green-tea.txt" gives "Green tea"."""
    stem = re.sub(r"\.\w{1,8}$", "", name.replace("\\", "/").rpartition("/")[2])
    words = " ".join(re.sub(r"[-_+.]+", " ", stem).split())
    return words[:1].upper() + words[1:]

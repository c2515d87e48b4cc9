"""A page's plain text, as it comes off the web, read as an article document.

The text has headings (`#Heading`, `## Heading`, underlined) and below them what the page showed:
an infobox and a timeline that may have become one line each, facts with bullets, questions,
references, a block of comments. What a heading means is told by its name (`regions`); each region
has a reader of its own beside this file. Nothing is dropped silently: where the text allowed more
than one reading a note says which was taken, and a line that found no place is a note too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.document import Document, Milestone, Part, Section, canonical
from articles.formats.comments_text import left_out, read_comments
from articles.formats.context import Context, Placed, without_markup
from articles.formats.errors import FileError
from articles.formats.facts_text import read_facts
from articles.formats.head_fields import split_head
from articles.formats.headings import split_headings
from articles.formats.infobox_text import read_infobox
from articles.formats.items import Item, read_items
from articles.formats.label_book import Prose, label_book
from articles.formats.notes import Note, Notes, RawComment
from articles.formats.outline import Chapter, Outline, make_outline
from articles.formats.prose_text import make_body
from articles.formats.questions_text import read_questions
from articles.formats.references_text import read_references
from articles.formats.regions import Region
from articles.formats.tables import Table, split_tables
from articles.formats.terms_text import read_terms
from articles.formats.text_lines import Line, ends_sentence, runs
from articles.formats.timeline_text import read_timeline
from articles.formats.titles import (
    Opening,
    covered_topic,
    find_heading_title,
    letters,
    named_row,
    read_opening,
    stated_title,
    title_from_name,
    topics,
)
from articles.validation import LIMITS
from timeline.dates import parse_edtf

__all__ = ["FileError", "Note", "RawComment", "Understood", "parse"]


@dataclass(frozen=True, slots=True)
class Understood:
    """A text as it was understood.

    `lines` names every part of the document, in page order, with the line it was read from;
    `title_line` and `short_answer_line` do so for these two, 0 when they came from elsewhere.
    """

    document: Document
    notes: tuple[Note, ...]
    comments: tuple[RawComment, ...]
    lines: tuple[tuple[Part, int], ...]
    title_line: int = 0
    short_answer_line: int = 0


def parse(text: str, *, name: str = "", labels: Iterable[str] = ()) -> Understood:
    """Read a plain text. `name` is the file's name, `labels` are infobox labels beside the known.

    Raises FileError for a text without headings or content, and for one with two titles.
    """
    if not text.strip():
        raise FileError(0, _("The file is empty."))
    return _Reader(name, tuple(labels)).read(text)


class _Reader:
    """Reads one text; the parts gather in `parts`, by their name in the document."""

    def __init__(self, name: str, labels: tuple[str, ...]) -> None:
        self.name = name
        self.labels = labels
        self.notes = Notes()
        self.parts: dict[str, list[Placed[Any]]] = {
            "infobox": [], "sections": [], "facts": [], "timeline": [], "related_terms": [],
            "questions": [], "references": [],
        }  # fmt: skip
        self.title, self.title_line = "", 0
        self.short_answer, self.short_answer_line = "", 0

    def read(self, text: str) -> Understood:
        fields, tags, lines = split_head(text, self.notes)
        before, blocks = split_headings(lines)
        if not blocks:
            raise FileError(
                0,
                _(
                    "There are no headings, so nothing tells what is what: a heading is a line "
                    "that begins with “##” and a space, such as “## Timeline”."
                ),
            )
        outline = make_outline(blocks)
        opening = read_opening(before, self.notes)
        self.title, self.title_line = stated_title(
            fields.get("title", ""), opening, outline, self.notes
        )
        if not self.title:
            self.title, self.title_line = find_heading_title(outline)
        context = self.context(lines, outline)
        self.lead(opening, outline, has_short_answer=bool(fields.get("short_answer")))
        for chapter in outline.chapters:
            self.chapter(chapter, context)
        self.settle_title(outline)
        comments = read_comments(outline.comments)
        self.report_comments(comments, outline)
        values: dict[str, Any] = {**opening.fields, **fields, "title": self.title}
        values["short_answer"] = fields.get("short_answer") or self.short_answer
        if not tags and (written := values.pop("tags", "")):
            tags = tuple(tag.strip() for tag in written.split(","))
        return self.understood(values, tags, comments)

    def context(self, lines: Sequence[Line], outline: Outline) -> Context:
        """The evidence for the readers of the regions."""
        boxes = [chapter for chapter in outline.chapters if chapter.region is Region.INFOBOX]
        in_boxes = {line.number for chapter in boxes for line in chapter.lines}
        outside = [line for line in lines if line.number not in in_boxes]
        return Context(
            notes=self.notes,
            book=label_book(self.labels),
            prose=Prose("\n".join(line.text for line in outside)),
            title=self.title,
            topics=[*topics(outside), title_from_name(self.name)],
        )

    # Chapters ------------------------------------------------------------------------------

    def chapter(self, chapter: Chapter, context: Context) -> None:
        match chapter.region:
            case None:
                self.section(chapter.heading, chapter.level, chapter.lines, chapter.line)
            case Region.SHORT_ANSWER:
                self.read_short_answer(chapter)
            case Region.INFOBOX:
                self.read_infobox(chapter, context)
            case Region.FACTS:
                self.parts["facts"] += read_facts(chapter.lines, context)
            case Region.TIMELINE:
                self.read_timeline(chapter, context)
            case Region.TERMS:
                self.read_terms(chapter, context)
            case Region.QUESTIONS:
                self.read_questions(chapter, context)
            case Region.REFERENCES:
                self.parts["references"] += read_references(chapter.lines, context)
            case Region.COMMENTS:
                pass

    def section(self, heading: str, level: int, lines: Sequence[Line], line: int) -> None:
        name, links = without_markup(heading)
        name, links = (name, links) if name else (heading, "")
        body = make_body(lines)
        body = f"{links}\n\n{body}".strip() if links else body
        level = level if self.parts["sections"] else 2
        self.parts["sections"].append((Section(heading=name, level=level, body=body), line))

    def read_short_answer(self, chapter: Chapter) -> None:
        texts = []
        for part in split_tables(chapter.lines):
            if isinstance(part, Table):
                texts += [" ".join(filter(None, row.cells)) for row in part.all_rows]
            else:
                texts += [part.text for item in read_items(part) for part in item.flat()]
        if not texts:
            return
        text = " ".join(texts)
        self.short_answer_line = next(x.number for x in chapter.lines if not x.is_blank)
        if len(text) > LIMITS["short_answer"]:
            message = _("The short answer is longer than %d characters; it became a section.")
            self.notes.guess(self.short_answer_line, message % LIMITS["short_answer"])
            self.section(chapter.heading, 2, chapter.lines, chapter.line)
            return
        if len(texts) > 1:
            message = _("The short answer has %d paragraphs or items; they were joined.")
            self.notes.guess(self.short_answer_line, message % len(texts))
        self.short_answer = text

    def read_infobox(self, chapter: Chapter, context: Context) -> None:
        box = read_infobox(chapter.lines, chapter.heading, context)
        self.parts["infobox"] += box.rows
        if box.title and not self.title:
            self.title, self.title_line = box.title, box.title_line
            message = _("The title is the text above the infobox's rows: “%s”.")
            self.notes.guess(box.title_line, message % box.title)
        elif letters(box.title) != letters(self.title) and box.title:
            message = _("A text above the infobox's rows: “%s”.")
            self.notes.lost(box.title_line, message % box.title)

    def read_timeline(self, chapter: Chapter, context: Context) -> None:
        found = read_timeline(chapter.lines, context)
        if found.undated and not found.milestones:
            self.fall_back(chapter, _("No date was found under “%s”; it became a section."))
            return
        self.parts["timeline"] += found.milestones
        self.leavings(chapter, found.undated)

    def read_terms(self, chapter: Chapter, context: Context) -> None:
        found = read_terms(chapter.lines, context)
        if found.others and not found.terms:
            self.fall_back(chapter, _("No term was found under “%s”; it became a section."))
            return
        self.parts["related_terms"] += found.terms
        self.leavings(chapter, found.others)

    def read_questions(self, chapter: Chapter, context: Context) -> None:
        found = read_questions(chapter.lines, context)
        before = [line for line in found.before if not line.is_blank]
        if before and not found.questions:
            self.fall_back(chapter, _("No question was found under “%s”; it became a section."))
            return
        self.parts["questions"] += found.questions
        self.leavings(chapter, read_items(before))

    def fall_back(self, chapter: Chapter, message: str) -> None:
        self.notes.guess(chapter.line, message % chapter.heading)
        self.section(chapter.heading, chapter.level, chapter.lines, chapter.line)

    def leavings(self, chapter: Chapter, items: Sequence[Item]) -> None:
        """What a region's reader could not use: sentences become a section, scraps are reported."""
        kept = []
        for item in items:
            is_said = ends_sentence(item.text) and not item.has_tail
            if not item.level and (is_said or item.is_bulleted or len(item.text.split()) > 8):
                kept.append(item)
            else:
                message = _("A line under “%(heading)s” found no place: “%(text)s”.")
                values = {"heading": chapter.heading, "text": item.text}
                self.notes.lost(item.line, message % values)
        if kept:
            message = _("Text under “%s” that is no entry there became a section of that name.")
            self.notes.guess(kept[0].line, message % chapter.heading)
            lines = [Line(x.line, f"- {x.text}" if x.is_bulleted else x.text) for x in kept]
            self.section(chapter.heading, 2, lines, kept[0].line)

    # Title, lead, comments -----------------------------------------------------------------

    def lead(self, opening: Opening, outline: Outline, *, has_short_answer: bool) -> None:
        """The text above the first heading, or below the title: short answer or introduction."""
        lines = [*opening.lead, *outline.lead]
        paragraphs = list(runs(lines))
        if not paragraphs:
            return
        first = paragraphs[0][0].number
        body = make_body(lines)
        is_free = outline.first(Region.SHORT_ANSWER) is None and not has_short_answer
        if is_free and "\n" not in body and len(body) <= LIMITS["short_answer"]:
            self.short_answer, self.short_answer_line = body, first
            self.notes.guess(first, _("The text below the title was taken for the short answer."))
            return
        heading = _("Introduction")
        message = _("The text below the title became a section, “%s”.")
        self.notes.guess(first, message % heading)
        self.section(heading, 2, lines, first)

    def settle_title(self, outline: Outline) -> None:
        """Find a title where the text states none. Raises FileError when there is nothing."""
        if self.title:
            return
        questions = outline.first(Region.QUESTIONS)
        self.title, self.title_line = covered_topic(questions.lines if questions else ())
        if self.title:
            message = _("The title was found in a question: “%s”.")
        elif named := named_row(self.parts["infobox"]):
            self.title, self.title_line = named
            message = _("The title is the name in the infobox: “%s”.")
        else:
            self.title = title_from_name(self.name)
            message = _("The title was made from the file's name: “%s”.")
        if not letters(self.title):
            raise FileError(0, _("The text has no title. Begin it with a line “# ” and the title."))
        self.notes.guess(self.title_line, message % self.title)

    def report_comments(self, comments: Sequence[RawComment], outline: Outline) -> None:
        for line in left_out(outline.comments):
            self.notes.info(line.number, _("Left out below the comments: “%s”.") % line.words)
        if comments:
            message = ngettext(
                "%d comment found; it is not part of the article and waits for a moderator.",
                "%d comments found; they are not part of the article and wait for a moderator.",
                len(comments),
            )
            self.notes.info(comments[0].line, message % len(comments))

    # Result --------------------------------------------------------------------------------

    def understood(
        self, values: dict[str, Any], tags: tuple[str, ...], comments: tuple[RawComment, ...]
    ) -> Understood:
        self.parts["timeline"].sort(key=_start)
        placed = {name: tuple(part for part, _line in found) for name, found in self.parts.items()}
        values.update(placed)
        document = canonical(Document(**values, tags=tags))
        numbers = [line for found in self.parts.values() for _part, line in found]
        return Understood(
            document=document,
            notes=self.notes.in_order(),
            comments=comments,
            lines=tuple(zip(document.parts(), numbers, strict=True)),
            title_line=self.title_line,
            short_answer_line=self.short_answer_line,
        )


def _start(placed: Placed[Milestone]) -> int:
    """The first possible day of a milestone, by which a canonical document orders them."""
    return parse_edtf(placed[0].date).bounds.start_min

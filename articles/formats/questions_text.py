"""The questions of a plain text: `Q: / A:`, numbered, bold, headings, or lines ending in "?"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from articles.document import Question
from articles.formats.bullets import markers
from articles.formats.context import Context, Placed, is_empty_state, without_markup
from articles.formats.items import read_items
from articles.formats.labels import unbold
from articles.formats.prose_text import make_body
from articles.formats.tables import Table, split_tables
from articles.formats.text_lines import Line, shorten, word_set

# Latin, Arabic, full-width, doubled, interrobang, Greek, Ethiopic, Armenian, reversed.
_MARKS = "?؟？⁇⁈⁉‽\u037e፧՞⸮"
_CLOSING = "\"'”’»)]*_` .!"
_Q = re.compile(
    r"(?:\*\*|__)?(?:Q|Question)\s*\d{0,3}\s*[.:：)–—-]\s*(?:\*\*|__)?\s*", re.IGNORECASE
)
_Q_NUMBER = re.compile(r"(?:\*\*|__)?Q\d{1,3}\s+")
_A = re.compile(
    r"(?:\*\*|__)?(?:A|Ans|Answer)\s*\d{0,3}\s*[.:：)]\s*(?:\*\*|__)?\s*", re.IGNORECASE
)
_A_INSIDE = re.compile(
    r"(?<=\S)\s+(?:\*\*|__)?(?:A|Ans|Answer)\s*\d{0,3}\s*[:：]\s*(?:\*\*|__)?\s*"
)
_BOLD_FIRST = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1\s*[:：]?\s*(.*)", re.DOTALL)
_ANSWER_BEHIND = re.compile(rf"(.{{5,300}}?[{_MARKS}][\"'”’»)]*)\s+(\S.*)", re.DOTALL)
_STATEMENT_FIRST = re.compile(r"(?<![A-Z])(?<!\bvs)(?<!\bDr)(?<!\bMr)(?<!\bSt)[.!。]\s+\S")
_ASKS = re.compile(
    r"[\"'“‘«¿(]*(?:what|why|how|when|where|who|whom|whose|which|is|are|was|were|do|does|did|can|"
    r"could|will|would|should|shall|may|might|must|has|have|had|in|at|on|to|for|from)\b",
    re.IGNORECASE,
)
# A question that stands in quotes as a whole.
_QUOTED = re.compile(r"\"([^\"]+)\"|“([^“”]+)”|«\s*([^«»]+?)\s*»")
_LONGEST = 300
_HEADER = word_set("question questions q answer answers a")


@dataclass(slots=True)
class _Draft:
    line: int
    question: str
    answer: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Questions:
    """The questions, and the lines above the first one."""

    questions: list[Placed[Question]] = field(default_factory=list)
    before: list[Line] = field(default_factory=list)


# Recognises a line that begins a question: the question, and what of its answer stands behind it.
type _Recogniser = Callable[[int], tuple[str, str] | None]


def asks(text: str) -> bool:
    """Whether a text ends with a question mark of any script, before quotes and brackets."""
    return text.rstrip(_CLOSING)[-1:] in tuple(_MARKS)


def read_questions(lines: Sequence[Line], context: Context) -> Questions:
    """Read an FAQ. The way its questions are marked is taken from the most certain one it has."""
    result = Questions()
    for part in split_tables(lines):
        if isinstance(part, Table):
            _read_table(part, result, context)
            continue
        items = read_items(part)
        if is_empty_state(items):
            context.notes.info(items[0].line, _("There are no questions: “%s”.") % items[0].text)
            continue
        drafts = _Reader(part).read(result)
        for draft in drafts:
            result.questions.append(_question(draft, context))
    return result


def _question(draft: _Draft, context: Context) -> Placed[Question]:
    text, links = without_markup(unbold(draft.question))
    if match := _QUOTED.fullmatch(text):
        text = match[1] or match[2] or match[3]
    answer = make_body(draft.answer)
    if not answer:
        message = _("A question without an answer: “%s”.")
        context.notes.guess(draft.line, message % shorten(text))
    answer = f"{answer}\n\n{links}".strip() if links else answer
    return Question(question=text, answer=answer), draft.line


def _read_table(table: Table, result: Questions, context: Context) -> None:
    for at, row in enumerate(table.all_rows):
        cells = [cell for cell in row.cells if cell]
        if at == 0 and all(unbold(cell).casefold() in _HEADER for cell in cells):
            names = " | ".join(cells)
            context.notes.info(row.line, _("Left out as column names: “%s”.") % names)
        elif cells:
            draft = _Draft(row.line, cells[0], [Line(row.line, cell) for cell in cells[1:]])
            result.questions.append(_question(draft, context))


class _Reader:
    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.marks = markers(lines)
        self.has_answer_marks = any(_A.match(self.text(at)) for at in range(len(lines)))

    def text(self, at: int) -> str:
        """A line without its bullet."""
        mark = self.marks[at]
        return mark.rest.strip() if mark else self.lines[at].words

    def read(self, result: Questions) -> list[_Draft]:
        recognise = self.style()
        drafts: list[_Draft] = []
        for at, line in enumerate(self.lines):
            found = None if line.in_code or line.is_blank else recognise(at)
            if found and not self.is_answer(at, drafts, recognise):
                drafts.append(_Draft(line.number, found[0]))
                if found[1]:
                    drafts[-1].answer.append(Line(line.number, found[1]))
            elif drafts:
                drafts[-1].answer.append(self.answer_line(at, drafts[-1]))
            else:
                result.before.append(line)
        return drafts

    def is_answer(self, at: int, drafts: list[_Draft], recognise: _Recogniser) -> bool:
        """Whether a bare line that ends in "?" is the answer that the last question waits for."""
        if recognise != self.bare or not drafts or any(not x.is_blank for x in drafts[-1].answer):
            return False
        return _STATEMENT_FIRST.search(self.text(at)) is not None

    def answer_line(self, at: int, draft: _Draft) -> Line:
        """A line of an answer, without the "A:" before its first word."""
        line = self.lines[at]
        is_first = all(other.is_blank for other in draft.answer)
        text = self.text(at)
        if (
            is_first
            and self.has_answer_marks
            and (match := _A.match(text))
            and match.end() < len(text)
        ):
            return Line(line.number, text[match.end() :], line.in_code)
        return line

    # How questions are marked, the most certain way first ------------------------------------

    def style(self) -> _Recogniser:
        ways: tuple[_Recogniser, ...] = (
            self.labelled,
            self.heading,
            self.bold,
            self.listed,
            self.bare,
        )
        for way in ways:
            if any(way(at) for at in range(len(self.lines))):
                return way
        return self.inline

    def labelled(self, at: int) -> tuple[str, str] | None:
        """A line like "Q: What …?", "Q1. What …?", with the answer on the same line or below."""
        text = self.text(at) if not self.lines[at].level else self.lines[at].words
        match = _Q.match(text) or _Q_NUMBER.match(text)
        if match is None or match.end() >= len(text):
            return None
        rest = text[match.end() :]
        if (match[0].startswith(("**", "__")) or rest.endswith("**")) and rest.count("**") % 2:
            rest = rest.replace("**", "", 1)
        if answer := _A_INSIDE.search(rest):
            return rest[: answer.start()], rest[answer.end() :]
        return self.split_behind(rest)

    def heading(self, at: int) -> tuple[str, str] | None:
        line = self.lines[at]
        headings = [other for other in self.lines if other.level]
        if not line.level or not line.words:
            return None
        # Headings that ask nothing may group questions of another kind.
        any_asks = any(asks(other.words) for other in headings)
        others_ask = any(asks(other.words) for other in self.lines if not other.level)
        if not any_asks and others_ask:
            return None
        deepest = max(other.level for other in headings if asks(other.words) or not any_asks)
        return (line.words, "") if line.level == deepest else None

    def bold(self, at: int) -> tuple[str, str] | None:
        """A line like "**What …?**", with the answer on the same line or below."""
        match = _BOLD_FIRST.fullmatch(self.text(at))
        if match is None or self.lines[at].level:
            return None
        return (match[2].rstrip(":： "), match[3]) if asks(match[2]) else None

    def listed(self, at: int) -> tuple[str, str] | None:
        """A line like "- What …?" or "1. What …?"."""
        if self.marks[at] is None or self.lines[at].level:
            return None
        found = self.split_behind(self.text(at))
        return found if asks(found[0]) else None

    def bare(self, at: int) -> tuple[str, str] | None:
        text = self.text(at)
        if not asks(text) or len(text) > _LONGEST:
            return None
        # 'People ask "why?"' is no question, though it ends like one.
        if (
            text.rstrip("*_ ")[-1] in "\"'”’»)"
            and text[0] not in "\"'“‘«("
            and not _ASKS.match(text)
        ):
            return None if text[0].isascii() else (text, "")
        return text, ""

    def inline(self, at: int) -> tuple[str, str] | None:
        """A line like "What …? It …", in an FAQ that has no line that is only a question."""
        match = _ANSWER_BEHIND.fullmatch(self.text(at))
        return (match[1], match[2]) if match else None

    @staticmethod
    def split_behind(text: str) -> tuple[str, str]:
        """A question and the answer that may follow it on its line."""
        if not asks(text) and (match := _ANSWER_BEHIND.fullmatch(text)):
            return match[1], match[2]
        return text, ""

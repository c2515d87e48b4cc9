"""What `import_articles --dry-run` prints: an article as it was understood, part by part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from articles.document import (
    Document,
    Fact,
    InfoboxRow,
    Milestone,
    Part,
    Question,
    Reference,
    RelatedTerm,
    Section,
)
from articles.formats.notes import Note
from articles.formats.plain_text import Understood
from articles.slugs import make_slug
from articles.store import Saved
from timeline.dates import DateError, show

_REGIONS = {
    "infobox": "Infobox",
    "sections": "Sections",
    "facts": "Facts",
    "timeline": "Timeline",
    "related_terms": "Related terms",
    "questions": "FAQ",
    "references": "References",
}
_NOTES = {
    "guess": "Guesses",
    "lost": "Lines that found no place",
    "info": "Remarks",
}
_REFERENCE_FIELDS = (
    "title", "year", "container", "volume", "issue", "pages", "publisher", "url", "doi", "isbn",
    "accessed", "archived_url",
)  # fmt: skip


def describe(understood: Understood) -> str:
    """The article as it was understood: every part with its line, then every note."""
    document = understood.document
    lines = [*_head(understood), ""]
    numbers = dict(zip(map(id, document.parts()), _numbers(understood), strict=True))
    for name, title in _REGIONS.items():
        parts: Sequence[Part] = getattr(document, name)
        lines.append(f"  {title}: {len(parts)}")
        for part in parts:
            lines.extend(_part(part, numbers[id(part)]))
        lines.append("")
    lines.append(f"  Comments: {len(understood.comments)}")
    for comment in understood.comments:
        who = ", ".join(text for text in (comment.name, comment.date_text) if text)
        lines.extend(_entry(comment.line, who or "(no name)", [comment.text]))
    lines.append("")
    for level, title in _NOTES.items():
        lines.extend(_notes(title, [note for note in understood.notes if note.level == level]))
    return "\n".join(lines).rstrip("\n")


def describe_plan(saved: Saved) -> str:
    """What saving would do to the database."""
    if saved.created or saved.article is None:
        return f"  In the database: a new article with {counted(len(saved.changes), 'part')}"
    address = f"“{saved.article.title}” ({saved.article.slug})"
    if not saved.differs:
        return f"  In the database: {address} says this already; nothing would change"
    found = Counter(change.action for change in saved.changes)
    actions = [f"{found[name]} {name}" for name in ("added", "changed", "removed", "kept")]
    lines = [f"  In the database: {address} would be updated; parts: {', '.join(actions)}"]
    lines += [
        f"    {change.action:8} {change.anchor or change.kind}  {change.label}"
        for change in saved.changes
        if change.action != "kept"
    ]
    return "\n".join(lines)


def describe_held(number: int) -> str:
    """What would become of the comments of the page."""
    if not number:
        return "  In the discussion: no new comments"
    return f"  In the discussion: {counted(number, 'comment')} would wait for a moderator"


def summarise(notes: Iterable[Note]) -> str:
    """How many guesses were made and lines left over, in a few words; '' for none."""
    found = Counter(note.level for note in notes)
    pieces = []
    if found["guess"]:
        pieces.append(counted(found["guess"], "guess", "guesses"))
    if found["lost"]:
        pieces.append(f"{counted(found['lost'], 'line')} without a place")
    return f"{', '.join(pieces)}; see --dry-run" if pieces else ""


def counted(number: int, singular: str, plural: str = "") -> str:
    """A number with its noun."""
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def _numbers(understood: Understood) -> list[int]:
    """The line of each part; 0 for formats that do not tell."""
    if understood.lines:
        return [line for _part, line in understood.lines]
    return [0 for _part in understood.document.parts()]


def _head(understood: Understood) -> Iterator[str]:
    document = understood.document
    yield f"  Title{_at(understood.title_line)}: {document.title}"
    yield f"  Slug: {document.slug or make_slug(document.title)}"
    yield f"  Short answer{_at(understood.short_answer_line)}: {document.short_answer or '(none)'}"
    yield f"  Language: {document.language}"
    for name, value in _filed(document):
        if value:
            yield f"  {name}: {value}"


def _filed(document: Document) -> Iterator[tuple[str, str]]:
    yield "Category", document.category
    yield "Tags", ", ".join(document.tags)
    yield "Author", document.author


def _at(line: int) -> str:
    return f" (line {line})" if line else ""


def _part(part: Part, line: int) -> Iterator[str]:
    match part:
        case InfoboxRow():
            yield from _entry(line, f"{part.label}: {part.value}")
        case Section():
            yield from _entry(line, f"{'#' * part.level} {part.heading}", [part.body])
        case Fact():
            yield from _entry(line, f"{part.label or '(no label)'}: {part.statement}")
        case Milestone():
            tracks = [f"Tracks: {', '.join(part.tracks)}"] if part.tracks else []
            yield from _entry(line, f"{_date(part.date)}: {part.title}", [part.body, *tracks])
        case RelatedTerm():
            definition = f": {part.definition}" if part.definition else ""
            yield from _entry(line, f"{part.term}{definition}")
        case Question():
            yield from _entry(line, part.question, [part.answer])
        case Reference():
            yield from _reference(part, line)


def _date(edtf: str) -> str:
    """A date as it is stored, and as readers see it."""
    try:
        return f"{edtf} ({show(edtf)})"
    except DateError:
        return edtf


def _reference(part: Reference, line: int) -> Iterator[str]:
    mark = " placeholder" if part.is_placeholder else ""
    values = [("authors", "; ".join(part.authors))]
    values += [(name, getattr(part, name)) for name in _REFERENCE_FIELDS]
    texts = [f"{name}: {value}" for name, value in values if value]
    yield from _entry(line, f"[@{part.key}] {part.source_kind}{mark}", texts)


def _entry(line: int, first: str, below: Sequence[str] = ()) -> Iterator[str]:
    """A numbered entry with its texts indented below it."""
    yield f"    {f'line {line}' if line else '-':>9}  {first}"
    for text in below:
        if text:
            yield from (f"{' ' * 15}{piece}".rstrip() for piece in text.split("\n"))


def _notes(title: str, notes: Sequence[Note]) -> Iterator[str]:
    yield f"  {title}: {len(notes)}"
    for note in notes:
        yield from _entry(note.line, note.message)
    yield ""

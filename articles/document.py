"""The article document: the whole article as one plain, versioned value, without the database.

Importers make documents, exporters read them, a revision stores one, restore and merge apply one.
Every text in a canonical document is clean (see `canonical`), so two documents are the same article
exactly when they are equal.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from typing import Any, ClassVar

from articles.markup import clean_body, clean_line
from timeline.dates import DateError, parse_edtf

FORMAT = 1


class DocumentError(ValueError):
    """A value that cannot be read as a document. `path` says where, as in `facts[2].label`."""

    def __init__(self, path: str, message: str) -> None:
        self.path = path
        self.message = message
        super().__init__(f"{path}: {message}" if path else message)


@dataclass(frozen=True, slots=True, kw_only=True)
class InfoboxRow:
    """A label and an inline Markdown value; `checked` is the ISO day of the last check, or ''."""

    kind: ClassVar[str] = "infobox-row"
    anchor: str = ""
    label: str
    value: str
    checked: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading of level 2 or 3 and a Markdown body."""

    kind: ClassVar[str] = "section"
    anchor: str = ""
    heading: str
    level: int = 2
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """An optional label and one statement in inline Markdown."""

    kind: ClassVar[str] = "fact"
    anchor: str = ""
    label: str = ""
    statement: str
    checked: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """An EDTF date, a title without markup, an optional Markdown body, the names of tracks."""

    kind: ClassVar[str] = "milestone"
    anchor: str = ""
    date: str
    title: str
    body: str = ""
    tracks: tuple[str, ...] = ()
    checked: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedTerm:
    """A glossary term by name; its definition may fill the site's empty one, never replace it."""

    kind: ClassVar[str] = "related-term"
    anchor: str = ""
    term: str
    definition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question without markup and its answer in Markdown."""

    kind: ClassVar[str] = "question"
    anchor: str = ""
    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An article's entry for a source; `key` is what citations name, `source_kind` what it is."""

    kind: ClassVar[str] = "reference"
    key: str
    source_kind: str = "other"
    title: str = ""
    authors: tuple[str, ...] = ()
    year: str = ""
    container: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    publisher: str = ""
    url: str = ""
    doi: str = ""
    isbn: str = ""
    accessed: str = ""
    archived_url: str = ""

    @property
    def anchor(self) -> str:
        """The part's anchor, `reference-` and the key."""
        return f"reference-{self.key}"

    @property
    def is_placeholder(self) -> bool:
        """Whether it leads nowhere: no URL, DOI or ISBN, and not both an author and a year."""
        return not (self.url or self.doi or self.isbn or (self.authors and self.year))


type Part = InfoboxRow | Section | Fact | Milestone | RelatedTerm | Question | Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The whole article. Parts stand in page order, milestones in the order of their dates."""

    title: str
    slug: str = ""
    short_answer: str = ""
    language: str = "en"
    category: str = ""
    tags: tuple[str, ...] = ()
    author: str = ""
    infobox: tuple[InfoboxRow, ...] = ()
    sections: tuple[Section, ...] = ()
    facts: tuple[Fact, ...] = ()
    timeline: tuple[Milestone, ...] = ()
    related_terms: tuple[RelatedTerm, ...] = ()
    questions: tuple[Question, ...] = ()
    references: tuple[Reference, ...] = ()

    def parts(self) -> Iterator[Part]:
        """Every part, in page order."""
        for name in PART_TYPES:
            yield from getattr(self, name)


# Attribute of the document -> the class of its parts, in page order.
PART_TYPES: dict[str, type[Any]] = {
    "infobox": InfoboxRow,
    "sections": Section,
    "facts": Fact,
    "timeline": Milestone,
    "related_terms": RelatedTerm,
    "questions": Question,
    "references": Reference,
}
BODIES = {"body", "answer"}


def canonical(document: Document) -> Document:
    """The same article with every text cleaned and milestones ordered by date; idempotent.

    One-line texts lose control characters and runs of whitespace, bodies become canonical blocks.
    Milestones whose date cannot be read keep their place at the end.
    """
    changes: dict[str, Any] = _clean_fields(document)
    for name in PART_TYPES:
        changes[name] = tuple(
            replace(part, **_clean_fields(part)) for part in getattr(document, name)
        )
    changes["timeline"] = tuple(sorted(changes["timeline"], key=_milestone_order))
    return replace(document, **changes)


def _clean_fields(value: Any) -> dict[str, Any]:
    cleaned: dict[str, Any] = {}
    for field in fields(value):
        current = getattr(value, field.name)
        if isinstance(current, str):
            clean = clean_body if field.name in BODIES else clean_line
            cleaned[field.name] = clean(current)
        elif field.name in {"tags", "tracks", "authors"}:
            lines = dict.fromkeys(line for item in current if (line := clean_line(item)))
            # The order of authors means something, that of tags and tracks does not.
            cleaned[field.name] = tuple(lines if field.name == "authors" else sorted(lines))
    return cleaned


def _milestone_order(milestone: Milestone) -> tuple[int, int]:
    try:
        return (0, parse_edtf(milestone.date).bounds.start_min)
    except DateError:
        return (1, 0)


# Values <-> documents ---------------------------------------------------------------------------


def to_dict(document: Document) -> dict[str, Any]:
    """The document as JSON values with its `format` first; fields at their default are left out."""
    return {"format": FORMAT, **_sparse(document)}


def _sparse(value: Any) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for field in fields(value):
        current = getattr(value, field.name)
        if current == field.default:
            continue
        if field.name in PART_TYPES:
            result[field.name] = [_sparse(part) for part in current]
        else:
            result[field.name] = list(current) if isinstance(current, tuple) else current
    return result


def from_dict(data: object) -> Document:
    """Read JSON values of any known format as a canonical document.

    Raises DocumentError for a wrong shape, an unknown field or a format newer than this program.
    """
    if not isinstance(data, Mapping):
        raise DocumentError("", "an article is an object with named fields")
    current = dict(upgrade(data))
    del current["format"]
    for name, part_type in PART_TYPES.items():
        items = current.get(name, [])
        if not isinstance(items, list):
            raise DocumentError(name, "must be a list")
        current[name] = tuple(
            _build(part_type, item, f"{name}[{index}]") for index, item in enumerate(items)
        )
    document: Document = _build(Document, current, "")
    return canonical(document)


def _build(cls: type[Any], data: object, path: str) -> Any:
    if not isinstance(data, Mapping):
        raise DocumentError(path, "must be an object with named fields")
    known = {field.name: field for field in fields(cls)}
    prefix = f"{path}." if path else ""
    values: dict[str, Any] = {}
    for name, value in data.items():
        if name not in known:
            raise DocumentError(f"{prefix}{name}", "unknown field")
        values[name] = _typed(str(known[name].type), value, f"{prefix}{name}")
    for name, field in known.items():
        if name not in values and _is_required(field):
            raise DocumentError(f"{prefix}{name}", "is missing")
    return cls(**values)


def _is_required(field: Any) -> bool:
    return field.default is MISSING


def _typed(annotation: str, value: object, path: str) -> Any:
    if annotation == "str":
        if isinstance(value, str):
            return value
        raise DocumentError(path, "must be text")
    if annotation == "int":
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise DocumentError(path, "must be a whole number")
    if annotation == "tuple[str, ...]":
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        raise DocumentError(path, "must be a list of texts")
    return value  # parts, built already


# Stored documents of older formats: format -> the step to the next one.
UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}


def upgrade(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Bring values of any older format to `FORMAT`. Raises DocumentError for an unknown one."""
    number = data.get("format")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise DocumentError("format", "is missing or not a number")
    if number > FORMAT:
        raise DocumentError("format", f"is {number}; this version reads formats up to {FORMAT}")
    current = dict(data)
    while number < FORMAT:
        current = UPGRADES[number](current)
        number += 1
        current["format"] = number
    return current


def content_hash(document: Document) -> str:
    """SHA-256 of the document's canonical JSON, in hexadecimal: equal for equal articles."""
    text = json.dumps(to_dict(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()

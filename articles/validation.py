"""What keeps a document from being saved, said for the person who wrote it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from articles import identifiers
from articles.anchors import is_anchor
from articles.document import PART_TYPES, Document, Milestone, Part, Reference, Section
from articles.slugs import RESERVED, is_slug, make_slug
from timeline.dates import DateError, parse_edtf

SOURCE_KINDS = (
    "article", "conference", "book", "chapter", "thesis", "report",
    "law", "web", "dataset", "standard", "news", "other",
)  # fmt: skip
KEY = re.compile(r"[^\W_](?:[\w.:-]*[\w])?")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
# Longest texts by field name, in characters; the database columns are as long.
LIMITS = {
    "title": 300, "slug": 160, "short_answer": 2000, "language": 20, "category": 100,
    "tags": 100, "author": 150, "label": 200, "value": 5000, "heading": 300, "body": 200_000,
    "statement": 5000, "date": 100, "tracks": 100, "term": 200, "definition": 2000,
    "question": 500, "answer": 50_000, "key": 100, "authors": 200, "year": 30, "container": 300,
    "volume": 50, "issue": 50, "pages": 50, "publisher": 300, "url": 2000, "doi": 300, "isbn": 30,
    "archived_url": 2000,
}  # fmt: skip
# Tracks that a milestone can be on: an index holds them all, and PostgreSQL's rows have an end.
MOST_TRACKS = 50
REQUIRED = {
    "infobox-row": ("label", "value"), "section": ("heading",), "fact": ("statement",),
    "milestone": ("date", "title"), "related-term": ("term",), "question": ("question",),
    "reference": ("key",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: `path` is where (`facts[2].statement`), `message` a sentence."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


def problems(document: Document) -> list[Problem]:
    """Everything that keeps a canonical document from being saved; empty when nothing does."""
    found = list(_article_problems(document))
    taken: set[str] = set()
    for path, part in numbered_parts(document):
        found.extend(_part_problems(path, part))
        if part.anchor and part.anchor in taken:
            message = _("The anchor “%(anchor)s” is used twice in this article.")
            found.append(Problem(path, message % {"anchor": part.anchor}))
        taken.add(part.anchor)
    return found


def numbered_parts(document: Document) -> Iterator[tuple[str, Part]]:
    """Every part with its path, such as `facts[2]`, in page order."""
    for name in PART_TYPES:
        for index, part in enumerate(getattr(document, name)):
            yield f"{name}[{index}]", part


def _article_problems(document: Document) -> Iterator[Problem]:
    if not document.title:
        yield Problem("title", _("An article needs a title."))
    elif (slug := document.slug or make_slug(document.title)) in RESERVED:
        yield Problem("slug", _("This word has a meaning in addresses; take another."))
    elif not is_slug(slug):
        yield Problem("slug", _("A slug has letters, digits, hyphens and underscores only."))
    if not LANGUAGE.fullmatch(document.language):
        yield Problem("language", _("A language is a code such as en, de or pt-BR."))
    yield from _too_long("", document)


def _part_problems(path: str, part: Part) -> Iterator[Problem]:
    for name in REQUIRED[part.kind]:
        if not getattr(part, name):
            yield Problem(f"{path}.{name}", _("This must not be empty."))
    if part.anchor and not isinstance(part, Reference) and not is_anchor(part.kind, part.anchor):
        message = _("An anchor here begins with “%(kind)s-” and has letters, digits and hyphens.")
        yield Problem(f"{path}.anchor", message % {"kind": part.kind})
    if isinstance(part, Section) and part.level not in {2, 3}:
        yield Problem(f"{path}.level", _("A section has level 2 or 3."))
    if isinstance(part, Milestone) and part.date:
        yield from _date_problem(f"{path}.date", part.date)
    if isinstance(part, Milestone) and len(part.tracks) > MOST_TRACKS:
        message = _("A milestone is on %(limit)d tracks at most.")
        yield Problem(f"{path}.tracks", message % {"limit": MOST_TRACKS})
    if isinstance(part, Reference):
        yield from _reference_problems(path, part)
    if checked := getattr(part, "checked", ""):
        yield from _day_problem(f"{path}.checked", checked)
    yield from _too_long(f"{path}.", part)


def _date_problem(path: str, text: str) -> Iterator[Problem]:
    try:
        parse_edtf(text)
    except DateError as error:
        yield Problem(path, str(error))


def _day_problem(path: str, text: str) -> Iterator[Problem]:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        yield Problem(path, _("A day is written as 2026-11-22."))


def _reference_problems(path: str, reference: Reference) -> Iterator[Problem]:
    if reference.key and not KEY.fullmatch(reference.key):
        yield Problem(f"{path}.key", _("A key has letters and digits, and between them - _ . or :"))
    if reference.source_kind not in SOURCE_KINDS:
        message = _("The kind of a source is one of: %(kinds)s.")
        yield Problem(f"{path}.source_kind", message % {"kinds": ", ".join(SOURCE_KINDS)})
    checks: dict[str, Callable[[str], str]] = {
        "doi": identifiers.normalise_doi,
        "isbn": identifiers.normalise_isbn,
        "url": web_address,
        "archived_url": web_address,
    }
    for name, check in checks.items():
        if value := getattr(reference, name):
            try:
                check(value)
            except ValueError as error:
                yield Problem(f"{path}.{name}", str(error))
    if reference.year:
        yield from _date_problem(f"{path}.year", reference.year)
    if reference.accessed:
        yield from _day_problem(f"{path}.accessed", reference.accessed)


def web_address(text: str) -> str:
    """The address itself when a browser may follow it. Raises ValueError otherwise."""
    identifiers.normalise_url(text)
    parts = urlsplit(text)
    if parts.username or parts.password or re.search(r"[\s<>\"\\^`{|}]", text):
        raise ValueError(_("This web address has characters that an address must not have."))
    return text


def _too_long(prefix: str, value: Any) -> Iterator[Problem]:
    message = _("This is longer than %(limit)d characters.")
    for name, limit in LIMITS.items():
        texts = getattr(value, name, "")
        for text in (texts,) if isinstance(texts, str) else texts:
            if len(text) > limit:
                yield Problem(f"{prefix}{name}", message % {"limit": limit})

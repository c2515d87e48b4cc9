"""The references of a plain text, and the keys by which they can be cited."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.utils.text import slugify
from django.utils.translation import gettext as _

from articles.document import Reference
from articles.formats.author_names import ascii_letters, surname
from articles.formats.citation_text import Citation, read_citation
from articles.formats.context import Context, Placed, is_empty_state, without_markup
from articles.formats.items import Item, read_items, split_inline_bullets
from articles.formats.labels import unbold
from articles.formats.source_marks import find_marks
from articles.formats.tables import Table, split_tables
from articles.formats.text_lines import Line, shorten
from articles.validation import LIMITS

_SHORT_KEY = 60
# A number that stands behind a bullet: "- [1] …".
_NUMBER = re.compile(r"^\[\d{1,3}\]\s*(?!\()")
_ADDRESS_FIRST = re.compile(r"<?(?:https?://|www\.)|doi:|10\.\d{4,9}/", re.IGNORECASE)
_COLUMNS = {
    "title": "title", "source": "title", "reference": "title", "name": "title", "author": "authors",
    "authors": "authors", "year": "year", "date": "year", "url": "url", "link": "url",
    "address": "url", "doi": "doi", "isbn": "isbn", "publisher": "publisher", "#": "", "no": "",
    "no.": "", "journal": "container", "publication": "container", "type": "", "kind": "",
}  # fmt: skip
_CONFERENCE = re.compile(r"\b(?:proceedings|proc\.|conference|symposium|workshop)\b", re.IGNORECASE)
_THESIS = re.compile(
    r"\b(?:ph\.?\s?d\.?|doctoral|master['’]?s)\s+(?:thesis|dissertation)\b", re.IGNORECASE
)
_REPORT = re.compile(r"\b(?:technical report|white ?paper|annual report)\b", re.IGNORECASE)


def read_references(lines: Sequence[Line], context: Context) -> list[Placed[Reference]]:
    """Read references. Every line is one; what is not understood of it is its title."""
    found: list[Placed[Reference]] = []
    for part in split_tables(lines):
        if isinstance(part, Table):
            texts = _table_texts(part, context)
        else:
            texts = _item_texts(part, context)
        for text, line in texts:
            found.append((_reference(text, line, context), line))
    return _with_keys(found)


def _item_texts(lines: Sequence[Line], context: Context) -> list[tuple[str, int]]:
    items = split_inline_bullets(read_items(lines, lambda text: bool(_ADDRESS_FIRST.match(text))))
    if is_empty_state(items):
        context.notes.info(items[0].line, _("There are no references: “%s”.") % items[0].text)
        return []
    texts: list[tuple[str, int]] = []
    for at, item in enumerate(items):
        following = items[at + 1] if at + 1 < len(items) else None
        if item.level:
            message = _("A heading among the references: “%s”.")
            context.notes.lost(item.line, message % item.text)
        elif item.has_tail and not item.is_bulleted and following and following.is_bulleted:
            message = _("A line that only announces the references: “%s”.")
            context.notes.lost(item.line, message % item.text)
        elif (
            texts
            and not item.is_bulleted
            and not item.after_blank
            and _completes(item, texts[-1][0])
        ):
            # "Title" with its address on the next line.
            texts[-1] = (f"{texts[-1][0]} {item.text}", texts[-1][1])
        else:
            texts.append((_whole(item), item.line))
    return texts


def _whole(item: Item) -> str:
    text = " ".join(part.text.lstrip("^↑ ") for part in item.flat())
    return _NUMBER.sub("", text)


def _completes(item: Item, before: str) -> bool:
    """Whether a line is the address of the reference above it, which has none."""
    is_address = re.fullmatch(r"<?(?:https?://|www\.|doi:\s*)\S+>?|10\.\d{4,9}/\S+", item.text)
    marks, _rest = find_marks(before)
    return is_address is not None and not (marks.url or marks.doi or marks.isbn)


def _table_texts(table: Table, context: Context) -> list[tuple[str, int]]:
    names = [unbold(cell).casefold() for cell in table.header.cells] if table.header else []
    has_header = bool(names) and all(name in _COLUMNS or not name for name in names)
    if table.header and has_header:
        cells = " | ".join(cell for cell in table.header.cells if cell)
        context.notes.info(table.header.line, _("Left out as column names: “%s”.") % cells)
    texts = []
    for row in table.rows if has_header else table.all_rows:
        by_name = {
            _COLUMNS.get(name, "") or name: cell
            for name, cell in zip(names, row.cells, strict=False)
        }
        has_header_for_all = has_header and len(by_name) == len(row.cells)
        if (
            has_header_for_all
            and by_name.get("authors")
            and by_name.get("year")
            and by_name.get("title")
        ):
            rest = [
                cell for name, cell in by_name.items() if name not in {"authors", "year", "title"}
            ]
            text = (
                f"{by_name['authors']} ({by_name['year']}). “{by_name['title']}”. {'. '.join(rest)}"
            )
        else:
            text = ". ".join(cell.rstrip(".") for cell in row.cells if cell)
        if text:
            texts.append((text, row.line))
    return texts


def _reference(text: str, line: int, context: Context) -> Reference:
    citation = read_citation(text)
    marks = citation.marks
    values: dict[str, Any] = {
        name: without_markup(value)[0] if name == "title" else value
        for name, value in citation.fields.items()
    }
    if marks.arxiv and not values.get("container"):
        values["container"] = f"arXiv:{marks.arxiv}"
    for name in ("doi", "isbn", "url", "archived_url", "accessed"):
        values[name] = getattr(marks, name)
    if len(values.get("title", "")) > LIMITS["title"]:
        message = _("The title was cut after %d characters; the whole text: “%s”.")
        context.notes.lost(line, message % (LIMITS["title"], values["title"]))
        values["title"] = shorten(values["title"], LIMITS["title"])
    reference = Reference(
        key="-", source_kind=_kind(citation, text), authors=citation.authors, **values
    )
    _report(reference, citation, line, context)
    return reference


def _report(reference: Reference, citation: Citation, line: int, context: Context) -> None:
    if citation.marks.bad_isbn:
        message = _("The check digit of ISBN %s does not fit; it stays in the title.")
        context.notes.guess(line, message % citation.marks.bad_isbn)
    if not citation.is_sure:
        message = _("This reference was understood in part; the rest is its title: “%s”.")
        context.notes.guess(line, message % shorten(reference.title))
    if reference.is_placeholder:
        message = _("A placeholder without address, DOI, ISBN, or author and year: “%s”.")
        context.notes.info(line, message % shorten(reference.title))


def _kind(citation: Citation, text: str) -> str:
    """What kind of source it is, as far as the text tells."""
    container = citation.fields.get("container", "")
    for form, kind in ((_THESIS, "thesis"), (_REPORT, "report")):
        if form.search(text):
            return kind
    if _CONFERENCE.search(container):
        return "conference"
    marks = citation.marks
    if marks.isbn:
        return "chapter" if container else "book"
    if citation.fields.get("volume") or marks.arxiv or marks.doi:
        return "article"
    if citation.fields.get("publisher"):
        return "book"
    return "web" if marks.url else "other"


# Keys -------------------------------------------------------------------------------------------


def _with_keys(found: Sequence[Placed[Reference]]) -> list[Placed[Reference]]:
    """The references with keys made of author and year, of the title, or of the address; unique."""
    from dataclasses import replace

    taken: dict[str, int] = {}
    keyed: list[Placed[Reference]] = []
    for reference, line in found:
        key = _unique_key(reference, taken)
        taken.setdefault(key, 2)
        keyed.append((replace(reference, key=key), line))
    return keyed


def _unique_key(reference: Reference, taken: dict[str, int]) -> str:
    """A key that is not taken; of a taken one the next number to try is remembered."""
    short, long = _key_stems(reference)
    if short not in taken:
        return short
    if long not in taken:
        return long
    if short[-1:].isdigit() and reference.authors:
        letters = (chr(ord("b") + number) for number in range(25))
        if letter := next((letter for letter in letters if f"{short}{letter}" not in taken), ""):
            return f"{short}{letter}"
    while f"{short}-{taken[short]}" in taken:
        taken[short] += 1
    return f"{short}-{taken[short]}"


def _key_stems(reference: Reference) -> tuple[str, str]:
    """A short key, and a longer one for when the short one is taken."""
    if reference.authors and reference.year:
        name = _slug(surname(reference.authors[0])).replace("-", "")
        year = reference.year.strip("~?%")[:4]
        if name:
            return f"{name}{year}", f"{name}{year}"
    stem = _slug(reference.title) or _address_stem(reference) or "source"
    return _cut(stem, _SHORT_KEY), _cut(stem, LIMITS["key"] - 10)


def _slug(text: str) -> str:
    """Letters and digits with hyphens, plain ones where the script has them."""
    return slugify(ascii_letters(text)) or slugify(text, allow_unicode=True).strip("-_")


def _address_stem(reference: Reference) -> str:
    if reference.url:
        parts = urlsplit(reference.url)
        host = (parts.hostname or "").removeprefix("www.")
        return _slug(f"{host} {parts.path}".replace("/", " ").replace(".", " "))
    return _slug(f"{reference.doi} {reference.isbn}".replace("/", " ").replace(".", " "))


def _cut(text: str, length: int) -> str:
    """The first words of a slug."""
    if len(text) <= length:
        return text
    return text[: length + 1].rpartition("-")[0].strip("-_") or text[:length].strip("-_")

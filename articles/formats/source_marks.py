"""What identifies a source in the text of a reference: DOI, ISBN, arXiv number, addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass

from articles.identifiers import normalise_doi, normalise_isbn
from articles.validation import web_address
from timeline.dates import DateError, parse

_MARKDOWN_LINK = re.compile(r"\[([^\[\]]+)\]\(\s*<?([^\s()<>]+(?:\([^\s()]*\)[^\s()<>]*)*)>?\s*\)")
_DOI = re.compile(
    r"(?:\bdoi\s*[:=]?\s*)?(?:https?://(?:dx\.|www\.)?doi\.org/|\bdoi\.org/|\bdoi\s*[:=]?\s*|(?<![\w/.]))"
    r"(10\.\d{4,9}(?:\.\d+)*/[^\s\"<>“”]+)",
    re.IGNORECASE,
)
_ISBN = re.compile(
    r"\bISBN(?:-?1[03])?\s*:?\s*([0-9](?:[0-9Xx]|[-–\u2010\u2011 ](?=[0-9Xx])){8,16})",
    re.IGNORECASE,
)
_ARXIV = re.compile(
    r"\barXiv(?:\s+preprint)?(?:\s+arXiv)?\s*:\s*(\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:\s*\[[\w.-]+\])?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"<?((?:https?://|www\.)[^\s<>\"“”]+)>?", re.IGNORECASE)
_ACCESSED = re.compile(
    r"[(\[]?\b(?:last\s+)?(?:accessed|retrieved|viewed|visited|consulted)(?:\s+on)?\s*:?\s+"
    r"(?P<date>\d{4}-\d{2}-\d{2}|\d{1,2}\.?\s+[^\W\d_]{3,9}\.?,?\s+\d{4}|[^\W\d_]{3,9}\.?\s+\d{1,2},?\s+\d{4})"
    r"(?:,?\s+from\b\s*:?)?[)\]]?\.?",
    re.IGNORECASE,
)
_BEFORE_ADDRESS = re.compile(
    r"(?:[,;]?\s*\(?(?:available\s+(?:at|from|online)(?:\s+at)?|retrieved\s+from|online\s+at|url|link|"
    r"web|website|via|see|source|read\s+at)\s*:?\s*)$",
    re.IGNORECASE,
)
_ARCHIVE = re.compile(
    r"https?://(?:web\.archive\.org/|archive\.(?:today|is|ph|org/web)/)", re.IGNORECASE
)


@dataclass(slots=True)
class Marks:
    """The identifiers of a source; empty texts for what it does not have."""

    doi: str = ""
    isbn: str = ""
    url: str = ""
    archived_url: str = ""
    accessed: str = ""
    arxiv: str = ""
    link_title: str = ""
    # An ISBN whose check digit does not fit: it stays in the text.
    bad_isbn: str = ""


def find_marks(text: str) -> tuple[Marks, str]:
    """The identifiers in a reference, and the text without them."""
    marks = Marks()
    text = _take_links(text, marks)
    text = _take_doi(text, marks)
    text = _take_isbn(text, marks)
    text = _ARXIV.sub(lambda match: _arxiv(match, marks), text)
    text = _ACCESSED.sub(lambda match: _accessed(match, marks), text)
    text = _take_addresses(text, marks)
    if marks.arxiv and not marks.url:
        marks.url = f"https://arxiv.org/abs/{marks.arxiv}"
    return marks, _tidy(text)


def _take_links(text: str, marks: Marks) -> str:
    def take(match: re.Match[str]) -> str:
        shown, address = match.groups()
        if not marks.link_title:
            marks.link_title = shown
        # The words stay in place, the address follows them and is found below.
        return shown if shown.strip() == address else f"{shown} {address}"

    return _MARKDOWN_LINK.sub(take, text)


def _take_doi(text: str, marks: Marks) -> str:
    for match in _DOI.finditer(text):
        found = _trim(match[1])
        try:
            marks.doi = normalise_doi(found)
        except ValueError:
            continue
        start, end = match.start(), match.start(1) + len(found)
        # The same DOI may stand there twice, bare and as an address.
        rest = f"{text[:start]} {text[end:]}"
        return _DOI.sub(
            lambda again: "" if _trim(again[1]).lower() == marks.doi else again[0], rest
        )
    return text


def _take_isbn(text: str, marks: Marks) -> str:
    for match in _ISBN.finditer(text):
        try:
            marks.isbn = normalise_isbn(match[1])
        except ValueError:
            marks.bad_isbn = match[1]
            continue
        return f"{text[: match.start()]} {text[match.end() :]}"
    return text


def _arxiv(match: re.Match[str], marks: Marks) -> str:
    if marks.arxiv:
        return match[0]
    marks.arxiv = match[1]
    return " "


def _accessed(match: re.Match[str], marks: Marks) -> str:
    try:
        day = parse(match["date"].replace(".", "")).edtf
    except DateError:
        return match[0]
    if marks.accessed or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
        return match[0]
    marks.accessed = day
    return " "


def _take_addresses(text: str, marks: Marks) -> str:
    kept = ""
    place = 0
    for match in _ADDRESS.finditer(text):
        found = _trim(match[1])
        address = found if "://" in found else f"https://{found}"
        name = "archived_url" if _ARCHIVE.match(address) else "url"
        if getattr(marks, name) or not _is_address(address):
            continue
        setattr(marks, name, address)
        before = _BEFORE_ADDRESS.sub(" ", text[place : match.start()])
        kept += before
        place = match.start(1) + len(found)
        if match[0].startswith("<"):
            place = match.end()
    return kept + text[place:]


def _is_address(text: str) -> bool:
    try:
        web_address(text)
    except ValueError:
        return False
    return "." in text.split("/")[2]


def _trim(text: str) -> str:
    """An address without the marks of its sentence; brackets stay where they are closed."""
    while text:
        if text[-1] in ".,;:!?'’*_>|" or (
            text[-1] in ")]}"
            and text.count(text[-1]) > text.count({")": "(", "]": "[", "}": "{"}[text[-1]])
        ):
            text = text[:-1]
        else:
            break
    return text


def _tidy(text: str) -> str:
    """The text without the empty brackets and marks that identifiers leave behind."""
    text = re.sub(r"[(\[]\s*[,;.:]*\s*[)\]]|<\s*>", " ", text)
    text = re.sub(r"([.,;:])(?:\s+[.,;:])+(?=\s|$)", r"\1", " ".join(text.split()))
    text = re.sub(r"\s+([,.;:])(?=\s|$)", r"\1", text)
    text = re.sub(r"^[\s,.;:|–—-]+|[\s,;:|–—(\[-]+$", "", text)
    return text.strip()

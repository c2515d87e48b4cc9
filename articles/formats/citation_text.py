"""One reference as people write it, read into fields: only what is sure, the rest is its title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from articles.formats.author_names import read_authors, read_organisation
from articles.formats.source_marks import Marks, find_marks
from articles.formats.text_lines import word_set
from timeline.dates import DateError, parse

_YEAR = r"(?:c\.\s*)?\d{4}[a-z]?(?:,\s*[^\W\d_]{3,9}\.?(?:\s+\d{1,2})?)?|n\.\s?d\.|no date"
_DAY = r"\d{1,2}\s+[^\W\d_]{3,9}\.?\s+\d{4}|\d{4}-\d{2}-\d{2}"
_AUTHOR_YEAR = re.compile(
    rf"(?P<authors>[^()\"“]{{2,400}}?)\s*\((?P<year>{_YEAR}|{_DAY})\)\s*(?P<mark>[.,:]?)\s*(?P<rest>.+)",
    re.DOTALL,
)
# "Nowak, E. 1987. Title. …"
_AUTHOR_DOT_YEAR = re.compile(
    r"(?P<authors>[^()\"“\d]{2,400}?)(?:(?<=[A-Z]\.)|(?<![A-Z])\.|,)\s+(?P<year>\d{4}[a-z]?)(?P<mark>\.)\s+"
    r"(?P<rest>.+)",
    re.DOTALL,
)
_QUOTED = re.compile(
    r"(?P<authors>[^\"“”]{2,400}?),?\s*[\"“](?P<title>[^\"“”]+)[\"”][.,]?\s*(?P<rest>.*)", re.DOTALL
)
_TITLE_QUOTED = re.compile(r"[\"“](?P<title>[^\"“”]+)[\"”][.,]?\s*(?P<rest>.*)", re.DOTALL)
_TITLE_EMPHASISED = re.compile(
    r"(?P<mark>\*{1,2}|_{1,2})(?P<title>[^*_]+)(?P=mark)[.,]?\s*(?P<rest>.*)", re.DOTALL
)
_TITLE_SENTENCE = re.compile(
    r"(?P<title>.+?(?:(?<![A-Z])(?<!\bvs)(?<!\bSt)(?<!\bDr)\.|[?!]))(?:\s+(?P<rest>\S.*))?",
    re.DOTALL,
)
_CHICAGO = re.compile(
    r"(?P<authors>[^\W\d_][^.\"“”()]{2,200}?(?:\s[A-Z])?)\.\s+(?P<title>[^.\"“”]{3,200})\.\s+"
    r"(?:(?P<place>[^\W\d_][^.:]{1,40}):\s*)?(?P<publisher>[^\W\d_][^.:,]{1,80}),\s*(?P<year>\d{4})\.?"
)
_DASH = r"\s*[-–—]\s*"
_PAGES = rf"[A-Za-z]?\d+(?:{_DASH}[A-Za-z]?\d+)?"
_JOURNAL = re.compile(
    r"(?:In:?\s+)?(?P<container>[^\W\d_][^\d]*?)[,.]?\s*"
    r"(?:\b[Vv]ol(?:ume|\.)?\s*)?(?P<volume>\d{1,4})\s*"
    r"(?:[,(]?\s*\(?(?:[Nn]o\.?|[Ii]ssue|[Nn]r\.?)?\s*(?P<issue>\d{1,5}(?:[-–]\d{1,5})?)\)|,\s*(?:[Nn]o\.?|[Ii]ssue)\s*(?P<issue2>\d{1,5}))?"
    rf"\s*(?:[:,]\s*(?:pp?\.\s*)?(?P<pages>{_PAGES}))?\s*\.?"
)
_TOKENS = (
    ("volume", re.compile(r"vol(?:ume|\.)?\s*(\w{1,8})", re.IGNORECASE)),
    ("issue", re.compile(r"(?:no|nr|issue|iss)\.?\s*([\w–-]{1,12})", re.IGNORECASE)),
    ("pages", re.compile(rf"pp?\.?\s*({_PAGES})", re.IGNORECASE)),
    ("year", re.compile(r"(?:[^\W\d_]{3,9}\.?\s+)?(?:\d{1,2}\s+[^\W\d_]{3,9}\.?\s+)?(\d{4})")),
)
_PUBLISHER = re.compile(
    r"\b(?:press|publish\w*|verlag|books?|house|wiley|springer|elsevier|routledge|penguin|harper\w*|"
    r"mcgraw\S*|pearson|macmillan|norton|vintage|sons|editions?|éditions|media|editores)\b",
    re.IGNORECASE,
)
# What is longer is no reference.
_LONGEST = 3000
# Words of a citation that no field holds and nobody misses.
_FILLERS = word_set(
    "and in vol volume no nr issue iss pp p n d the doi isbn from at on available accessed "
    "retrieved https http www url"
)


@dataclass(slots=True)
class Citation:
    """What a reference says. `is_sure` is False when something stayed in the title unread."""

    fields: dict[str, str] = field(default_factory=dict)
    authors: tuple[str, ...] = ()
    marks: Marks = field(default_factory=Marks)
    is_sure: bool = True


def read_citation(text: str) -> Citation:
    """Read a reference of any style. No word gets lost: what is not understood is the title."""
    if len(text) > _LONGEST:
        return Citation({"title": text}, is_sure=False)
    marks, rest = find_marks(text)
    for citation in _readings(rest):
        citation.marks = marks
        if _covers(citation, rest):
            return citation
    title = marks.link_title if marks.link_title and not _words(rest) else rest
    looks_cited = bool(re.search(r"\(\d{4}[a-z]?\)|[\"“].+[\"”].*\d{4}|\bet al\b", rest))
    return Citation({"title": title}, (), marks, is_sure=not looks_cited)


def _readings(text: str) -> Iterator[Citation]:
    """The ways to read a text, the fullest first."""
    if match := _AUTHOR_YEAR.fullmatch(text) or _AUTHOR_DOT_YEAR.fullmatch(text):
        authors = read_authors(match["authors"])
        if not _may_be_authors(match, authors):
            authors = ()
        is_bracketed = match.re is _AUTHOR_YEAR
        if (
            not authors
            and is_bracketed
            and (match["mark"] in {".", ":"} or match["rest"][:1] in '"“')
        ):
            authors = read_organisation(match["authors"])
        year = _year(match["year"])
        if authors and year is not None:
            yield from _titled(match["rest"], authors, year)
            yield Citation(
                {"title": match["rest"].strip(" ."), "year": year}, authors, is_sure=False
            )
    if match := _QUOTED.fullmatch(text):
        authors = read_authors(match["authors"]) or read_organisation(match["authors"])
        if authors:
            place = _place(match["rest"])
            if place is not None:
                yield Citation({"title": match["title"].strip(" .,"), **place}, authors)
    if (match := _CHICAGO.fullmatch(text)) and (authors := read_authors(match["authors"])):
        publisher = ": ".join(part for part in (match["place"], match["publisher"]) if part)
        found = {"title": match["title"], "publisher": publisher, "year": match["year"]}
        yield Citation(found, authors)
    if match := _TITLE_QUOTED.fullmatch(text):
        place = _place(match["rest"])
        if place is not None:
            yield Citation({"title": match["title"].strip(" .,"), **place})


def _may_be_authors(match: re.Match[str], authors: tuple[str, ...]) -> bool:
    """Whether what looks like names before a year is no title: "Deep Learning (2016). Press."."""
    rest = match["rest"].strip()
    if rest[:1].islower():
        return False
    is_plain = len(authors) == 1 and "," not in authors[0] and "." not in authors[0]
    is_plain = is_plain and not re.search(r"\s[A-Z]{1,3}$", authors[0])
    return not is_plain or rest[0] in '"“*_' or len(re.findall(r"\.\s+\S|\.$", rest)) > 1


def _titled(rest: str, authors: tuple[str, ...], year: str) -> Iterator[Citation]:
    """A title and a place of publication behind authors and year."""
    for form in (_TITLE_QUOTED, _TITLE_EMPHASISED, _TITLE_SENTENCE):
        if match := form.fullmatch(rest.strip()):
            place = _place(match["rest"] or "")
            if place is not None and not (place.get("year") and place["year"] != year):
                title = match["title"].strip()
                title = title.rstrip(".,") if title.endswith((".", ",")) else title
                yield Citation({**place, "title": title, "year": year}, authors)


def _place(text: str) -> dict[str, str] | None:
    """Journal with volume, issue and pages, or a publisher; None when it is neither for certain."""
    text = re.sub(r"[*_]{1,2}(?=\S)([^*_]+)[*_]{1,2}", r"\1", text).strip().strip(".,; ")
    if not text:
        return {}
    if match := _JOURNAL.fullmatch(text):
        issue = match["issue"] or match["issue2"] or ""
        found = {"container": match["container"].strip(" .,"), "volume": match["volume"]}
        found.update({"issue": issue, "pages": _pages(match["pages"] or "")})
        return found
    found = {}
    plain: list[str] = []
    for token in re.split(r",\s+", text):
        name, value = _token(token.strip())
        if not name:
            if found:
                return None
            plain.append(token.strip())
        elif name in found:
            return None
        else:
            found[name] = _pages(value) if name == "pages" else value
    words = ", ".join(plain)
    if re.search(r"\d{3,}", words) or len(words) > 150:
        return None
    if words:
        # A journal has volumes, pages or the word "In" before it; a publisher has none of them.
        is_container = bool({"volume", "issue", "pages"} & set(found)) or words.startswith("In ")
        is_container = is_container or not (_PUBLISHER.search(words) or ":" in words)
        found["container" if is_container else "publisher"] = words.removeprefix("In ").strip(" :")
    return found


def _token(text: str) -> tuple[str, str]:
    for name, form in _TOKENS:
        if match := form.fullmatch(text):
            return name, match[1] if name != "year" else _year(text) or match[1]
    return "", ""


def _pages(text: str) -> str:
    return re.sub(_DASH, "–", text)


def _year(text: str) -> str | None:
    """A year of publication as EDTF, '' for "n.d.", None when it is no date."""
    if text.startswith("n") and "d" in text:
        return ""
    plain = re.sub(r"^(c\.\s*\d{4}|\d{4})[a-z]", r"\1", text)
    turned = re.sub(r"^(\d{4}),\s*(.+)$", r"\2 \1", plain)
    turned = re.sub(r"^([^\W\d_]+\.?) (\d{1,2}) (\d{4})$", r"\2 \1 \3", turned)
    try:
        return parse(turned).edtf
    except DateError:
        return None


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"[^\W_]+", text.casefold()) if word not in _FILLERS}


def _covers(citation: Citation, text: str) -> bool:
    """Whether every word of the text stands in a field."""
    held = " ".join((*citation.fields.values(), *citation.authors))
    missing = _words(text) - _words(held)
    year = citation.fields.get("year", "")
    return all(_is_in_date(word, year) for word in missing)


def _is_in_date(word: str, year: str) -> bool:
    """Whether a word is a month, a day or "2015a" of a date that the year field holds."""
    if word[:4] == year[:4] and re.fullmatch(r"\d{4}[a-z]?", word):
        return True
    if len(year) < 5:
        return bool(re.fullmatch(r"c", word)) and year.endswith("~")
    months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    return word[:3] in months or word.lstrip("0") == year[8:].lstrip("0")

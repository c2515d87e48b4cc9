"""schema.org's words for what an article says: JSON that can stand in a page. Pure, no database.

What follows from the document alone is written once, when the article is saved, as text with
`HERE` in place of the page's address, which can change; `structured_data` adds what can change.
"""

from __future__ import annotations

import json
import re
from typing import Any

from articles.document import Document
from articles.reference_text import AND_OTHERS, BODY_WORDS

# In place of the address of the page in stored text: a noncharacter, which no text can hold.
HERE = "\ufdd0"

# Exact days, months and years of our era, the only dates that schema.org knows.
# (EDTF writes seasons as months from 21 on.)
_DATE = re.compile(r"(?!0000)\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d\d)?)?")
# And intervals of them: a text of temporalCoverage as ISO 8601 has it.
_COVERAGE = re.compile(rf"{_DATE.pattern}(?:/(?:{_DATE.pattern}|\.\.))?")

# Kinds of references. A data set or a standard is no more than a work here: search engines take
# those types for things that this site offers itself, and ask for what a reference cannot say.
_TYPES = {
    "article": "ScholarlyArticle",
    "conference": "ScholarlyArticle",
    "book": "Book",
    "chapter": "Chapter",
    "thesis": "Thesis",
    "report": "Report",
    "law": "Legislation",
    "web": "WebPage",
    "news": "NewsArticle",
}
_PAGED = {"ScholarlyArticle", "NewsArticle", "Report", "Chapter"}


def to_json(value: Any) -> str:
    """JSON without a character that could end a `<script>` or a line of JavaScript."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # Four searches that mostly find nothing are quicker than one pass over every letter.
    for letter, escape in _ESCAPES:
        if letter in text:
            text = text.replace(letter, escape)
    return text


_ESCAPES = [(letter, f"\\u{ord(letter):04x}") for letter in "<>&\u2028\u2029"]


def fixed_parts(document: Document, page: dict[str, Any]) -> dict[str, str]:
    """What the document alone decides: `article`, the inside of an object, and `faq`, an object.

    `page` is the rendered page of the document. `faq` is '' without an answered question.
    """
    article: dict[str, Any] = {
        "headline": document.title,
        "inLanguage": document.language,
    }
    if summary := page["short_answer"]["text"]:
        article["description"] = summary
    if page["references"]:
        article["citation"] = [_work(reference) for reference in page["references"]]
    questions = [
        {
            "@type": "Question",
            "@id": f"{HERE}#{question['anchor']}",
            "name": question["question"],
            "acceptedAnswer": {"@type": "Answer", "text": question["text"]},
        }
        for question in page["questions"]
        if question["text"]
    ]
    faq = {"@type": "FAQPage", "@id": f"{HERE}#faq", "inLanguage": document.language}
    return {
        "article": to_json(article)[1:-1],
        "faq": to_json(faq | {"mainEntity": questions}) if questions else "",
    }


def coverage(date: str) -> str:
    """An EDTF date as `temporalCoverage` if ISO 8601 says it too, else ''."""
    return date if _COVERAGE.fullmatch(date) else ""


def _work(reference: dict[str, Any]) -> dict[str, Any]:
    kind = _TYPES.get(reference["source_kind"], "CreativeWork")
    work: dict[str, Any] = {
        "@type": kind,
        "@id": f"{HERE}#{reference['anchor']}",
        "name": reference["title"] or reference["container"] or reference["key"],
    }
    authors = [_author(name) for name in reference["authors"] if not AND_OTHERS.fullmatch(name)]
    values = {
        "author": authors,
        "datePublished": reference["year"] if _DATE.fullmatch(reference["year"]) else "",
        "isPartOf": _container(reference, kind),
        "pagination": reference["pages"] if kind in _PAGED else "",
        "publisher": {"@type": "Organization", "name": reference["publisher"]}
        if reference["publisher"]
        else None,
        "isbn": reference["isbn"] if kind == "Book" else "",
        "identifier": _identifier(reference, kind),
        "url": reference["url"],
        "archivedAt": reference["archived_url"],
    }
    return work | {name: value for name, value in values.items() if value}


def _author(name: str) -> dict[str, str]:
    return {"@type": "Organization" if BODY_WORDS.search(name) else "Person", "name": name}


def _identifier(reference: dict[str, Any], kind: str) -> str:
    """A URI, because that says by itself what kind of identifier it is."""
    if reference["doi"]:
        return f"https://doi.org/{reference['doi']}"
    # A book has a property for it.
    return f"urn:isbn:{reference['isbn']}" if reference["isbn"] and kind != "Book" else ""


def _container(reference: dict[str, Any], kind: str) -> dict[str, Any] | None:
    """What it appeared in: of a journal its volume and issue, as schema.org's own examples do."""
    name = reference["container"]
    if not name or not reference["title"]:
        return None
    if kind != "ScholarlyArticle":
        return {"@type": "Book" if kind == "Chapter" else "CreativeWork", "name": name}
    part: dict[str, Any] = {"@type": "Periodical", "name": name}
    if reference["volume"]:
        part = {
            "@type": "PublicationVolume",
            "volumeNumber": reference["volume"],
            "isPartOf": part,
        }
    if reference["issue"]:
        part = {"@type": "PublicationIssue", "issueNumber": reference["issue"], "isPartOf": part}
    return part

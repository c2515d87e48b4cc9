"""What keeps a document from being saved, and how it is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from articles.document import (
    PART_TYPES,
    Document,
    Fact,
    InfoboxRow,
    Milestone,
    Question,
    Reference,
    RelatedTerm,
    Section,
    canonical,
)
from articles.models import Reference as ReferenceRow
from articles.validation import LIMITS, SOURCE_KINDS, Problem, numbered_parts, problems
from tests.articles.bridges import make_document

EMPTY = "This must not be empty."
ANCHOR = "An anchor here begins with “fact-” and has letters, digits and hyphens."
SLUG = "A slug has letters, digits, hyphens and underscores only."


def test_a_complete_document_has_no_problem() -> None:
    assert problems(make_document()) == []


def test_a_title_is_enough() -> None:
    assert problems(Document(title="A")) == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"title": ""}, [("title", "An article needs a title.")]),
        ({"title": "!!!", "slug": ""}, [("slug", SLUG)]),
        ({"slug": "a b"}, [("slug", SLUG)]),
        ({"slug": "feed"}, [("slug", "This word has a meaning in addresses; take another.")]),
        (
            {"title": "New", "slug": ""},
            [("slug", "This word has a meaning in addresses; take another.")],
        ),
        (
            {"language": "English, please"},
            [("language", "A language is a code such as en, de or pt-BR.")],
        ),
        ({"title": "x" * 301}, [("title", "This is longer than 300 characters.")]),
        ({"tags": ("ok", "x" * 101)}, [("tags", "This is longer than 100 characters.")]),
        (
            {"infobox": (InfoboxRow(label="", value=""),)},
            [("infobox[0].label", EMPTY), ("infobox[0].value", EMPTY)],
        ),
        ({"sections": (Section(heading="", body="x"),)}, [("sections[0].heading", EMPTY)]),
        (
            {"sections": (Section(heading="x", level=4),)},
            [("sections[0].level", "A section has level 2 or 3.")],
        ),
        ({"facts": (Fact(statement="x"), Fact(statement=""))}, [("facts[1].statement", EMPTY)]),
        ({"facts": (Fact(anchor="x", statement="x"),)}, [("facts[0].anchor", ANCHOR)]),
        ({"facts": (Fact(anchor="fact-", statement="x"),)}, [("facts[0].anchor", ANCHOR)]),
        ({"facts": (Fact(anchor="fact-a b", statement="x"),)}, [("facts[0].anchor", ANCHOR)]),
        (
            {"facts": (Fact(anchor="fact-a", statement="x"), Fact(anchor="fact-a", statement="y"))},
            [("facts[1]", "The anchor “fact-a” is used twice in this article.")],
        ),
        (
            {"facts": (Fact(statement="x", checked="2026-13-01"),)},
            [("facts[0].checked", "A day is written as 2026-11-22.")],
        ),
        (
            {"facts": (Fact(statement="x", checked="20261122"),)},
            [("facts[0].checked", "A day is written as 2026-11-22.")],
        ),
        (
            {"timeline": (Milestone(date="", title=""),)},
            [("timeline[0].date", EMPTY), ("timeline[0].title", EMPTY)],
        ),
        ({"related_terms": (RelatedTerm(term=""),)}, [("related_terms[0].term", EMPTY)]),
        ({"questions": (Question(question=""),)}, [("questions[0].question", EMPTY)]),
        ({"references": (Reference(key=""),)}, [("references[0].key", EMPTY)]),
        (
            {"references": (Reference(key="-a"),)},
            [("references[0].key", "A key has letters and digits, and between them - _ . or :")],
        ),
        (
            {"references": (Reference(key="a"), Reference(key="a"))},
            [("references[1]", "The anchor “reference-a” is used twice in this article.")],
        ),
        (
            {"references": (Reference(key="a", doi="nature14539"),)},
            [("references[0].doi", "This is not a DOI: it should look like 10.1038/nature14539.")],
        ),
        (
            {"references": (Reference(key="a", isbn="0521629635"),)},
            [
                (
                    "references[0].isbn",
                    "The check digit of this ISBN does not fit; compare it with the book.",
                )
            ],
        ),
        (
            {"references": (Reference(key="a", url="javascript:alert(1)"),)},
            [("references[0].url", "A web address begins with https:// or http://.")],
        ),
        (
            {"references": (Reference(key="a", url="https://a.org/<b>"),)},
            [
                (
                    "references[0].url",
                    "This web address has characters that an address must not have.",
                )
            ],
        ),
        (
            {"references": (Reference(key="a", archived_url="https://me:pw@a.org/"),)},
            [
                (
                    "references[0].archived_url",
                    "This web address has characters that an address must not have.",
                )
            ],
        ),
        (
            {"references": (Reference(key="a", accessed="yesterday"),)},
            [("references[0].accessed", "A day is written as 2026-11-22.")],
        ),
    ],
)
def test_a_problem_says_where_and_what(
    changes: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    document = replace(Document(title="A", slug="a"), **changes)

    assert problems(document) == [Problem(path, message) for path, message in found]


@pytest.mark.parametrize("date", ["someday", "2012-13", "2012-06-31", "2015/2012"])
def test_a_date_that_cannot_be_is_a_problem_of_its_milestone(date: str) -> None:
    document = Document(title="A", timeline=(Milestone(date=date, title="X"),))

    assert [problem.path for problem in problems(document)] == ["timeline[0].date"]


def test_the_kind_of_a_source_is_one_of_those_that_rows_know() -> None:
    document = Document(title="A", references=(Reference(key="a", source_kind="painting"),))

    assert tuple(ReferenceRow.Kind.values) == SOURCE_KINDS
    assert problems(document) == [
        Problem(
            "references[0].source_kind",
            "The kind of a source is one of: article, conference, book, chapter, thesis, report, "
            "law, web, dataset, standard, news, other.",
        )
    ]


@pytest.mark.parametrize("name", sorted(LIMITS))
def test_a_text_may_be_as_long_as_its_limit_and_not_longer(name: str) -> None:
    """Every field of a document that holds text has a limit, and the limit is exact."""
    base = make_document()
    owners = [base, *(part for _path, part in numbered_parts(base))]
    owner = next(item for item in owners if hasattr(item, name))

    def messages(length: int) -> list[str]:
        value: Any = "x" * length
        if isinstance(getattr(owner, name), tuple):
            value = (value,)
        changed = replace(owner, **{name: value})
        document = changed if changed.__class__ is Document else replace_part(base, owner, changed)
        return [p.message for p in problems(document) if "longer" in p.message]

    assert messages(LIMITS[name]) == []
    assert messages(LIMITS[name] + 1) == [f"This is longer than {LIMITS[name]} characters."]


def replace_part(document: Document, before: Any, after: Any) -> Document:
    """The document with one part in place of another."""
    for name in PART_TYPES:
        parts = getattr(document, name)
        if before in parts:
            index = parts.index(before)
            return replace(document, **{name: (*parts[:index], after, *parts[index + 1 :])})
    raise AssertionError(before)


def test_a_problem_reads_as_path_and_sentence() -> None:
    assert str(Problem("facts[2].label", EMPTY)) == "facts[2].label: This must not be empty."
    assert str(Problem("", EMPTY)) == EMPTY


def test_a_document_of_clean_texts_stays_without_problems() -> None:
    document = make_document()

    assert problems(canonical(document)) == []

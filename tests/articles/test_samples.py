"""The articles we ship are what Milepost asks of others: sourced, consistent and well formed.

A test cannot tell whether a sentence is true. It can tell whether a reader could check it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from articles.document import Document, canonical
from articles.formats import markdown_file
from articles.identifiers import normalise_doi, normalise_isbn, normalise_url, source_identity
from articles.markup import Citation, TermUse, fold, render_block
from articles.validation import problems
from timeline.dates import parse_edtf

SAMPLES = Path(__file__).parents[2] / "articles" / "samples"
PATHS = sorted(SAMPLES.glob("*.md"))


@pytest.fixture(params=PATHS, ids=[path.stem for path in PATHS])
def path(request: pytest.FixtureRequest) -> Path:
    """One shipped file after the other."""
    found: Path = request.param
    return found


@pytest.fixture
def article(path: Path) -> Document:
    """The document of a shipped file."""
    return markdown_file.parse(path.read_text(encoding="utf-8"))


def _statements(article: Document) -> Iterator[tuple[str, str]]:
    """The anchor and the text of each statement."""
    for row in article.infobox:
        yield row.anchor, row.value
    for fact in article.facts:
        yield fact.anchor, fact.statement
    for milestone in article.timeline:
        yield milestone.anchor, milestone.body


def _texts(article: Document) -> Iterator[str]:
    """Every text that may hold citations and links to terms."""
    yield article.short_answer
    yield from (text for _anchor, text in _statements(article))
    yield from (section.body for section in article.sections)
    yield from (question.answer for question in article.questions)


def _citations(article: Document) -> list[Citation]:
    return [use for text in _texts(article) for use in render_block(text).citations]


def _term_links(article: Document) -> list[TermUse]:
    return [use for text in _texts(article) for use in render_block(text).terms]


def test_these_are_the_samples() -> None:
    assert [path.name for path in PATHS] == [
        "antikythera-mechanism.md",
        "deep-learning.md",
        "exploration-of-the-solar-system.md",
    ]


def _dates(name: str) -> list[str]:
    text = (SAMPLES / name).read_text(encoding="utf-8")
    return [milestone.date for milestone in markdown_file.parse(text).timeline]


def test_one_sample_goes_back_before_the_common_era() -> None:
    dates = _dates("antikythera-mechanism.md")
    assert len([date for date in dates if parse_edtf(date).bounds.end_max < 0]) >= 5
    assert [date for date in dates if parse_edtf(date).is_circa]


def test_one_sample_has_more_milestones_than_a_page_shows() -> None:
    assert len(_dates("exploration-of-the-solar-system.md")) > 50


def test_a_sample_can_be_saved_as_it_is(article: Document) -> None:
    assert problems(article) == []


def test_a_sample_is_written_as_the_exporter_writes_it(path: Path, article: Document) -> None:
    assert markdown_file.write(article) == path.read_text(encoding="utf-8")
    assert canonical(article) == article


def test_a_sample_is_named_after_its_slug(path: Path, article: Document) -> None:
    assert article.slug == path.stem


def test_every_region_of_a_sample_has_something_in_it(article: Document) -> None:
    assert article.short_answer
    assert article.category
    assert article.tags
    assert article.author
    assert {part.kind for part in article.parts()} == {
        "infobox-row", "section", "fact", "milestone", "related-term", "question", "reference",
    }  # fmt: skip


def test_every_statement_cites_a_reference_that_leads_somewhere(article: Document) -> None:
    real = {reference.key for reference in article.references if not reference.is_placeholder}
    unsourced = [
        anchor
        for anchor, text in _statements(article)
        if not real & {citation.key for citation in render_block(text).citations}
    ]
    assert unsourced == []


def test_short_answer_sections_and_answers_cite_as_well(article: Document) -> None:
    texts = {"short-answer": article.short_answer}
    texts |= {section.anchor: section.body for section in article.sections}
    texts |= {question.anchor: question.answer for question in article.questions}
    assert [anchor for anchor, text in texts.items() if not render_block(text).citations] == []


def test_every_citation_names_a_reference_and_every_reference_is_cited(article: Document) -> None:
    cited = {citation.key for citation in _citations(article)}
    assert cited == {reference.key for reference in article.references}


def test_no_bracket_is_left_that_was_meant_as_a_citation_or_term(article: Document) -> None:
    shown = [render_block(text).text for text in _texts(article)]
    assert [text for text in shown if "[@" in text or "[[" in text or "]]" in text] == []


def test_every_reference_has_a_title_and_someone_who_answers_for_it(article: Document) -> None:
    incomplete = [
        reference.key
        for reference in article.references
        if not (reference.title and (reference.authors or reference.publisher))
    ]
    assert incomplete == []


def test_every_reference_but_a_web_page_without_a_date_has_a_year(article: Document) -> None:
    undated = [
        reference.key
        for reference in article.references
        if not reference.year and (reference.source_kind != "web" or not reference.url)
    ]
    assert undated == []


def test_every_reference_has_a_valid_doi_isbn_or_address(article: Document) -> None:
    for reference in article.references:
        identifiers = [
            normalise(value)
            for normalise, value in (
                (normalise_doi, reference.doi),
                (normalise_isbn, reference.isbn),
                (normalise_url, reference.url),
            )
            if value
        ]
        assert identifiers, f"{reference.key} leads nowhere"


def test_books_have_an_isbn(article: Document) -> None:
    books = [reference for reference in article.references if reference.source_kind == "book"]
    assert len(books) >= 2
    assert [book.key for book in books if not book.isbn] == []


def test_no_two_references_are_the_same_source(article: Document) -> None:
    sources = Counter(
        source_identity(doi=reference.doi, isbn=reference.isbn, url=reference.url)
        for reference in article.references
    )
    assert [source for source, count in sources.items() if count > 1] == []


def test_every_linked_term_is_defined_and_every_related_term_is_linked(article: Document) -> None:
    linked = {fold(use.name) for use in _term_links(article)}
    assert linked == {fold(related.term) for related in article.related_terms}
    assert [related.term for related in article.related_terms if not related.definition] == []


def test_every_part_has_an_anchor_of_its_own(article: Document) -> None:
    anchors = Counter(part.anchor for part in article.parts())
    assert [anchor for anchor, count in anchors.items() if count > 1 or not anchor] == []


def test_dates_are_edtf_in_order_and_of_more_than_one_kind(article: Document) -> None:
    starts = [parse_edtf(milestone.date).bounds.start_min for milestone in article.timeline]
    assert starts == sorted(starts)
    dates = [milestone.date for milestone in article.timeline]
    assert [date for date in dates if "/" in date], "no range"
    assert [date for date in dates if "~" in date or "X" in date], "no circa or decade"
    assert [date for date in dates if len(date) == len("1986-10-09")], "no exact day"


def test_milestones_lie_on_at_least_three_tracks(article: Document) -> None:
    assert all(milestone.tracks for milestone in article.timeline)
    assert len({track for milestone in article.timeline for track in milestone.tracks}) >= 3


def test_titles_of_milestones_are_short(article: Document) -> None:
    assert [m.title for m in article.timeline if len(m.title) > 50] == []

"""The article document: its shape, its canonical form, its stored values for ever, its anchors."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.anchors import MAX_LENGTH, is_anchor, make_anchor
from articles.document import (
    FORMAT,
    PART_TYPES,
    Document,
    DocumentError,
    Fact,
    InfoboxRow,
    Milestone,
    Question,
    Reference,
    RelatedTerm,
    Section,
    canonical,
    content_hash,
    from_dict,
    to_dict,
)
from tests.articles.document_strategies import documents

FROZEN = Path(__file__).parent / "documents"

# What tests/articles/documents/format-1.json says. Neither may ever change: revisions of this
# format are kept for ever.
METRE = Document(
    title="The metre: a short history",
    slug="metre",
    short_answer=(
        "The metre is the unit of length of the [[SI]], defined by the speed of light "
        "[@bipm2019, p. 131]."
    ),
    language="en-GB",
    category="Measurement",
    tags=("France", "Units"),
    author="Milepost editors",
    infobox=(
        InfoboxRow(
            anchor="infobox-row-quantity",
            label="Quantity",
            value="Length [@bipm2019]",
            checked="2026-11-18",
        ),
    ),
    sections=(
        Section(
            anchor="section-origin",
            heading="Origin",
            body=(
                "A committee proposed a *natural* measure.\n\n- one quadrant\n- ten million parts"
            ),
        ),
        Section(
            anchor="section-the-survey",
            heading="The survey",
            level=3,
            body="```\n# not a heading\n```",
        ),
    ),
    facts=(
        Fact(
            anchor="fact-defining-constant",
            label="Defining constant",
            statement="Light travels 299,792,458 metres in a second [@bipm2019].",
            checked="2026-11-18",
        ),
        Fact(anchor="fact-the-name", statement="The name comes from Greek *métron*."),
    ),
    timeline=(
        Milestone(
            anchor="milestone-earth-measured",
            date="-0239~",
            title="Eratosthenes measures the Earth",
        ),
        Milestone(
            anchor="milestone-assembly-decides",
            date="1791-03-30",
            title="The National Assembly adopts the metre",
            body="A tenth of a millionth of a quadrant.",
            tracks=("Law", "Research"),
            checked="2026-11-18",
        ),
    ),
    related_terms=(
        RelatedTerm(
            anchor="related-term-si", term="SI", definition="The International System of Units."
        ),
    ),
    questions=(
        Question(
            anchor="question-why-light",
            question="Why light?",
            answer="Its speed is the same everywhere [@bipm2019].",
        ),
    ),
    references=(
        Reference(
            key="bipm2019",
            source_kind="standard",
            title="The International System of Units",
            authors=("Bureau international des poids et mesures",),
            year="2019",
            container="SI Brochure",
            volume="9",
            issue="1",
            pages="117–216",
            publisher="BIPM",
            url="https://www.bipm.org/en/publications/si-brochure",
            doi="10.1000/182",
            isbn="9789282222720",
            accessed="2026-11-18",
            archived_url="https://web.archive.org/web/2026/https://www.bipm.org/",
        ),
        Reference(key="someone", title="A title alone"),
    ),
)


def test_format_1_is_readable_for_ever() -> None:
    stored = json.loads((FROZEN / "format-1.json").read_text(encoding="utf-8"))
    assert from_dict(stored) == METRE


def test_every_format_there_is_has_a_frozen_document() -> None:
    names = sorted(path.name for path in FROZEN.glob("format-*.json"))
    assert names == [f"format-{number}.json" for number in range(1, FORMAT + 1)]


def test_values_of_a_document_are_those_of_the_frozen_file() -> None:
    stored = json.loads((FROZEN / "format-1.json").read_text(encoding="utf-8"))
    assert to_dict(METRE) == stored
    assert list(to_dict(METRE)) == list(stored)


def test_fields_at_their_default_are_left_out() -> None:
    document = Document(title="T", facts=(Fact(statement="Said."),))
    assert to_dict(document) == {"format": 1, "title": "T", "facts": [{"statement": "Said."}]}


@given(documents)
def test_values_are_read_back_as_the_same_document(document: Document) -> None:
    values = json.loads(json.dumps(to_dict(document)))
    assert from_dict(values) == document


@given(documents)
def test_canonical_is_idempotent(document: Document) -> None:
    assert canonical(document) == document


def test_canonical_cleans_texts_drops_empty_and_repeated_names_and_sorts_tags() -> None:
    document = Document(
        title="  A\ttitle\r\n of two\x00 lines ",
        tags=("Units", " ", "Units ", "Law"),
        facts=(Fact(label=" a  b ", statement="\u202eq\n"),),
        sections=(Section(heading="H\n", body="\r\nOne  \r\n\r\n\r\nTwo \r\n"),),
        references=(Reference(key=" k ", authors=("B\nC", "A", "", "B C")),),
    )
    assert canonical(document) == Document(
        title="A title of two lines",
        tags=("Law", "Units"),
        facts=(Fact(label="a b", statement="q"),),
        sections=(Section(heading="H", body="One\n\nTwo"),),
        references=(Reference(key="k", authors=("B C", "A")),),
    )


def test_milestones_stand_by_date_and_unreadable_dates_at_the_end() -> None:
    dates = ["2012", "soon", "-0043~", "1791-03-30", "never", "194X"]
    document = Document(
        title="T", timeline=tuple(Milestone(date=date, title=date) for date in dates)
    )
    ordered = [milestone.date for milestone in canonical(document).timeline]
    assert ordered == ["-0043~", "1791-03-30", "194X", "2012", "soon", "never"]


def test_milestones_of_one_day_keep_their_order() -> None:
    titles = ["b", "a", "c"]
    document = Document(
        title="T", timeline=tuple(Milestone(date="2012", title=title) for title in titles)
    )
    assert [milestone.title for milestone in canonical(document).timeline] == titles


@pytest.mark.parametrize(
    ("values", "path", "message"),
    [
        ([], "", "an article is an object with named fields"),
        ({"title": "T"}, "format", "is missing or not a number"),
        ({"format": "1", "title": "T"}, "format", "is missing or not a number"),
        ({"format": True, "title": "T"}, "format", "is missing or not a number"),
        ({"format": 0, "title": "T"}, "format", "is missing or not a number"),
        (
            {"format": FORMAT + 1, "title": "T"},
            "format",
            f"is {FORMAT + 1}; this version reads formats up to {FORMAT}",
        ),
        ({"format": 1}, "title", "is missing"),
        ({"format": 1, "title": None}, "title", "must be text"),
        ({"format": 1, "title": "T", "colour": "red"}, "colour", "unknown field"),
        ({"format": 1, "title": "T", "tags": "Units"}, "tags", "must be a list of texts"),
        ({"format": 1, "title": "T", "tags": [1]}, "tags", "must be a list of texts"),
        ({"format": 1, "title": "T", "facts": {}}, "facts", "must be a list"),
        ({"format": 1, "title": "T", "facts": None}, "facts", "must be a list"),
        ({"format": 1, "title": "T", "facts": [{}]}, "facts[0].statement", "is missing"),
        (
            {"format": 1, "title": "T", "facts": [{"statement": "a"}, "b"]},
            "facts[1]",
            "must be an object with named fields",
        ),
        (
            {"format": 1, "title": "T", "facts": [{"statement": "a", "lable": "b"}]},
            "facts[0].lable",
            "unknown field",
        ),
        (
            {"format": 1, "title": "T", "sections": [{"heading": "H", "level": "2"}]},
            "sections[0].level",
            "must be a whole number",
        ),
        (
            {"format": 1, "title": "T", "sections": [{"heading": "H", "level": True}]},
            "sections[0].level",
            "must be a whole number",
        ),
    ],
)
def test_values_of_the_wrong_shape_are_refused_with_their_place(
    values: Any, path: str, message: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        from_dict(values)
    assert (caught.value.path, caught.value.message) == (path, message)


def test_reading_values_does_not_change_them() -> None:
    values = json.loads((FROZEN / "format-1.json").read_text(encoding="utf-8"))
    before = json.dumps(values)
    from_dict(values)
    assert json.dumps(values) == before


def test_the_hash_of_a_document_stays_the_same_for_ever() -> None:
    assert content_hash(METRE) == (
        "2f7aba9607d949a0d9e1f4433d4ad8b81d30126f6fe73b4a864725b01f44a6e7"
    )


def test_the_hash_differs_for_every_difference() -> None:
    others = [
        replace(METRE, title="Another"),
        replace(METRE, tags=("Units",)),
        replace(METRE, facts=METRE.facts[::-1]),
        replace(METRE, facts=(replace(METRE.facts[0], anchor="fact-other"), METRE.facts[1])),
        replace(METRE, questions=()),
    ]
    hashes = {content_hash(document) for document in [METRE, *others]}
    assert len(hashes) == len(others) + 1


def test_parts_come_in_page_order() -> None:
    kinds = list(dict.fromkeys(part.kind for part in METRE.parts()))
    assert kinds == [
        "infobox-row",
        "section",
        "fact",
        "milestone",
        "related-term",
        "question",
        "reference",
    ]
    assert len(list(METRE.parts())) == sum(len(getattr(METRE, name)) for name in PART_TYPES)


def test_a_reference_is_anchored_by_its_key() -> None:
    assert Reference(key="bipm2019").anchor == "reference-bipm2019"


@pytest.mark.parametrize(
    ("reference", "is_placeholder"),
    [
        (Reference(key="a", title="Industry reports"), True),
        (Reference(key="a", authors=("A",)), True),
        (Reference(key="a", year="2019"), True),
        (Reference(key="a", authors=("A",), year="2019"), False),
        (Reference(key="a", url="https://example.org/"), False),
        (Reference(key="a", doi="10.1000/182"), False),
        (Reference(key="a", isbn="9789282222720"), False),
    ],
)
def test_a_placeholder_leads_nowhere(reference: Reference, is_placeholder: bool) -> None:
    assert reference.is_placeholder is is_placeholder


# Anchors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "text", "taken", "anchor"),
    [
        ("fact", "Training time", set(), "fact-training-time"),
        ("fact", "Training time", {"fact-training-time"}, "fact-training-time-2"),
        ("fact", "A", {"fact-a", "fact-a-2"}, "fact-a-3"),
        ("section", "Überblick & Zahlen", set(), "section-überblick-zahlen"),
        ("section", "历史", set(), "section-历史"),
        ("question", "?!", set(), "question-1"),
        ("question", "?!", {"question-1"}, "question-2"),
        ("milestone", "--- x ---", set(), "milestone-x"),
    ],
)
def test_an_anchor_says_kind_and_name_and_is_new(
    kind: str, text: str, taken: set[str], anchor: str
) -> None:
    assert make_anchor(kind, text, taken) == anchor


@given(st.sampled_from(["fact", "infobox-row", "related-term"]), st.text(), st.integers(0, 30))
def test_a_made_anchor_is_always_an_anchor_and_never_taken(
    kind: str, text: str, count: int
) -> None:
    taken: set[str] = set()
    for _ in range(count + 1):
        anchor = make_anchor(kind, text, taken)
        assert is_anchor(kind, anchor)
        assert anchor not in taken
        taken.add(anchor)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("fact-training-time", True),
        ("fact-a.b:c_d", True),
        ("fact-名", True),
        ("fact-", False),
        ("fact", False),
        ("section-overview", False),
        ("fact-two words", False),
        ("fact-a\n", False),
        ("fact-{a}", False),
        ("fact-" + "a" * (MAX_LENGTH - 5), True),
        ("fact-" + "a" * (MAX_LENGTH - 4), False),
    ],
)
def test_only_a_prefixed_word_of_bounded_length_is_an_anchor(text: str, answer: bool) -> None:
    assert is_anchor("fact", text) is answer

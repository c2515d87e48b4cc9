"""What two documents differ in, part by part, and the sentences about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.differences import Changes, compare
from articles.document import Document, Fact, Milestone, Section, canonical
from articles.matching import with_anchors
from tests.articles.bridges import make_document
from tests.articles.document_strategies import documents as any_documents

DOCUMENT = make_document()


def named(document: Document) -> Document:
    """The document with an anchor of its own for each part, as stored ones have."""
    for name in ("infobox", "sections", "facts", "timeline", "related_terms", "questions"):
        parts = {part.anchor or index: part for index, part in enumerate(getattr(document, name))}
        document = replace(document, **{name: tuple(parts.values())})
    references = {part.key: part for part in document.references}
    document = replace(document, references=tuple(references.values()))
    return canonical(with_anchors(document, None))


documents = any_documents.map(named)


@given(documents)
def test_a_document_does_not_differ_from_itself(document: Document) -> None:
    changes = compare(document, document)

    assert changes.is_empty
    assert changes.sentences() == []


@given(documents, documents)
def test_documents_that_differ_have_changes_and_sentences(
    before: Document, after: Document
) -> None:
    changes = compare(before, after)

    assert changes.is_empty == (before == after)
    sentences = changes.sentences()
    assert bool(sentences) == (before != after)
    assert len(sentences) <= 8
    assert all(sentence.endswith(".") and "  " not in sentence for sentence in sentences)


@given(documents, documents)
def test_the_changes_lead_from_one_document_to_the_other(before: Document, after: Document) -> None:
    changes = compare(before, after)

    parts = {part.anchor: part for part in before.parts()}
    for change in changes.parts:
        assert parts.get(change.anchor) == change.before
        parts.pop(change.anchor, None)
        if change.after:
            parts[change.anchor] = change.after
    assert parts == {part.anchor: part for part in after.parts()}
    places = [part.anchor for part in after.parts()]
    shown = [places.index(change.anchor) for change in changes.parts if change.after]
    assert shown == sorted(shown)


@given(documents)
def test_a_first_version_holds_all_the_words_of_the_document(document: Document) -> None:
    changes = compare(None, document)

    assert changes.is_first
    assert [change.part for change in changes.parts] == list(document.parts())
    shown = "".join(run.text for field in changes.head for run in field.runs)
    assert document.title in shown
    assert document.short_answer in shown
    for change in changes.parts:
        fields = {field.name: field for field in change.fields}
        for name in ("body", "statement", "value", "answer"):
            if text := getattr(change.part, name, ""):
                assert "".join(run.text for run in fields[name].runs) == text


@given(st.permutations(range(7)))
def test_the_fewest_parts_are_said_to_have_moved(order: list[int]) -> None:
    facts = [Fact(anchor=f"fact-{n}", statement=f"Fact {n}.") for n in range(7)]
    before = make_document(facts=tuple(facts))
    after = make_document(facts=tuple(facts[n] for n in order))

    moved = {change.anchor for change in compare(before, after).parts if change.moved}

    stayed = [n for n in order if f"fact-{n}" not in moved]
    assert stayed == sorted(stayed)
    longest = max(
        len(rise)
        for mask in range(2**7)
        if (rise := [n for place, n in enumerate(order) if mask >> place & 1]) == sorted(rise)
    )
    assert len(stayed) == longest


def changed(**changes: Any) -> Changes:
    """What differs when these fields of the document change."""
    return compare(DOCUMENT, make_document(**changes))


def sentences(**changes: Any) -> list[str]:
    return changed(**changes).sentences()


def with_fact(**values: Any) -> list[str]:
    """The sentences when the first fact changes so."""
    fact = replace(DOCUMENT.facts[0], **values)
    return sentences(facts=(fact, *DOCUMENT.facts[1:]))


ARABIC = Milestone(anchor="milestone-x", date="1990", title="جسر")
OLDEST = "One bridge near Izmir has stood for 2,800 years [@huerta2001, p. 3]."


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (OLDEST.replace("2,800", "2,850"), "statement changed from “2,800” to “2,850”"),
        (OLDEST.replace("huerta2001, p. 3", "heyman1995"), "source replaced"),
        (OLDEST.replace(" [@huerta2001, p. 3]", ""), "source removed"),
        (OLDEST.replace("p. 3]", "p. 3; @heyman1995; @somewhere]"), "2 sources added"),
        (OLDEST.replace("p. 3", "p. 4"), "place in a source changed"),
        (OLDEST.replace("One bridge", "One **old** bridge"), "“old” added to the statement"),
        (OLDEST.replace("Izmir", "[[Izmir]]"), "links changed"),
        (OLDEST.replace("2,800", "**2,800**"), "only the markup of the statement changed"),
        (
            OLDEST.replace("Izmir", "[Izmir](https://izmir.example/)"),
            "only links in the statement changed",
        ),
        (
            OLDEST.replace("years", "years, through wars, floods, frost and the weight of lorries"),
            "9 words added to the statement",
        ),
        (
            "Nobody knows how long any one of these has been in use, or why [@huerta2001, p. 3].",
            "statement reworded",
        ),
        (
            OLDEST.replace("2,800", "2,850").replace("huerta2001, p. 3", "heyman1995"),
            "statement changed from “2,800” to “2,850”, source replaced",
        ),
    ],
)
def test_a_sentence_says_what_happened_to_a_statement(statement: str, words: str) -> None:
    assert with_fact(statement=statement) == [f"Fact “Oldest in use”: {words}."]


def test_a_new_check_is_a_change_of_its_own() -> None:
    assert with_fact(checked="2026-04-01") == ["Fact “Oldest in use”: verified on 1 April 2026."]
    assert with_fact(checked="") == ["Fact “Oldest in use”: no longer marked as verified."]
    facts = tuple(replace(fact, checked="2026-05-05") for fact in DOCUMENT.facts)
    assert sentences(facts=facts) == ["2 statements verified again."]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": "Stone arches"}, "Title changed from “Stone bridges” to “Stone arches”."),
        ({"category": ""}, "Category “Building” removed."),
        ({"tags": ("Bridges",)}, "Tags changed from “Bridges, Masonry” to “Bridges”."),
        ({"author": "Ali Kemer"}, "Author changed from “Nora Pont” to “Ali Kemer”."),
        ({"language": "de"}, "Language changed from “English” to “German”."),
        (
            {"short_answer": DOCUMENT.short_answer.replace("alone", "only")},
            "Short answer changed from “alone” to “only”.",
        ),
        (
            {"short_answer": DOCUMENT.short_answer.replace("p. 12", "p. 13")},
            "Sources of the short answer changed.",
        ),
        ({"infobox": DOCUMENT.infobox[::-1]}, "Infobox row “Span” moved."),
        ({"facts": DOCUMENT.facts[:1]}, "Fact “Mortar” removed."),
        ({"facts": ()}, "Facts: “Oldest in use” and “Mortar” removed."),
        (
            {"timeline": DOCUMENT.timeline[:2]},
            "Timeline: 1675 “Hooke states the law of the arch” removed.",
        ),
        (
            {"timeline": (*DOCUMENT.timeline, ARABIC)},
            "Timeline: 1990 “\u2068جسر\u2069” added.",
        ),
        ({"related_terms": ()}, "Related term “Thrust” removed."),
        ({"references": DOCUMENT.references[1:]}, "Source “Heyman 1995” removed."),
    ],
)  # fmt: skip
def test_a_sentence_for_each_kind_of_change(changes: dict[str, Any], expected: str) -> None:
    assert sentences(**changes) == [expected]


def test_many_changes_are_counted_in_the_end() -> None:
    added = tuple(Fact(anchor=f"fact-{n}", label=f"F{n}", statement="x") for n in range(12))
    assert sentences(facts=(*DOCUMENT.facts, *added)) == [
        "Facts: “F0”, “F1”, “F2” and 9 more added."
    ]

    renamed = tuple(
        replace(section, heading=f"New {n}") for n, section in enumerate(DOCUMENT.sections)
    )
    changes = changed(title="T", category="C", author="A", sections=renamed)
    assert len(changes.sentences()) == 5
    assert changes.sentences(3)[2] == "And 3 more changes."
    assert changes.sentences(3)[:2] == changes.sentences()[:2]


def test_the_first_version_is_counted() -> None:
    (sentence,) = compare(None, DOCUMENT).sentences()
    assert sentence == (
        "First version: 2 infobox rows, 2 sections, 2 facts, 3 milestones, 1 related term, "
        "1 question, 3 references."
    )
    assert compare(None, Document(title="T")).sentences() == ["First version."]


def test_parts_that_are_gone_stand_behind_what_they_stood_behind() -> None:
    sections = [Section(anchor=f"section-{n}", heading=n) for n in "abcde"]
    before = make_document(sections=tuple(sections))
    after = make_document(sections=(sections[1], replace(sections[3], body="New.")))

    parts = compare(before, after).parts

    assert [(change.action, change.name) for change in parts] == [
        ("removed", "a"), ("removed", "c"), ("changed", "d"), ("removed", "e"),
    ]  # fmt: skip


def test_a_milestone_with_another_date_did_not_move() -> None:
    first, *others = DOCUMENT.timeline
    changes = changed(timeline=(replace(first, date="1900"), *others))

    assert [(change.name, change.moved) for change in changes.parts] == [(first.title, False)]
    assert changes.sentences() == [
        "Timeline: 1900 “Alcántara bridge finished”: date changed from “AD 106” to “1900”."
    ]


def test_the_sources_that_a_part_gained_and_lost_are_named() -> None:
    fact = replace(DOCUMENT.facts[0], statement="It stands [@heyman1995] [@unknown].")
    (change,) = changed(facts=(fact, *DOCUMENT.facts[1:])).parts

    assert change.citations is not None
    assert change.citations.added == ("Heyman 1995", "unknown")
    assert change.citations.removed == ("Huerta 2001",)

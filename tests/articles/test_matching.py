"""Which part of a new document is which part of the old one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from articles.document import (
    Document,
    Fact,
    InfoboxRow,
    Milestone,
    Question,
    Reference,
    RelatedTerm,
    Section,
)
from articles.matching import part_name, with_anchors


def facts(*items: Fact) -> Document:
    return Document(title="A", facts=items)


def anchors(document: Document) -> list[str]:
    return [part.anchor for part in document.parts()]


HEIGHT = Fact(anchor="fact-height", label="Height", statement="It is 48 metres high.")
LENGTH = Fact(anchor="fact-length", label="Length", statement="It is 275 metres long.")
OLD = facts(replace(HEIGHT, checked="2026-01-02"), LENGTH)


def test_parts_of_a_first_document_are_named_after_what_they_are_called() -> None:
    document = Document(
        title="A",
        infobox=(InfoboxRow(label="Übersicht der Länge", value="x"),),
        sections=(Section(heading="How it works"), Section(heading="How it works", level=3)),
        facts=(Fact(label="", statement="One two three four five six seven"), Fact(statement="…")),
        timeline=(Milestone(date="1900", title="Opened"), Milestone(date="1901", title="Opened")),
        related_terms=(RelatedTerm(term="Arch"),),
        questions=(Question(question="Why?"),),
        references=(Reference(key="a"),),
    )

    assert anchors(with_anchors(document, None)) == [
        "infobox-row-übersicht-der-länge",
        "section-how-it-works",
        "section-how-it-works-2",
        "fact-one-two-three-four-five-six",
        "fact-1",
        "milestone-opened",
        "milestone-opened-2",
        "related-term-arch",
        "question-why",
        "reference-a",
    ]


def test_a_part_keeps_the_anchor_it_brings() -> None:
    new = facts(Fact(anchor="fact-mine", label="Height", statement="It is 48 metres high."))

    assert anchors(with_anchors(new, OLD)) == ["fact-mine"]


@pytest.mark.parametrize(
    "fact",
    [
        Fact(label="Height", statement="It is 48 metres high."),
        Fact(label="HEIGHT", statement="It was measured again: 49 metres."),
        Fact(label="How high", statement="It is 48 metres high."),
        Fact(label="The height", statement="It is now 48 metres high, all told."),
    ],
    ids=["unchanged", "same name", "same words", "alike"],
)
def test_a_part_is_known_again(fact: Fact) -> None:
    assert anchors(with_anchors(facts(fact), OLD)) == ["fact-height"]


def test_another_part_is_not_taken_for_an_old_one() -> None:
    new = facts(Fact(label="Builder", statement="Nobody knows who built it."))

    assert anchors(with_anchors(new, OLD)) == ["fact-builder"]


def test_two_reworded_parts_that_change_places_keep_their_anchors() -> None:
    new = facts(
        Fact(label="Its length", statement="It is 276 metres long."),
        Fact(label="Its height", statement="It is 49 metres high."),
    )

    assert anchors(with_anchors(new, OLD)) == ["fact-length", "fact-height"]


def test_the_name_counts_before_the_likeness_of_another_part() -> None:
    new = facts(Fact(label="Length", statement="It is 48 metres high."))

    assert anchors(with_anchors(new, OLD)) == ["fact-length"]


def test_an_old_part_is_continued_by_one_new_part_only() -> None:
    same = Fact(label="Height", statement="It is 48 metres high.")

    assert anchors(with_anchors(facts(same, same), OLD)) == ["fact-height", "fact-height-2"]


def test_an_old_part_whose_anchor_is_brought_by_another_is_not_matched_again() -> None:
    new = facts(
        Fact(anchor="fact-height", label="Width", statement="It is 7 metres wide."),
        Fact(label="Height", statement="It is 48 metres high."),
    )

    assert anchors(with_anchors(new, OLD)) == ["fact-height", "fact-height-2"]


def test_an_anchor_that_was_retired_is_not_used_for_a_new_part() -> None:
    new = facts(Fact(label="Width", statement="It is 7 metres wide."))

    assert anchors(with_anchors(new, OLD, ["fact-width", "fact-width-2"])) == ["fact-width-3"]


def test_parts_are_matched_within_their_kind() -> None:
    new = Document(title="A", infobox=(InfoboxRow(label="Height", value="It is 48 metres high."),))

    assert anchors(with_anchors(new, OLD)) == ["infobox-row-height"]


def test_the_day_of_a_check_stays_while_the_words_stay() -> None:
    same = facts(Fact(label="Height", statement="It is 48 metres high."))
    other = facts(Fact(label="Height", statement="It is 49 metres high."))

    assert with_anchors(same, OLD).facts[0].checked == "2026-01-02"
    assert with_anchors(other, OLD).facts[0].checked == ""


@pytest.mark.parametrize(
    ("new", "kept"),
    [
        (Milestone(date="1900", title="Opened"), {"body": "By rail.", "tracks": ("Rail",)}),
        (Milestone(date="1901", title="Opened"), {"body": "", "tracks": ("Rail",)}),
        (
            Milestone(date="1900", title="Opened", body="By road.", tracks=("Road",)),
            {"body": "By road.", "tracks": ("Road",)},
        ),
    ],
    ids=["unchanged", "another date", "says it itself"],
)
def test_a_milestone_keeps_what_a_plain_text_cannot_say(
    new: Milestone, kept: dict[str, Any]
) -> None:
    before = Milestone(
        anchor="milestone-x", date="1900", title="Opened", body="By rail.", tracks=("Rail",)
    )
    old = Document(title="A", timeline=(before,))

    document = with_anchors(Document(title="A", timeline=(new,)), old)

    assert document.timeline == (replace(new, anchor="milestone-x", **kept),)


def test_hundreds_of_new_parts_are_matched_by_their_names() -> None:
    old = facts(
        *(Fact(anchor=f"fact-x{n}", label=f"L{n}", statement=f"Old words {n}") for n in range(300))
    )
    new = facts(*(Fact(label=f"L{n}", statement=f"New words {n}") for n in reversed(range(300))))

    assert anchors(with_anchors(new, old)) == [f"fact-x{n}" for n in reversed(range(300))]


def test_matching_again_changes_nothing() -> None:
    document = with_anchors(OLD, None)

    assert with_anchors(document, document) == document


@pytest.mark.parametrize(
    ("part", "name"),
    [
        (InfoboxRow(label="Span", value="9 m"), "Span"),
        (Section(heading="Overview", body="x"), "Overview"),
        (Fact(statement="Six words of it are enough, really"), "Six words of it are enough,"),
        (Fact(label="Age", statement="Old"), "Age"),
        (Milestone(date="1900", title="Opened"), "Opened"),
        (RelatedTerm(term="Arch"), "Arch"),
        (Question(question="Why?"), "Why?"),
        (Reference(key="heyman1995", title="The Stone Skeleton"), "heyman1995"),
    ],
    ids=[
        "infobox row",
        "section",
        "fact without label",
        "fact",
        "milestone",
        "related term",
        "question",
        "reference",
    ],
)
def test_a_part_is_called_by_its_name(part: Any, name: str) -> None:
    assert part_name(part) == name

"""What follows from a document: the page's stored values, the uses in it, and the counts."""

from __future__ import annotations

import json
from dataclasses import replace

from articles.document import Fact, InfoboxRow, Milestone, Question, Reference, Section
from articles.rendering import RenderedMilestone, render
from tests.articles.bridges import make_document


def test_references_are_numbered_by_their_first_use_on_the_page() -> None:
    document = make_document(
        short_answer="Short [@d].",
        infobox=(InfoboxRow(anchor="infobox-row-x", label="X", value="Y [@c]"),),
        sections=(Section(anchor="section-x", heading="X", body="Text [@d; @b]."),),
        facts=(Fact(anchor="fact-x", statement="So [@c]."),),
        timeline=(Milestone(anchor="milestone-x", date="1900", title="X", body="Then [@f]."),),
        questions=(Question(anchor="question-x", question="X?", answer="Yes [@a]."),),
        references=tuple(Reference(key=key, url=f"https://example.org/{key}") for key in "abcdef"),
    )

    references = render(document).page["references"]

    assert [(r["number"], r["key"], r["cited"]) for r in references] == [
        (1, "d", 2),
        (2, "c", 2),
        (3, "b", 1),
        (4, "f", 1),
        (5, "a", 1),
        (6, "e", 0),
    ]


def test_an_unknown_key_gets_no_number_and_sources_nothing() -> None:
    document = make_document(
        facts=(Fact(anchor="fact-x", statement="So [@nobody]."),),
    )

    rendering = render(document)

    assert "nobody" not in [reference["key"] for reference in rendering.page["references"]]
    assert rendering.page["facts"][0]["sourced"] is False
    assert ("fact-x", "nobody") in [(a, use.key) for a, use in rendering.citations]


def test_a_placeholder_sources_nothing() -> None:
    rendering = render(make_document())

    assert [(fact["anchor"], fact["sourced"]) for fact in rendering.page["facts"]] == [
        ("fact-oldest", True),
        ("fact-mortar", False),
    ]
    assert [(r["key"], r["placeholder"]) for r in rendering.page["references"]] == [
        ("heyman1995", False),
        ("huerta2001", False),
        ("somewhere", True),
    ]


def test_statements_are_counted_over_infobox_facts_and_timeline() -> None:
    rendering = render(make_document())

    assert (rendering.statement_count, rendering.sourced_count) == (7, 4)
    assert rendering.last_verified == "2026-03-01"


def test_an_article_that_nobody_checked_has_no_day_of_a_check() -> None:
    document = make_document(infobox=(), facts=(), timeline=())

    rendering = render(document)

    assert (rendering.statement_count, rendering.sourced_count) == (0, 0)
    assert rendering.last_verified == ""


def test_milestones_are_rendered_for_their_rows_and_counted_in_runs() -> None:
    document = make_document()
    last = document.timeline[-1]
    more = (replace(last, anchor="milestone-a"), replace(last, anchor="milestone-b"))

    rendering = render(replace(document, timeline=(*document.timeline, *more)))

    assert rendering.page["timeline"] == [
        [True, "2026-02-01", 1],
        [False, "", 1],
        [True, "", 3],
    ]
    assert rendering.milestones["milestone-anji"] == RenderedMilestone(
        "", False, "anji bridge opened"
    )
    assert rendering.milestones["milestone-hooke"] == RenderedMilestone(
        '<p>As hangs the chain, so stands the arch <mp-cite data-key="huerta2001" data-place="">'
        "</mp-cite>.</p>",
        True,
        "hooke states the law of the arch as hangs the chain, so stands the arch.",
    )


def test_the_page_has_every_part_in_page_order_and_survives_json() -> None:
    document = make_document()

    page = render(document).page

    assert json.loads(json.dumps(page)) == page
    assert page["short_answer"]["text"] == "A stone bridge carries its load by thrust alone."
    shown = [
        part["anchor"]
        for name in ("infobox", "sections", "facts", "related_terms", "questions", "references")
        for part in page[name]
    ]
    assert shown == [part.anchor for part in document.parts() if part.kind != "milestone"]


def test_uses_of_terms_are_listed_with_their_parts() -> None:
    document = make_document(
        sections=(Section(anchor="section-x", heading="X", body="[[Thrust|push]] and [[Arch]]."),)
    )

    assert [(anchor, use.name, use.shown) for anchor, use in render(document).terms] == [
        ("short-answer", "thrust", "thrust"),
        ("section-x", "Thrust", "push"),
        ("section-x", "Arch", "Arch"),
    ]


def test_rendering_again_gives_the_same() -> None:
    assert render(make_document()) == render(make_document())

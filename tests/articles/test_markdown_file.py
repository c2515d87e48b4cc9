"""One article as one Markdown file, and back."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml
from hypothesis import example, given

from articles.document import (
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
from articles.formats import front_matter, markdown_file
from articles.formats.errors import FileError
from tests.articles.document_strategies import documents

METRE = Document(
    title="History of the metre",
    slug="history-of-the-metre",
    category="Measurement",
    tags=("Law", "Units"),
    author="Milepost editors",
    short_answer="The metre: the length that light travels in 1/299,792,458 of a second.",
    infobox=(
        InfoboxRow(
            anchor="infobox-row-quantity",
            label="Quantity",
            value="Length [@bipm2019, p. 3]",
            checked="2026-11-18",
        ),
    ),
    sections=(
        Section(
            anchor="section-origin",
            heading="Origin",
            body="First paragraph.\n\n## A heading in the text\n\n```sh\n# a comment\n```",
        ),
        Section(anchor="section-the-survey", heading="The survey", level=3, body="Seven years."),
        Section(anchor="section-empty", heading="Empty"),
    ),
    facts=(Fact(anchor="fact-name", statement="It's from Greek *métron*."),),
    timeline=(
        Milestone(
            anchor="milestone-adopted",
            date="1791-03-30",
            title="Adopted",
            body="One paragraph.\n\nAnother one.",
            tracks=("Law",),
        ),
    ),
    related_terms=(RelatedTerm(anchor="related-term-si", term="SI", definition="A system."),),
    questions=(Question(anchor="question-why", question="Why light?", answer="It is constant."),),
    references=(
        Reference(
            key="bipm2019",
            source_kind="report",
            title="The SI",
            authors=("BIPM",),
            year="2019",
        ),
    ),
)
FILE = """\
---
format: 1
title: History of the metre
slug: history-of-the-metre
category: Measurement
tags:
- Law
- Units
author: Milepost editors
short_answer: 'The metre: the length that light travels in 1/299,792,458 of a second.'
infobox:
- label: Quantity
  value: Length [@bipm2019, p. 3]
  checked: 2026-11-18
  anchor: infobox-row-quantity
facts:
- statement: It's from Greek *métron*.
  anchor: fact-name
timeline:
- date: 1791-03-30
  title: Adopted
  body: |
    One paragraph.

    Another one.
  tracks:
  - Law
  anchor: milestone-adopted
related_terms:
- term: SI
  definition: A system.
  anchor: related-term-si
questions:
- question: Why light?
  answer: |
    It is constant.
  anchor: question-why
references:
- key: bipm2019
  source_kind: report
  title: The SI
  authors:
  - BIPM
  year: 2019
---

## Origin {#section-origin}

First paragraph.

## A heading in the text {.text}

```sh
# a comment
```

### The survey {#section-the-survey}

Seven years.

## Empty {#section-empty}
"""


def article(body: str = "", head: str = "title: T\n") -> str:
    return f"---\nformat: 1\n{head}---\n{body}"


def section(body: str, heading: str = "A") -> Document:
    return canonical(Document(title="T", sections=(Section(heading=heading, body=body),)))


def refusal(text: str) -> tuple[int, str]:
    with pytest.raises(FileError) as caught:
        markdown_file.parse(text)
    return caught.value.line, caught.value.reason


# Writing and reading ----------------------------------------------------------------------------


def test_a_document_is_written_in_a_fixed_human_order() -> None:
    assert markdown_file.write(METRE) == FILE


def test_the_file_is_read_as_the_document() -> None:
    assert markdown_file.parse(FILE) == METRE


def test_the_shortest_article_is_a_title() -> None:
    assert markdown_file.write(Document(title="T")) == "---\nformat: 1\ntitle: T\n---\n"
    assert markdown_file.parse("---\nformat: 1\n---\n# T") == Document(title="T")


@given(documents)
@example(section("- a\n# b\n  ```\n# c\n  ```\n# d"))
@example(section("- a\n\n  ```\n  open to the end of its list\n"))
@example(section("```\nnever closed\n## x"))
@example(section("## x {.text}\n# y {#section-y}  \nz"))
@example(section("", heading="C #"))
@example(section("", heading="x {.text}"))
def test_what_is_written_is_read_back_and_written_the_same(document: Document) -> None:
    text = markdown_file.write(document)
    again = markdown_file.parse(text)
    assert again == document
    assert markdown_file.write(again) == text


@given(documents)
def test_front_matter_means_the_same_to_both_yaml_readers(document: Document) -> None:
    head = markdown_file.write(document).split("\n---\n")[0].removeprefix("---\n")
    plain = yaml.load(head, Loader=yaml.BaseLoader)
    assert plain == yaml.load(head, Loader=yaml.CBaseLoader)
    assert plain["title"] == document.title


def test_front_matter_needs_no_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front_matter, "LOADER", yaml.BaseLoader)
    assert markdown_file.parse(FILE) == METRE


def test_texts_that_look_like_other_types_stay_texts() -> None:
    tags = ("1e3", "1958-11", "2012", "=", "false", "no", "null", "~")
    document = canonical(Document(title="1_000", tags=tags))
    assert markdown_file.parse(markdown_file.write(document)) == document
    read = markdown_file.parse(article(head="title: 0x10\nlanguage: no\ntags: [yes, 12:30]\n"))
    assert read == Document(title="0x10", language="no", tags=("12:30", "yes"))


def test_plain_words_and_years_have_no_quotes() -> None:
    reference = Reference(key="a", title="It's a 100% – “plain” text", year="2012")
    text = markdown_file.write(Document(title="T", references=(reference,)))
    assert "  title: It's a 100% – “plain” text\n  year: 2012\n" in text


def test_unicode_is_kept_as_it_is() -> None:
    document = section("שלום 😀 é", heading="名前")
    document = replace(document, title="Ünï 😀: \u200fעברית")
    text = markdown_file.write(document)
    assert "title: 'Ünï 😀: \u200fעברית'\n" in text
    assert "## 名前\n\nשלום 😀 é\n" in text
    assert markdown_file.parse(text) == document


def test_long_lines_are_not_folded() -> None:
    words = "word " * 200 + "end"
    assert f"short_answer: {words}\n" in markdown_file.write(
        Document(title="T", short_answer=words)
    )


def test_a_body_that_begins_with_an_indented_line_is_read_back() -> None:
    for body in ("    code\n\nText", "\tcode", "  - item"):
        document = canonical(Document(title="T", questions=(Question(question="Q", answer=body),)))
        assert markdown_file.parse(markdown_file.write(document)) == document


def test_a_section_of_another_level_has_no_place_in_a_file() -> None:
    with pytest.raises(ValueError, match="level 2 or 3"):
        markdown_file.write(Document(title="T", sections=(Section(heading="H", level=4),)))


def test_a_thousand_milestones_are_written_and_read() -> None:
    timeline = tuple(
        Milestone(date=f"{1000 + number}", title=f"M {number}", body="A.\n\nB.")
        for number in range(1000)
    )
    document = Document(title="T", timeline=timeline)
    assert markdown_file.parse(markdown_file.write(document)) == document


# Written by hand --------------------------------------------------------------------------------


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    assert markdown_file.parse("\ufeff" + FILE.replace("\n", "\r\n")) == METRE
    assert markdown_file.parse(FILE.replace("\n", "\r")) == METRE


def test_a_missing_final_newline_changes_nothing() -> None:
    assert markdown_file.parse(FILE.rstrip("\n")) == METRE


def test_title_and_short_answer_may_stand_above_the_first_heading() -> None:
    text = "---\nformat: 1\n---\n\n# The *metre* #\n\nA length\nof light.\n\n## Origin\nText.\n"
    assert markdown_file.parse(text) == Document(
        title="The *metre*",
        short_answer="A length of light.",
        sections=(Section(heading="Origin", body="Text."),),
    )


def test_a_title_may_repeat_that_of_the_front_matter() -> None:
    assert markdown_file.parse(article("# T\n", "title:  T \n")) == Document(title="T")


def test_a_key_without_a_value_counts_as_left_out() -> None:
    head = "title: T\nauthor:\ntags:\nfacts:\n- statement: S\n  label:\n"
    assert markdown_file.parse(article(head=head)) == Document(
        title="T", facts=(Fact(statement="S"),)
    )


def test_headings_need_no_anchor() -> None:
    text = article("## One\n## Two ##\n### Three {#section-3}  \n#### Four\n")
    assert markdown_file.parse(text).sections == (
        Section(heading="One"),
        Section(heading="Two"),
        Section(heading="Three", level=3, anchor="section-3", body="#### Four"),
    )


@pytest.mark.parametrize(
    ("line", "heading", "anchor"),
    [
        ("##", "", ""),
        ("## #", "", ""),
        ("## C#", "C#", ""),
        ("## C ### ", "C", ""),
        ("## C ###x", "C ###x", ""),
        ("## C # {#}", "C #", ""),
        ("## C # {#section-c}", "C #", "section-c"),
        ("##\tTab", "Tab", ""),
        ("## A {#b} c", "A {#b} c", ""),
        ("## A {#a} {b}", "A {#a} {b}", ""),
        ("## A {b}", "A {b}", ""),
        ("## A{#section-a}", "A", "section-a"),
        ("## {#section-a}", "", "section-a"),
        ("## A {#x} {#section-a}", "A {#x}", "section-a"),
        ("## \\{#x} \\*", "\\{#x} \\*", ""),
    ],
)
def test_a_heading_is_read_up_to_its_anchor(line: str, heading: str, anchor: str) -> None:
    assert markdown_file.parse(article(line)).sections == (Section(heading=heading, anchor=anchor),)


def test_what_markdown_does_not_take_for_a_heading_is_none() -> None:
    body = (
        "#hashtag\n\n\\## escaped\n\n```\n## code\n```\n\n> ## quoted\n\n- item\n\n  ## in it\n\n"
        "    # indented code\n\nSetext\n---\n\n~~~~\n~~~\n## still code\n~~~~"
    )
    assert markdown_file.parse(article(f"## A\n\n{body}\n")) == section(body)


def test_a_heading_marked_as_text_stays_in_its_section() -> None:
    assert markdown_file.parse(
        article("## A\n\n## Inner {.text}\n\n# Top {.text} \n\nB")
    ) == section("## Inner\n\n# Top\n\nB")


@pytest.mark.parametrize(
    ("written", "edtf"),
    [
        ("12 June 2017", "2017-06-12"),
        ("c. 44 BC", "-0043~"),
        ("1940s", "194X"),
        ("1914–1918", "1914/1918"),
        ("2012", "2012"),
        ("194X", "194X"),
    ],
)
def test_dates_may_be_written_as_people_write_them(written: str, edtf: str) -> None:
    text = article(head=f"title: T\ntimeline:\n- date: {written}\n  title: M\n")
    assert markdown_file.parse(text).timeline == (Milestone(date=edtf, title="M"),)


def test_days_of_checks_and_references_may_be_human_too() -> None:
    head = (
        "title: T\nfacts:\n- statement: S\n  checked: 12 June 2017\n"
        "references:\n- key: k\n  year: c. 1940\n  accessed: June 12, 2017\n"
    )
    read = markdown_file.parse(article(head=head))
    assert read.facts[0].checked == "2017-06-12"
    assert (read.references[0].year, read.references[0].accessed) == ("1940~", "2017-06-12")


# Refused ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "An article begins with a line “---” and its front matter."),
        ("# Title\n", 1, "An article begins with a line “---” and its front matter."),
        ("---\ntitle: T\n", 1, "The front matter does not end: a second line “---” is missing."),
        ("---\n---\n", 1, "The front matter needs a line “format: 1”."),
        ("---\ntitle: T\nformat: one\n---\n", 3, "The front matter needs a line “format: 1”."),
        (
            "---\ntitle: T\nformat: 7\n---\n",
            3,
            "format: is 7; this version reads formats up to 1",
        ),
        ("---\nformat: 1\n---\n", 1, "title: is missing"),
        ("---\n- a\n---\n", 2, "The front matter is a list of lines such as “title: …”."),
        (
            "---\ntitle: T\n...\nformat: 1\n---\n",
            4,
            "The front matter ends here, but more text follows.",
        ),
        (
            article(head="title: T\n--- text\n"),
            4,
            "The front matter ends here, but more text follows.",
        ),
        (
            article(head="title: T\nsections: []\n"),
            4,
            "Sections stand below the front matter, as headings.",
        ),
        (article(head="title: T\ncolour: red\n"), 4, "colour: unknown field"),
        (article(head="title: T\n\ntitle: U\n"), 5, "“title” stands here twice."),
        (article(head="title: [T]\n"), 3, "title: must be text"),
        (article(head="title: T\ntags: Units\n"), 4, "tags: must be a list of texts"),
        (article(head="title: T\ntags:\n- a\n- [b]\n"), 4, "tags: must be a list of texts"),
        (
            article(head="title: T\nfacts:\n- label: L\n- statement: S\n"),
            5,
            "facts[0].statement: is missing",
        ),
        (
            article(head="title: T\nfacts:\n- statement: S\n- statement: S\n  lable: L\n"),
            7,
            "facts[1].lable: unknown field",
        ),
        (
            article(head="title: T\nfacts:\n- statement: S\n  label: L\n  statement: S\n"),
            7,
            "“statement” stands here twice.",
        ),
        (
            article(head="title: T\nfacts:\n- text\n"),
            5,
            "facts[0]: must be an object with named fields",
        ),
        (
            article(head="title: A: b\n"),
            3,
            "A text with a colon and a space in it must stand in quotes.",
        ),
        (
            article(head="title: &a T\n"),
            3,
            "A text that begins with &, * or ! must stand in quotes.",
        ),
        (
            article(head="title: T\nauthor: *a\n"),
            4,
            "A text that begins with &, * or ! must stand in quotes.",
        ),
        (
            article(head="title: !a T\n"),
            3,
            "A text that begins with &, * or ! must stand in quotes.",
        ),
        (article(head="&a x: T\n"), 3, "A text that begins with &, * or ! must stand in quotes."),
        (
            article(head="title: T\nfacts:\n- &a {}\n"),
            5,
            "A text that begins with &, * or ! must stand in quotes.",
        ),
        (article(head="? [a]\n: b\n"), 3, "A field's name must be a word."),
        (
            article(head="title: T\nfacts: [[[[[[[[[[]]]]]]]]]]\n"),
            4,
            "These lists stand too deep inside each other.",
        ),
        (
            article(head="title: T\nauthor: a\x07b\n"),
            4,
            "This line has a character that no text file should have.",
        ),
        (article(head="title: T\ntimeline:\n- title: M\n  date: soon\n"), 6, None),
        (article(head="title: T\nfacts:\n- statement: S\n  checked: soon\n"), 6, None),
        (
            article(head='title: "T\nauthor: A\ntags: []\n'),
            3,
            "A quotation mark opens here and never closes.",
        ),
        (article(head="title: T\n\tauthor: A\n"), 4, None),
        (article("# Other\n"), 5, "This is not the title that the front matter gives."),
        (article("## A\n\n# T\n"), 7, "A title, with one #, stands before all sections."),
        (
            article("\nText.\n", "title: T\nshort_answer: S\n"),
            7,
            "The short answer is in the front matter; text must stand below a heading.",
        ),
        (
            article("\nOne.\n\nTwo.\n"),
            8,
            "Only a short answer of one paragraph may stand above the first heading.",
        ),
        (article("\n## A {#a b}\n"), 6, "An anchor has letters, digits and hyphens only."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_line_and_reason(
    text: str, line: int, reason: str | None
) -> None:
    found = refusal(text)
    assert found[0] == line
    assert reason is None or found[1] == reason


def test_an_unreadable_date_is_explained() -> None:
    line, reason = refusal(article(head="title: T\ntimeline:\n- date: 31 June 2017\n  title: M\n"))
    assert line == 5
    assert reason


def test_a_small_file_cannot_grow_in_memory() -> None:
    laughs = "".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]\n" for n in range(1, 30))
    assert refusal(article(head=f"x0: &x0 ha\n{laughs}"))[0] == 3


def test_deep_nesting_is_refused_and_not_followed() -> None:
    assert refusal(article(head=f"title: T\nfacts: {'[' * 100_000}\n"))[0] == 4


@pytest.mark.parametrize("text", [" ", "#", " #", "{#", "}", "{#}", " {.text}"])
def test_a_long_heading_is_read_in_time_that_grows_with_its_length(text: str) -> None:
    heading = f"a{text * 100_000}b"
    assert markdown_file.parse(article(f"## {heading}\n")) == section("", heading)

"""One article as JSON, and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given

from articles.document import Document, Fact, Milestone, Section
from articles.formats import json_file
from articles.formats.errors import FileError
from tests.articles.document_strategies import documents

FROZEN = Path(__file__).parent / "documents" / "format-1.json"


def refusal(text: str) -> tuple[int, str]:
    with pytest.raises(FileError) as caught:
        json_file.parse(text)
    return caught.value.line, caught.value.reason


def test_a_document_is_written_with_its_format_first_and_defaults_left_out() -> None:
    document = Document(
        title="Größe „A“",
        slug="a",
        sections=(Section(heading="H", anchor="section-h", body="One.\n\nTwo."),),
        timeline=(Milestone(date="-0043~", title="M", tracks=("Law",)),),
    )
    assert json_file.write(document) == (
        "{\n"
        '  "format": 1,\n'
        '  "title": "Größe „A“",\n'
        '  "slug": "a",\n'
        '  "sections": [\n'
        "    {\n"
        '      "anchor": "section-h",\n'
        '      "heading": "H",\n'
        '      "body": "One.\\n\\nTwo."\n'
        "    }\n"
        "  ],\n"
        '  "timeline": [\n'
        "    {\n"
        '      "date": "-0043~",\n'
        '      "title": "M",\n'
        '      "tracks": [\n'
        '        "Law"\n'
        "      ]\n"
        "    }\n"
        "  ]\n"
        "}\n"
    )


def test_the_frozen_file_is_written_again_byte_for_byte() -> None:
    text = FROZEN.read_text(encoding="utf-8")
    assert json_file.write(json_file.parse(text)) == text


@given(documents)
def test_what_is_written_is_read_back_and_written_the_same(document: Document) -> None:
    text = json_file.write(document)
    assert json_file.parse(text) == document
    assert json_file.write(json_file.parse(text)) == text


def test_a_byte_order_mark_and_windows_line_ends_change_nothing() -> None:
    text = FROZEN.read_text(encoding="utf-8")
    assert json_file.parse("\ufeff" + text.replace("\n", "\r\n")) == json_file.parse(text)


def test_texts_are_cleaned() -> None:
    text = '{"format": 1, "title": " A\\u0000\\ud800\\n b ", "facts": [{"statement": "s\\t"}]}'
    assert json_file.parse(text) == Document(title="A b", facts=(Fact(statement="s"),))


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "This is not JSON: Expecting value."),
        (
            '{"format": 1,\n "title": "T"\n "slug": "t"}',
            3,
            "This is not JSON: Expecting ',' delimiter.",
        ),
        ("{}\n{}", 2, "This is not JSON: Extra data."),
        ("[]", 0, "an article is an object with named fields"),
        ("{}", 0, "format: is missing or not a number"),
        ('{"format": 2, "title": "T"}', 0, "format: is 2; this version reads formats up to 1"),
        ('{"format": 1, "title": NaN}', 0, "title: must be text"),
        ('{"format": 1, "title": "T", "title": "U"}', 0, "title: stands twice in one object"),
        (
            '{"format": 1, "title": "T", "facts": [{"statement": "a", "colour": "b"}]}',
            0,
            "facts[0].colour: unknown field",
        ),
        ('{"format": 1, "title": "T", "a\\u001b\\ud800": 1}', 0, "a: unknown field"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text: str, line: int, reason: str) -> None:
    assert refusal(text) == (line, reason)


def test_deep_nesting_is_refused() -> None:
    assert refusal("[" * 100_000)[0] == 0


def test_an_endless_number_is_refused() -> None:
    assert refusal('{"format": ' + "1" * 5000 + "}")[0] == 0


def test_the_public_form_is_plain_json() -> None:
    values = json.loads(json_file.write(Document(title="T")))
    assert values == {"format": 1, "title": "T"}

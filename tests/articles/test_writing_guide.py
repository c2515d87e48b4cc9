"""docs/writing.md, the guide to the file format, is true: every example and every table of it."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from articles.document import FORMAT, PART_TYPES, Document, Section
from articles.formats import markdown_file
from articles.validation import REQUIRED, SOURCE_KINDS, problems
from timeline.dates import parse

GUIDE = (Path(__file__).parents[2] / "docs" / "writing.md").read_text(encoding="utf-8")
SHORTEST, WHOLE = re.findall(r"^```markdown\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
LISTS = [name for name in PART_TYPES if name != "sections"]


def chapter(heading: str) -> str:
    """What stands below a heading, up to the next one of any level."""
    found = re.search(
        rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ |\Z)", GUIDE, re.DOTALL | re.MULTILINE
    )
    assert found, heading
    return found[1]


def rows(text: str) -> list[tuple[str, str]]:
    """The rows of a table whose first cells are code."""
    return re.findall(r"^\| (`.*?) \| (.*) \|$", text, re.MULTILINE)


def names(text: str) -> list[str]:
    return [name for cell, _ in rows(text) for name in re.findall(r"`(\w+)`", cell)]


def test_the_shortest_article_is_one() -> None:
    document = markdown_file.parse(SHORTEST)
    assert document == Document(
        title="The metre",
        short_answer=(
            "The metre is the length that light travels in a vacuum in 1/299,792,458 of a second."
        ),
    )
    assert problems(document) == []


def test_the_whole_article_is_written_exactly_as_it_is_exported() -> None:
    document = markdown_file.parse(WHOLE)
    assert markdown_file.write(document) == WHOLE
    assert problems(document) == []
    assert all(getattr(document, name) for name in PART_TYPES)


def test_the_front_matter_has_every_field_of_an_article() -> None:
    # The licence is the site's, not the document's: files of a site carry it.
    beside = {"format", "licence"}
    expected = {field.name for field in fields(Document)} - {"sections"} | beside
    assert sorted(names(chapter("The front matter"))) == sorted(expected)
    assert ("`format`", f"`{FORMAT}`") in rows(chapter("The front matter"))


@pytest.mark.parametrize("name", LISTS)
def test_each_kind_of_part_has_a_table_of_its_fields(name: str) -> None:
    heading = re.search(rf"^### (.* \(`{name}`\))$", GUIDE, re.MULTILINE)
    assert heading
    table = rows(chapter(heading[1]))
    part = PART_TYPES[name]
    assert sorted(names(chapter(heading[1]))) == sorted(field.name for field in fields(part))
    needed = [cell.strip("`") for cell, text in table if "needed" in text]
    assert needed == list(REQUIRED[part.kind])
    if name != "references":
        assert ("`anchor`", f"begins with `{part.kind}-`") in table


def test_sections_are_described_for_json() -> None:
    assert {f"`{field.name}`" for field in fields(Section)} <= set(
        re.findall(r"`\w+`", chapter("JSON"))
    )


def test_the_kinds_of_source_are_those_there_are() -> None:
    cell = dict(rows(chapter("References (`references`)")))["`source_kind`"]
    assert tuple(re.findall(r"`(\w+)`", cell)) == SOURCE_KINDS


def test_dates_are_kept_as_the_table_says() -> None:
    table = [(left.strip("`"), right.strip("`")) for left, right in rows(chapter("Dates"))]
    assert len(table) > 10
    assert [(written, parse(written).edtf) for written, _ in table] == table

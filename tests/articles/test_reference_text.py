"""References in words."""

from __future__ import annotations

from typing import Any

import pytest

from articles.reference_text import authors_text, family_name, joined, short_text, year_text


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Alex Krizhevsky", "Krizhevsky"),
        ("Krizhevsky, Alex", "Krizhevsky"),
        ("Geoffrey E. Hinton", "Hinton"),
        ("Aristotle", "Aristotle"),
        ("Ludwig van Beethoven", "van Beethoven"),
        ("Charles-Jean de La Vallée Poussin", "de La Vallée Poussin"),
        ("European Parliament", "European Parliament"),
        ("Royal Society of Edinburgh", "Royal Society of Edinburgh"),
        ("Procter & Gamble", "Procter & Gamble"),
        ("王小云", "王小云"),
        ("", ""),
    ],
)
def test_a_person_is_cited_by_family_name_and_a_body_by_its_whole_name(
    author: str, name: str
) -> None:
    assert family_name(author) == name


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], ""),
        (["A"], "A"),
        (["A", "B"], "A & B"),
        (["A", "B", "C"], "A, B & C"),
        (["A", "et al."], "A et al."),
        (["A", "B", "and others"], "A, B et al."),
        (["A", "B", "C", "D", "et al."], "A et al."),
        (["et al."], "et al."),
        (["A", "B", "C", "D"], "A et al."),
    ],
    ids=len,
)
def test_names_are_joined_as_people_write_them(names: list[str], text: str) -> None:
    assert joined(names, 3) == text


def test_a_reference_list_names_ten_authors_and_cuts_more_off() -> None:
    ten = [f"A{n}" for n in range(10)]

    assert authors_text(ten) == "A0, A1, A2, A3, A4, A5, A6, A7, A8 & A9"
    assert authors_text([*ten, "A10"]) == "A0 et al."


@pytest.mark.parametrize(
    ("year", "text"),
    [("", ""), ("2012", "2012"), ("1687~", "c. 1687"), ("-0043", "44 BC"), ("what", "what")],
)
def test_a_year_is_shown_in_the_readers_words(year: str, text: str) -> None:
    assert year_text(year) == text


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        ({"authors": ["Jacques Heyman"], "year": "1995"}, "Heyman 1995"),
        ({"authors": ["A B", "C D", "E F"], "year": "2012"}, "B, D & F 2012"),
        ({"authors": ["A B", "C D", "E F", "G H"]}, "B et al."),
        ({"title": "The Stone Skeleton", "year": "1995"}, "The Stone Skeleton 1995"),
        ({"container": "Nature"}, "Nature"),
        ({}, "heyman1995"),
    ],
    ids=["author", "three authors", "many authors", "no author", "no title", "only a key"],
)
def test_the_short_form_names_what_there_is(reference: dict[str, Any], text: str) -> None:
    blank = {"key": "heyman1995", "authors": [], "title": "", "container": "", "year": ""}

    assert short_text(blank | reference) == text

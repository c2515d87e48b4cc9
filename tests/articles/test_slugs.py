"""Slugs: what stands for a title in an address."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.markup import clean_line
from articles.slugs import MAX_LENGTH, SlugConverter, is_slug, make_slug


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Road Signs: What They Say in 2026", "road-signs-what-they-say-in-2026"),
        ("Brücken & Bögen", "brücken-bögen"),
        ("جسور الحجر", "جسور-الحجر"),
        ("石橋の歴史", "石橋の歴史"),
        ("  C++  ", "c"),
        ("!!!", ""),
        ("", ""),
        ("-_a_-", "a"),
    ],
)
def test_a_slug_keeps_letters_and_digits_of_every_script(title: str, slug: str) -> None:
    assert make_slug(title) == slug


@given(st.text(max_size=400))
def test_a_made_slug_can_stand_in_an_address_and_stays_as_it_is(title: str) -> None:
    slug = make_slug(title)

    assert len(slug) <= MAX_LENGTH
    assert make_slug(slug) == slug
    assert clean_line(slug) == slug
    assert slug in {"", "new", "feed"} or is_slug(slug)
    assert slug == "" or re.fullmatch(SlugConverter.regex, slug)


@pytest.mark.parametrize(
    "text", ["", "a b", "a/b", "a.b", "a\n", "ä?", "new", "feed", "x" * 161, "\u200ba"]
)
def test_what_has_another_meaning_in_an_address_is_no_slug(text: str) -> None:
    assert not is_slug(text)


@pytest.mark.parametrize("text", ["a", "x" * 160, "brücken", "a_b-c", "2026"])
def test_letters_digits_hyphens_and_underscores_are_a_slug(text: str) -> None:
    assert is_slug(text)

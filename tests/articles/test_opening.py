"""Openings of texts in lists are never cut inside a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.opening import opening


def test_a_short_text_is_left_as_it_is() -> None:
    assert opening("Stone  carries\nitself.", 40) == "Stone carries itself."


def test_whole_sentences_are_taken_where_they_fit() -> None:
    text = "A bridge stands by thrust. It was built in 1779. Nobody knows who paid for it."
    assert opening(text, 60) == "A bridge stands by thrust. It was built in 1779."


def test_a_long_first_sentence_ends_at_a_word() -> None:
    assert opening("Bridges, as everybody can see, stand by thrust alone.", 20) == ("Bridges, as …")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was made c. 44 BC by J. Smith of Bath. Then it was lost in the sea for ages.", 41),
        ("Der 2. Mai 1902 war ein Freitag. Danach kam niemand mehr an diesen Ort zurück.", 32),
    ],
)
def test_abbreviations_end_no_sentence(text: str, expected: int) -> None:
    assert opening(text, 60) == text[:expected]


def test_writing_without_spaces_is_cut_at_its_stops() -> None:
    assert opening("石の橋は押す力で立つ。" * 4, 25) == "石の橋は押す力で立つ。" * 2


@given(st.text(st.sampled_from("ab1. ,!\n"), max_size=80), st.integers(5, 60))
def test_no_word_is_cut_unless_it_is_longer_than_the_limit(text: str, limit: int) -> None:
    words = text.split()
    short = opening(text, limit)
    assert len(short) <= limit + 2
    cut = short.removesuffix(" …").split()
    if all(len(word) < limit for word in words):
        # The last may have lost a comma that ended it.
        assert cut[:-1] == words[: max(len(cut) - 1, 0)]
        assert not cut or words[len(cut) - 1].startswith(cut[-1])
        assert not cut or words[len(cut) - 1].rstrip(" ,;:") in {cut[-1], cut[-1].rstrip(" ,;:")}

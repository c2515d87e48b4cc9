"""Texts as words: folding, inflections, and scripts without spaces."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search.words import LONGEST_QUERY, MOST_WORDS, other_forms, read_query, split, stem


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Łódź, Ærø & Straße", ["lodz", "aero", "strasse"]),
        ("Newton’s law; the bridge's arch", ["newton", "law", "the", "bridge", "arch"]),
        ("back-propagation", ["back", "propagation"]),
        ("Λόγος ΛΟΓΟΣ", ["λογοσ", "λογοσ"]),
        ("العَرَبِيّة", ["العربية"]),
        ("深度学习", ["深度", "度学", "学习", "习"]),
        ("東京タワー", ["東京", "京タ", "タワ", "ワー", "ー"]),
        ("C++ & C#, 3.14", ["c", "c", "3", "14"]),
        ("«— … !? \x00", []),
        ("", []),
    ],
)
def test_a_text_is_split_into_folded_words(text: str, words: list[str]) -> None:
    assert split(text) == words


@pytest.mark.parametrize(
    ("word", "language", "other"),
    [
        ("networks", "en", "network"),
        ("running", "en", "run"),
        ("Häuser", "de", "Haus"),
        ("красная", "ru", "красный"),
        ("bridges", "en", "bridge"),
        ("nationales", "fr", "national"),
    ],
)
def test_inflected_words_share_a_stem(word: str, language: str, other: str) -> None:
    assert stem(word.lower(), language) == stem(other.lower(), language)


def test_a_language_without_an_algorithm_keeps_its_words() -> None:
    assert stem("networks", "xx") == "networks"
    assert other_forms("networks", "xx") == []


def test_only_forms_that_are_no_words_of_the_text_are_added() -> None:
    assert other_forms("network networks", "en") == []
    assert other_forms("Networks by back-propagation", "en") == [
        "backpropag", "backpropagation", "network", "propag",
    ]  # fmt: skip


def test_words_that_say_nothing_are_left_out_unless_there_are_no_others() -> None:
    assert [part.typed for part in read_query("The history of the bridge", ["en"]).wanted] == [
        "history", "bridge",
    ]  # fmt: skip
    assert [part.typed for part in read_query("the who", ["en"]).wanted] == ["the", "who"]


def test_quotation_marks_make_a_phrase_whatever_their_kind() -> None:
    for typed in (
        '"chain rule" arch',
        "“chain rule” arch",
        "„chain rule“ arch",
        "«chain rule» arch",
    ):
        first, second = read_query(typed, ["en"]).wanted
        assert (first.words, second.words) == (("chain", "rule"), ("arch",))


def test_one_quotation_mark_alone_is_a_gap() -> None:
    assert [part.words for part in read_query('"chain rule', ["en"]).wanted] == [
        ("chain",), ("rule",),
    ]  # fmt: skip


def test_the_first_letter_of_a_word_that_is_being_typed_narrows_nothing() -> None:
    assert [part.typed for part in read_query("stone b", ["en"]).wanted] == ["stone"]
    assert [part.typed for part in read_query("b", ["en"]).wanted] == ["b"]


def test_a_long_query_is_cut_and_says_so() -> None:
    query = read_query("word " * 3000, ["en"])
    assert len(query.typed) <= LONGEST_QUERY
    assert query.is_cut
    many = read_query(" ".join(f"w{n}" for n in range(30)), ["en"])
    assert (len(many.wanted), many.is_cut) == (MOST_WORDS, True)
    assert not read_query("stone bridge", ["en"]).is_cut


@given(st.text())
def test_every_text_splits_into_words_of_letters_and_digits(text: str) -> None:
    for word in [*split(text), *other_forms(text, "en")]:
        assert word
        assert not any(letter.isspace() or letter in "\"'\\_*:|&()<>!" for letter in word)


@given(st.text())
def test_every_word_of_a_text_is_found_again_by_itself(text: str) -> None:
    for word in split(text):
        assert word in split(word)


def test_words_have_their_stems_also_when_several_threads_ask() -> None:
    words = [f"{word}{ending}" for word in ("network", "relation", "organiz", "hope", "activat")
             for ending in ("", "s", "ing", "ed", "ational", "fulness", "iveness")]  # fmt: skip
    alone = [stem.__wrapped__(word, "en") for word in words]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            jobs = [
                pool.submit(lambda: [stem.__wrapped__(word, "en") for word in words])
                for _time in range(40)
            ]
            assert all(job.result() == alone for job in jobs)
    finally:
        sys.setswitchinterval(before)

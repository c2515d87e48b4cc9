"""The sentence around each use of a source or a term."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.excerpts import LONGEST, excerpts, sentence_at
from articles.markup import render_block


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Before. An arch stands [@a]. Behind.", "An arch stands."),
        ("It is so. [@a] And more.", "It is so."),
        ("Cut stone [@a]", "Cut stone"),
        ("[@a] begins here", "begins here"),
        ("[@a]", ""),
        ("See e.g. the vault [@a] of 1675. End.", "See e.g. the vault of 1675."),
        ("One\n\n- two [@a]\n- three", "two"),
        ("| a | b |\n|---|---|\n| one [@a] | two |", "one"),
        ("石橋は強い。アーチは立つ[@a]。終わり。", "アーチは立つ。"),
        ("A **bold** [link](https://a.example/) & `code` [@a]: yes.", "A bold link & code: yes."),
    ],
)
def test_a_citation_stands_in_the_sentence_it_is_about(text: str, sentence: str) -> None:
    assert excerpts(render_block(text).html).citations == [sentence]


def test_a_link_stands_in_its_own_sentence_even_at_its_beginning() -> None:
    found = excerpts(render_block("First. [[Thrust]] is a push. Then [[arch|arches]].").html)

    assert found.terms == ["Thrust is a push.", "Then arches."]


def test_a_long_sentence_is_cut_around_the_use_between_words() -> None:
    (found,) = excerpts(render_block("word " * 200 + "here [@a] " + "more " * 200).html).citations

    assert "here" in found
    assert found.startswith("… word ")
    assert found.endswith(" more …")
    assert len(found) <= LONGEST + 4


@given(st.text(alphabet="ab. \n[]@#*|<>&石。é"))
def test_every_use_has_an_excerpt_whatever_the_text(text: str) -> None:
    rendered = render_block(f"{text} [@a] {text} [[a]]")

    found = excerpts(rendered.html)

    assert len(found.citations) == len(rendered.citations)
    assert len(found.terms) == len(rendered.terms)
    assert all(len(part) <= LONGEST + 4 for part in [*found.citations, *found.terms])


@given(st.text(), st.integers(min_value=-3, max_value=50))
def test_there_is_a_sentence_at_every_place(text: str, at: int) -> None:
    assert len(sentence_at(text, at)) <= LONGEST + 4


@pytest.mark.parametrize("words", ["It is so [@a]. ", "and so [@a] "])
def test_a_paragraph_of_thousands_of_citations_takes_no_longer_than_it_must(words: str) -> None:
    html = render_block(words * 5000).html

    started = time.process_time()
    found = excerpts(html)
    spent = time.process_time() - started

    assert len(found.citations) == 5000
    # Each citation read the whole paragraph once: that took 20 seconds.
    assert spent < 3

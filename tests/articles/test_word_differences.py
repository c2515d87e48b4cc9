"""Differences in words: true to both texts, and such as a reader would mark them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.word_differences import Run, count_words, middles, word_runs
from tests.articles.document_strategies import bodies

WORDS = ["a", "b", "the", ",", ".", "60%", "深", "度", "!", "[@k]", "\n\n"]
texts = bodies | st.lists(st.sampled_from(WORDS)).map(" ".join)


def marked(before: str, after: str) -> str:
    """The runs as one text: `-{removed}` and `+{added}`."""
    signs = {"kept": "{}", "removed": "-{{{}}}", "added": "+{{{}}}"}
    return "".join(signs[run.kind].format(run.text) for run in word_runs(before, after))


@given(texts, texts)
def test_the_runs_hold_both_texts_to_the_letter(before: str, after: str) -> None:
    runs = word_runs(before, after)

    assert "".join(run.text for run in runs if run.kind != "added") == before
    assert "".join(run.text for run in runs if run.kind != "removed") == after
    assert all(run.text for run in runs)
    assert all(one.kind != other.kind for one, other in pairwise(runs))


@given(texts)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert word_runs(text, text) == ((Run("kept", text),) if text else ())
    assert middles(text, text) == ("", "")


@given(texts, texts)
def test_the_middles_are_passages_of_the_texts(before: str, after: str) -> None:
    old, new = middles(before, after)

    assert old in before
    assert new in after


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("A b.", "A b. C d.", "A b.+{ C d.}"),
        ("A b.", "X y. A b.", "+{X y. }A b."),
        ("It is 60% of them.", "It is 54% of them.", "It is-{ 60%}+{ 54%} of them."),
        ("In 1,200.5 km", "In 1,300.5 km", "In-{ 1,200.5}+{ 1,300.5} km"),
        ("Made [@a, p. 3].", "Made [@b].", "Made-{ [@a, p. 3]}+{ [@b]}."),
        (
            "See [[Thrust|push]] now",
            "See [[Thrust]] now",
            "See-{ [[Thrust|push]]}+{ [[Thrust]]} now",
        ),
        ("don't go", "don’t go", "-{don't}+{don’t} go"),
        ("One two", "One\n\ntwo", "One-{ }+{\n\n}two"),
        # Without spaces between words, and from right to left.
        ("深度学习是机器学习", "深度学习属于机器学习", "深度学习-{是}+{属于}机器学习"),
        ("جسر من حجر قديم", "جسر من خشب قديم", "جسر من-{ حجر}+{ خشب} قديم"),
        ("क्षेत्र में", "क्षेत्रों में", "-{क्षेत्र}+{क्षेत्रों} में"),
    ],
)
def test_what_a_reader_would_mark(before: str, after: str, expected: str) -> None:
    assert marked(before, after) == expected


def test_a_rewritten_passage_is_not_broken_up_by_a_word_that_stayed_by_chance() -> None:
    before = "Kept here. The quick brown fox jumps over it and the lazy dog sleeps. Kept there."
    after = "Kept here. A slow red cat walks over it and some busy ant works. Kept there."

    assert [run.kind for run in word_runs(before, after)] == ["kept", "removed", "added", "kept"]


def test_only_lines_that_changed_are_compared_in_words() -> None:
    before = "# One\n\nA long line.\n\n# Two\n\nAnother line."

    assert marked(before, before.replace("long", "short")) == (
        "# One\n\nA-{ long}+{ short} line.\n\n# Two\n\nAnother line."
    )


def test_passages_too_long_to_be_tried_out_count_as_replaced() -> None:
    def text(step: int, words: int) -> str:
        return " ".join(f"w{number * step % words}" for number in range(4000))

    runs = word_runs(f"x {text(7, 40)}", f"y {text(11, 40)}")
    assert [run.kind for run in runs] == ["removed", "added"]
    # Many words, each of them rare: these are.
    assert len(word_runs(text(7, 4000), text(7, 4001))) > 2


def test_signs_are_not_counted_as_words() -> None:
    assert count_words("One, two – 3%! 深度") == 5


def test_many_changes_of_a_long_text_are_found_one_by_one() -> None:
    def body(word: str, between: str) -> str:
        return between.join(
            f"Paragraph {number} has {word if number % 2 else 'an even'} text of its own"
            for number in range(2000)
        )

    for between in ("\n\n", " and so on "):
        before, after = body("an old", between), body("a new", between)
        runs = word_runs(before, after)

        assert [run.kind for run in runs] == ["kept", "removed", "added"] * 1000 + ["kept"]
        assert {run.text for run in runs if run.kind == "removed"} == {" an old"}


def test_lines_that_are_all_alike_cost_no_more_than_others() -> None:
    before, row = "| a | b |\n" * 6000, "| c | b |\n"

    runs = word_runs(before, before + row)

    assert "".join(run.text for run in runs if run.kind != "added") == before
    assert "".join(run.text for run in runs if run.kind != "removed") == before + row

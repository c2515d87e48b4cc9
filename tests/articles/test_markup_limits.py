"""Absurd text costs no more than its length: no hang, no error, nothing dropped."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from articles.markup import fill, render_block, render_inline

# Each of these makes a careless parser's work grow with the square of the length, or worse.
PATHOLOGICAL = [
    "[", "]", "![", "[[", "[[a|", "[a](", "[a](<b", "[a][", "[a]", "![a](b) ", "[@a; ", "[@",
    "[@a]", "[[a]] ", "*", "*a ", "a**b", "_a_", "`a", "<", "<a:", "&", "\\",
    "> ", "- ", "1) ", "|", "|a|\n", "# a\n", "~~~\n", "- ```\n", "[a]: b\n", "&nbsp;",
    "[@a] \u00a0", "<mp-cite ", "\t", "a\n", "- a\n",
]  # fmt: skip


def work(render: Callable[[str], object], text: str) -> int:
    """Count the calls that rendering takes, which is the same on every machine."""
    calls = 0

    def count(frame: FrameType, event: str, arg: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        render(text)
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("unit", PATHOLOGICAL, ids=repr)
def test_the_work_grows_with_the_length_of_the_text_and_not_faster(unit: str) -> None:
    for render in (render_block, render_inline):
        render(unit)
        assert work(render, unit * 400) < 2.5 * work(render, unit * 200) + 1000


@pytest.mark.parametrize(
    "text",
    [
        "[" * 10_000,
        "*" * 9_999 + "a",
        "*a " * 10_000 + "b*" * 10_000,
        "> " * 10_000 + "a",
        "- " * 10_000 + "a",
        "\n".join("  " * depth + "- a" for depth in range(400)),
        "\n".join("> " * depth + "a" for depth in range(300)),
        "![" * 3_000 + "](x)" * 3_000,
        "`".join("`" * length for length in range(400)),
        "|a" * 100 + "\n" + "|-" * 100 + "\n" + "|b\n" * 100,
        "Some *words* and a source [@a, p. 3] for [[them]].\n\n" * 2_000,
    ],
    ids=["brackets", "stars", "emphasis", "quotes", "lists", "list tree", "quote tree", "images",
         "backticks", "table", "100 KB"],
)  # fmt: skip
def test_absurd_text_is_rendered_without_an_error(text: str) -> None:
    rendered = render_block(text)
    page = fill(rendered.html, numbers={"a": 1}, targets={}, part="section-x")
    assert len(page.uses) == len(rendered.citations) == text.count("[@a, p. 3]")
    assert rendered.text.count("a") == text.replace("[@a, p. 3]", "").count("a")

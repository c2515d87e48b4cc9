"""Canonical documents of every kind for the property tests, hostile texts included."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

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

# Lines that mean something to Markdown, to YAML or to the file format itself.
LINES = [
    "", "", " ", "   ", "# one", "## two", "### three", "#### four", "##", "#",
    "## x {#section-x}", "## x {.text}", "## x {.text}  ", "## x ##", "##\ttab", "##  ",
    " ## indented", "   # indented", "    # code", "\\# literal", "\\\\## literal", "#hashtag",
    "Heading", "---", "===", "***", "...", "```", "```python", "````", "~~~", "~~~ # x", "  ```",
    "    ```", "> quote", "> ```", "> ## q", "- item", "- ```", "1. item", "10. ```", "  more",
    "\tcode", "-\ttab", "text  ", "text\\", "| a | b |", "|---|---|", "[a]: /url",
    "[a]: /url 'title", "<div>", "<!--", "key: value", "- a: b", "? x", "%TAG", "&a *a", "!tag",
    "'quoted'", '"quoted"', "a # b", "x: |", "{#section-x}", "{.text}", "[@key, p. 3]",
    "[[Term|shown]]", "é́", "😀 emoji", "\u202bשלום", "a\u00a0b", "\u00a0", "a\u2028b", "a\x85b",
    "a\rb", "a\x0cb", "\ufeff", "\x00",
]  # fmt: skip
# What one-line texts look like to a YAML reader.
WORDS = [
    "", "no", "null", "~", "2012", "1958-11", "1e3", "-0043~", "- x", "-", "--- x", "...", "a: b",
    "a:", ":a", "a #b", "#a", "'a", "it's", '"a"', "\\", "a\\", "[a]", "{a}", "&a", "*a", "!a",
    "%a", "@a", "`a`", "|", ">", "? a", "?", "<<", "=", "a, b", "x {#y}", "x {.text}", "x #",
    "# x", "x ##", "#", "{#}", "{#a b}", "{#a} b}", "x\ty", "x\nno: y", " x ", "a\u00a0 b",
    "\u00a0a", "名 前", "€",
]  # fmt: skip
DATES = [
    "2012", "1791-03-30", "2017-06", "194X", "19XX", "-0043~", "2012/2015", "2012/..", "1912?",
    "Y-300000000", "1968-21", "../2012", "1940%",
]  # fmt: skip
DAYS = ["", "2026-11-18", "0900-01-01"]

lines = (
    st.sampled_from(WORDS) | st.text(max_size=20) | st.lists(st.sampled_from(WORDS)).map(" ".join)
)
bodies = st.lists(st.sampled_from(LINES) | st.text(max_size=12), max_size=9).map("\n".join)
names = st.lists(lines, max_size=3).map(tuple)
days = st.sampled_from(DAYS)


def anchors(kind: str) -> st.SearchStrategy[str]:
    """No anchor, or one that a part of this kind can have."""
    stems = st.text("abcé名0123-_.:", min_size=1, max_size=8)
    return st.just("") | stems.map(lambda stem: f"{kind}-{stem}")


def _parts(cls: Any, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    if cls is not Reference:
        fields["anchor"] = anchors(cls.kind)
    return st.lists(st.builds(cls, **fields), max_size=3).map(tuple)


_documents = st.builds(
    Document,
    title=lines,
    slug=lines,
    short_answer=lines,
    language=st.sampled_from(["en", "ar", "pt-BR", "no"]),
    category=lines,
    tags=names,
    author=lines,
    infobox=_parts(InfoboxRow, label=lines, value=lines, checked=days),
    sections=_parts(Section, heading=lines, level=st.sampled_from([2, 3]), body=bodies),
    facts=_parts(Fact, label=lines, statement=lines, checked=days),
    timeline=_parts(
        Milestone,
        date=st.sampled_from(DATES),
        title=lines,
        body=bodies,
        tracks=names,
        checked=days,
    ),
    related_terms=_parts(RelatedTerm, term=lines, definition=lines),
    questions=_parts(Question, question=lines, answer=bodies),
    references=_parts(
        Reference,
        key=lines,
        source_kind=lines,
        title=lines,
        authors=names,
        year=st.sampled_from(["", "2012", "1940~"]),
        url=lines,
        isbn=lines,
        accessed=days,
    ),
)

documents = _documents.map(canonical)

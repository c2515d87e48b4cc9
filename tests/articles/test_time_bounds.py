"""No text keeps what reads it busy: regular expressions, parsers, dates.

The texts are those on which a careless pattern takes the square of their length or worse. The bound
is far above what is needed, some hundredths of a second, and far below what such a pattern takes.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

import pytest

from articles.formats import json_file, markdown_file, plain_text
from articles.formats.citation_text import read_citation
from articles.markup import clean_body, clean_line, render_block, render_inline
from articles.markup.comment import clean_comment, render_comment
from articles.slugs import make_slug
from tests.withstand.values import DEEP
from timeline.date_finding import find_dates, find_leading_date
from timeline.dates import parse

SECONDS = 3.0
LENGTH = 1500
# What dates, lists, citations and bullets are made of, again and again.
PIECES = (
    *("1 ", "- ", "12 ", "and ", "between ", "c. ", "century ", "BC ", "2012–", "2012, ", "(1 "),
    *(
        "“a ",
        "a, b. ",
        ". ",
        "Smith, J. & ",
        "10.1000/",
        "doi:",
        "ISBN 9",
        "https://",
        "Q: ",
        "?\n",
    ),
    *("| a ", "  ", "**a** ", "[1] ", "1. ", "(2012). ", "Jan 1–", " to ", "the 1", "early ", "-"),
)
TEXTS = [
    *(make(LENGTH) for make in DEEP),
    *(piece * (LENGTH // len(piece)) + end for piece in PIECES for end in ("", "!")),
]


def in_an_article(text: str) -> str:
    return (
        f"Title\n\nImportant facts\n- {text}\n\nTimeline\n- 2012: {text}\n- {text}: a\n\n{text}\n\n"
        f"FAQ\n\n{text}\n\nReferences\n1. {text}\n\nComments\n{text}"
    )


READERS: dict[str, Callable[[str], object]] = {
    "date": parse,
    "dates in a text": find_dates,
    "date at the beginning": find_leading_date,
    "Markdown file": lambda text: markdown_file.parse(
        f"---\nformat: 1\ntitle: {text}\n---\n{text}"
    ),
    "JSON file": json_file.parse,
    "plain text": lambda text: plain_text.parse(in_an_article(text)),
    "citation": read_citation,
    "block": render_block,
    "line": render_inline,
    "comment": lambda text: render_comment(clean_comment(text)),
    "cleaning": lambda text: (clean_body(text), clean_line(text), make_slug(text)),
}


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_no_text_keeps_a_reader_busy(read: Callable[[str], object]) -> None:
    slowest = 0.0
    for text in TEXTS:
        began = time.process_time()
        # What cannot be read is refused with a sentence.
        with contextlib.suppress(ValueError):
            read(text)
        slowest = max(slowest, time.process_time() - began)
    assert slowest < SECONDS

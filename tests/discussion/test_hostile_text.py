"""Guests' texts and names: limited Markdown, and nothing alive, whatever is sent."""

from __future__ import annotations

import unicodedata

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from articles.markup.comment import (
    MOST_MARKS,
    clean_comment,
    clean_name,
    limit_marks,
    render_comment,
)
from tests.articles.bridges import make_article
from tests.articles.test_markup_safety import FORBIDDEN, HOSTILE, PIECES
from tests.factories import make_comment
from tests.html import Element, parse

ALLOWED = {
    "p": set(), "br": set(), "em": set(), "strong": set(), "code": set(), "pre": set(),
    "blockquote": set(), "ul": set(), "li": set(), "ol": {"start"}, "a": {"href", "rel"},
}  # fmt: skip


def check(html: str) -> Element:
    """Assert that there is nothing but what comments may hold."""
    assert not FORBIDDEN.search(html)
    assert limit_marks(html) == html
    tree = parse(html)
    for element in tree.walk():
        if element is tree:
            continue
        assert element.attributes.keys() <= ALLOWED[element.tag], element.tag
        if element.tag == "a":
            assert element["rel"] == "nofollow ugc noopener"
            address = element["href"].lower()
            assert address.startswith(("http://", "https://", "mailto:", "/", "#"))
            assert not address.startswith(("//", "/\\"))
            assert element.all("a") == []
    return tree


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_hostile_stays_alive(text: str) -> None:
    check(render_comment(text).html)
    check(render_comment(f"> - a\n>\n>   {text}").html)


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=25).map("".join)))
def test_any_text_becomes_harmless_html_and_cleaning_is_final(text: str) -> None:
    check(render_comment(text).html)
    assert clean_comment(clean_comment(text)) == clean_comment(text)
    assert clean_name(clean_name(text)) == clean_name(text)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("*a* **b** `c`", "<p><em>a</em> <strong>b</strong> <code>c</code></p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("> a", "<blockquote>\n<p>a</p>\n</blockquote>"),
        ("```py\na < b\n```", "<pre><code>a &lt; b\n</code></pre>"),
        (
            "[a](https://e.org/ 'title')",
            '<p><a href="https://e.org/" rel="nofollow ugc noopener">a</a></p>',
        ),
        (
            "See https://e.org/a_(b)?x=1&y=2.",
            (
                '<p>See <a href="https://e.org/a_(b)?x=1&amp;y=2" rel="nofollow ugc noopener">'
                "https://e.org/a_(b)?x=1&amp;y=2</a>.</p>"
            ),
        ),
        ("`https://e.org`", "<p><code>https://e.org</code></p>"),
        # What comments do not have is shown as it was typed.
        ("# a", "<p># a</p>"),
        ("a\n===", "<p>a<br>\n===</p>"),
        ("|a|\n|-|\n|b|", "<p>|a|<br>\n|-|<br>\n|b|</p>"),
        ("***", "<p>***</p>"),
        ("<b>a</b>", "<p>&lt;b&gt;a&lt;/b&gt;</p>"),
        ("[@key, p. 3] [[term]]", "<p>[@key, p. 3] [[term]]</p>"),
        (
            "![a](https://e.org/x.png)",
            '<p>!<a href="https://e.org/x.png" rel="nofollow ugc noopener">a</a></p>',
        ),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>"),
    ],
)
def test_comments_have_a_small_part_of_markdown(text: str, html: str) -> None:
    assert render_comment(text).html == html


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Ana\t\n Maria ", "Ana Maria"),
        ("Ana\x00\x1b[31m", "Ana[31m"),
        ("\u202eanA", "anA"),
        ("A\u0301na", "Ána"),
        ("Z" + "\u0335" * 50, "Z" + "\u0335" * MOST_MARKS),
        ("مريم العلي", "مريم العلي"),
        ("\u200fשלום", "\u200fשלום"),
        ("Nguyễn", "Nguyễn"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("<script>", "<script>"),
        ("\u200b\u2060", ""),
        ("\u3164\u115f", ""),
        ("\u0301\u0301", ""),
    ],
)
def test_names_are_cleaned_and_those_of_nothing_visible_are_none(typed: str, name: str) -> None:
    assert clean_name(typed) == unicodedata.normalize("NFC", name)


def test_marks_that_are_written_as_entities_are_limited_too() -> None:
    html = render_comment("a" + "&#x335;" * 50).html

    assert html.count("\u0335") == MOST_MARKS


@pytest.mark.django_db
def test_a_hostile_name_and_part_are_shown_as_they_are(client: Client) -> None:
    article = make_article()
    evil = "<script>alert(1)</script>\"'&"
    first = make_comment(article, name=evil, body=evil, about='fact-"><script>', about_name=evil)
    make_comment(article, name=evil, parent=first)

    body = client.get("/articles/stone-bridges/discussion/").content.decode()

    assert "<script>alert" not in body
    tree = parse(body)
    comment = tree.by_id(f"comment-{first.pk}")
    assert comment["aria-label"] == f"Comment by {evil}"
    assert comment.one("b").one("bdi").text == evil
    assert comment.one("p", class_="about").text == f"About {evil}"
    assert comment.one("div", class_="comment-body")["dir"] == "auto"


@pytest.mark.parametrize("text", ["[" * 50_000, "*" * 50_000, "> " * 25_000, "`" * 50_000,
    "https://e.org/(" * 3000, "a\u0301" * 25_000, "- " * 25_000, "&#x1F600;" * 5000])  # fmt: skip
def test_no_text_takes_long(text: str) -> None:
    """A regular expression that goes back and forth would not end here."""
    check(render_comment(text).html)

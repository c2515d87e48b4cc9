"""In an article of another language the site's own words say which language they are of."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.articles.bridges import make_article
from tests.browser.kinds import arabic
from tests.html import Element, parse

pytestmark = pytest.mark.django_db

LATIN = re.compile(r"[A-Za-z]{3,}")
# What the article itself says in Latin letters: names of people, works and tracks, and addresses.
ITS_OWN = re.compile(
    r"Heyman|Huerta|Jacques|Santiago|The Stone Skeleton|Mechanics of masonry vaults|Cambridge"
    r"|University|Press|ISBN|Building|Bridges|Practice|Theory|https?://\S+|example\.org\S*|doi:\S*"
)


def language_of(element: Element) -> str:
    """The language that applies to the text in an element."""
    at: Element | None = element
    while at is not None:
        if language := at.get("lang"):
            return language
        at = at.parent
    return ""


def test_every_english_word_of_an_arabic_article_is_marked_as_english(client: Client) -> None:
    make_article(document=arabic())
    page = parse(client.get("/articles/الجسور-الحجرية/").content)
    article = page.one("article", class_="article")
    assert article["lang"] == "ar"
    unmarked = {
        (element.tag, text.strip())
        for element in article.walk()
        for text in element.children
        if isinstance(text, str)
        and LATIN.search(ITS_OWN.sub("", text))
        and language_of(element) != "en"
    }
    assert unmarked == set()


def test_nothing_is_marked_in_an_article_of_the_site_s_language(client: Client) -> None:
    make_article()
    page = parse(client.get("/articles/stone-bridges/").content)
    article = page.one("article", class_="article")
    marked = {(e.tag, e["lang"], e.text) for e in article.walk() if e.get("lang")}
    assert {entry for entry in marked if entry[1] != "en"} == set()

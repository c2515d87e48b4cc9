"""The front page: the survey of the article changed last, the times, and what wants sources."""

from __future__ import annotations

import dataclasses

import pytest
from django.test import Client

from articles.document import Document, Fact, Milestone
from tests.articles.bridges import make_article, make_document
from tests.html import Element, parse

pytestmark = pytest.mark.django_db


def front(client: Client) -> Element:
    """The page."""
    return parse(client.get("/").content)


def test_the_article_changed_last_stands_first_with_its_survey(client: Client) -> None:
    make_article(title="An older one")
    make_article()
    page = front(client)
    featured = page.one("div", class_="featured")
    assert featured.one("h3").text == "Stone bridges"
    article = parse(client.get("/articles/stone-bridges/").content)
    assert (
        featured.one("svg", role="img")["aria-label"]
        == (article.one("div", class_="survey").one("svg", role="img")["aria-label"])
    )
    titles = [a.text for a in page.one("ul", class_="entries").all("a")]
    assert titles == ["An older one"]


def test_one_article_alone_has_nothing_before_it_and_a_way_to_the_list(client: Client) -> None:
    make_article()
    page = front(client)
    assert "Before that" not in page.text
    ways = page.one("section", aria_labelledby="latest").all("a", href="/articles/")
    assert [way.text for way in ways] == ["All articles: 1"]


def test_each_bar_leads_to_as_many_milestones_as_it_says(client: Client) -> None:
    years = [1905, 1911, 1912, 1950, 1969, 1969, 1977, 1990, 2004, 2012, 2013, 2020, -431]
    timeline = tuple(
        Milestone(date=f"{year:05}" if year < 0 else f"{year}", title=f"Step {number}")
        for number, year in enumerate(years)
    )
    make_article(document=Document(title="Steps", slug="steps", timeline=timeline))
    page = front(client)
    assert "13 dated milestones." in page.text
    bars = page.one("div", role="group").all("a")
    assert len(bars) == 6
    for bar in bars:
        shown = parse(client.get(bar["href"]).content).all("li", data_part="milestone")
        assert bar["aria-label"].split(": ")[1].startswith(f"{len(shown)} milestone")
    (earlier,) = [a for a in page.all("a") if a.text == "1 milestone before 1800"]
    assert len(parse(client.get(earlier["href"]).content).all("li", data_part="milestone")) == 1


def test_what_wants_sources_is_named_with_the_most_wanting_first(client: Client) -> None:
    make_article()
    facts = tuple(Fact(label=f"Fact {number}", statement="No source.") for number in range(5))
    make_article(document=Document(title="Bare", slug="bare", facts=facts))
    wanted = front(client).one("section", aria_labelledby="wanted").all("li")
    assert [item.text for item in wanted] == [
        "Bare 5 of 5 without a source",
        "Stone bridges 3 of 7 without a source",
    ]


def test_a_site_where_nothing_is_wanting_says_so(client: Client) -> None:
    document = dataclasses.replace(
        make_document(), facts=(), timeline=(), infobox=make_document().infobox[:1]
    )
    make_article(document=document)
    page = front(client)
    assert page.one("section", aria_labelledby="wanted").one("p").text == (
        "Every statement in infoboxes, facts and timelines of this site has a source."
    )
    assert not page.all("svg", role="group")


def test_an_empty_site_says_what_to_do_first(client: Client) -> None:
    page = front(client)
    assert "No articles yet. Write the first one" in page.text
    assert not page.all(aria_labelledby="wanted")
    assert not page.all("div", class_="featured")

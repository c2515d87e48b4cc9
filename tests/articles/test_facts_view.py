"""The short answer and the facts alone: a view by address, with the numbers of the whole page."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.document import Fact
from tests.articles.bridges import make_article, make_editor, make_long_document
from tests.html import parse

pytestmark = pytest.mark.django_db

FACTS = "/articles/stone-bridges/?view=facts"


def test_it_shows_the_answer_the_facts_and_their_sources_only(client: Client) -> None:
    make_article()

    page = parse(client.get(FACTS).content)

    ids = {str(section.get("id")) for section in page.all("section") if section.get("id")}
    assert ids == {"short-answer", "facts", "references", "keep"}
    facts = [item.get("id") for item in page.all("li", data_part="fact")]
    assert facts == ["fact-oldest", "fact-mortar"]


def test_citations_keep_the_numbers_of_the_whole_page(client: Client) -> None:
    only = Fact(anchor="fact-oldest", label="Oldest", statement="Near Izmir [@huerta2001].")
    make_article(short_answer="A bridge.", facts=(only,))

    page = parse(client.get(FACTS).content)

    (reference,) = page.all("li", data_part="reference")
    assert reference.get("id") == "reference-huerta2001"
    assert reference.one("span", class_="number").text == "2"
    assert "Used once: a" in reference.text
    assert "not shown" not in reference.text
    back = reference.one("p", class_="back").one("a")
    assert page.one("a", id=str(back.get("href"))[1:]).text == "2. Huerta 2001"


def test_it_is_the_article_for_search_engines(client: Client) -> None:
    make_article()

    page = parse(client.get(FACTS).content)

    assert page.one("meta", name="robots").get("content") == "noindex"
    canonical = page.one("link", rel="canonical").get("href")
    assert canonical == f"{settings.SITE_URL}/articles/stone-bridges/"


@pytest.mark.parametrize("query", ["view=all", "view=", "view=facts%00", "view=FACTS"])
def test_any_other_view_is_the_whole_page(client: Client, query: str) -> None:
    make_article()

    page = parse(client.get(f"/articles/stone-bridges/?{query}").content)

    assert page.one("section", id="timeline")


def test_a_filter_of_the_timeline_beside_it_does_no_harm(client: Client) -> None:
    make_article()

    assert client.get(f"{FACTS}&from=abc&track=nothing&at=x").status_code == 200


def test_an_article_without_facts_says_so(client: Client) -> None:
    make_article(facts=())

    assert "This article has no facts yet." in client.get(FACTS).content.decode()


def test_a_draft_is_an_editors_alone(client: Client) -> None:
    make_article(publish=False)
    assert client.get(FACTS).status_code == 404

    client.force_login(make_editor())

    assert client.get(FACTS)["Cache-Control"] == "private, no-store"


def test_it_costs_the_same_at_every_size(client: Client) -> None:
    make_article(document=make_long_document(parts=40, milestones=500, slug="stone-bridges"))

    with CaptureQueriesContext(connection) as captured:
        client.get(FACTS)

    # The article with its rendered page, the settings, the names.
    assert len(captured) == 3

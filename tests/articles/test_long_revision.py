"""A revision with a long timeline shows a page of it, as the article does."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.articles.bridges import make_article, make_long_document
from tests.html import parse
from timeline.pages import MILESTONES_SHOWN

pytestmark = pytest.mark.django_db

ADDRESS = "/articles/long/history/1/"


def anchors(client: Client, query: str = "") -> tuple[list[str], dict[str, str]]:
    """The milestones of a page, and where its links to other pages lead."""
    tree = parse(client.get(f"{ADDRESS}{query}").content)
    links = {
        a["rel"]: a["href"].split("#")[0]
        for nav in tree.by_id("timeline").all("nav", class_="pages")
        for a in nav.all("a")
    }
    return [item["id"] for item in tree.all("li", data_part="milestone")], links


def test_all_milestones_are_on_its_pages_once_and_in_order(client: Client) -> None:
    article = make_article(document=make_long_document(parts=6, milestones=130, slug="long"))
    wanted = [row.anchor for row in article.milestones.in_order()]

    seen, query = [], ""
    while True:
        shown, links = anchors(client, query)
        assert len(shown) <= MILESTONES_SHOWN
        seen += shown
        if "next" not in links:
            break
        query = links["next"]
    assert seen == wanted

    back, links = anchors(client, links["prev"])
    assert back == wanted[MILESTONES_SHOWN : 2 * MILESTONES_SHOWN]
    assert anchors(client, links["prev"])[0] == wanted[:MILESTONES_SHOWN]


def test_a_short_timeline_and_an_unknown_milestone_begin_at_the_start(client: Client) -> None:
    article = make_article(document=make_long_document(parts=6, milestones=60, slug="long"))

    shown, links = anchors(client, "?at=milestone-nothing")

    assert shown == [row.anchor for row in article.milestones.in_order()]
    assert links == {}

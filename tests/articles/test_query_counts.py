"""Pages cost a fixed number of queries, whatever the number of things on them and behind them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Category, Tag, Term, User, stored_page
from articles.views import glossary, links, lists, sources
from tests.articles.addresses import SOURCE, make_source
from tests.articles.bridges import make_article, make_document, make_editor, make_long_document
from timeline.pages import MOST_SHOWN

pytestmark = pytest.mark.django_db

# Article with category, author and rendered page; site settings; names (tags, related terms,
# targets of links); counts of the timeline; its milestones; their tracks; comments; related ones.
ARTICLE = 8
# The milestone that the page begins with, and where the page before begins.
ARTICLE_AT = ARTICLE + 1


@pytest.fixture(autouse=True)
def nothing_is_kept() -> None:
    """Each test begins with the first view of a text."""
    stored_page._pages.clear()


def queries(client: Client, address: str) -> list[str]:
    """The queries of one request that succeeds."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200
    return [query["sql"] for query in captured.captured_queries]


def count(client: Client, address: str) -> int:
    return len(queries(client, address))


# The article page ---------------------------------------------------------------------------------


@pytest.mark.parametrize("parts", [3, 40], ids="{} parts of each kind".format)
@pytest.mark.parametrize("milestones", [10, 1000], ids="{} milestones".format)
def test_an_article_costs_the_same_at_every_size(
    client: Client, parts: int, milestones: int
) -> None:
    make_article(document=make_long_document(parts=parts, milestones=milestones, slug="long"))

    # A short timeline has no pages to look for.
    at = ARTICLE_AT if milestones > MOST_SHOWN else ARTICLE
    assert count(client, "/articles/long/") == ARTICLE
    assert count(client, "/articles/long/?at=milestone-nothing") == at
    for number in (1, milestones // 2, milestones):
        assert count(client, f"/articles/long/?at=milestone-{number}") == at


def test_an_article_whose_terms_have_articles_costs_the_same(client: Client) -> None:
    make_article(document=make_long_document(parts=10, milestones=10, slug="long"))
    for term in Term.objects.all():
        term.article = make_article(title=f"About {term.name}")
        term.save()

    assert count(client, "/articles/long/") == ARTICLE


def test_no_query_reads_what_a_page_does_not_show(client: Client) -> None:
    make_article()

    texts = queries(client, "/articles/stone-bridges/")

    assert not [text for text in texts if '"password"' in text or '"retired_anchors"' in text]


@pytest.mark.parametrize("ending", ["json", "md"])
def test_the_twins_for_machines_cost_the_same_at_every_size(client: Client, ending: str) -> None:
    make_article(document=make_long_document(parts=3, milestones=3, slug="short"))
    make_article(document=make_long_document(parts=40, milestones=200, slug="long"))

    # The ten of `store.load`, and the licence.
    assert count(client, f"/articles/short.{ending}") == 11
    assert count(client, f"/articles/long.{ending}") == 11


def test_an_editor_costs_the_session_and_the_permissions_more(client: Client) -> None:
    make_article(document=make_long_document(parts=3, milestones=100, slug="long"))
    client.force_login(make_editor())

    # The session, the user, the permissions of user and groups, and whether the site wants more.
    assert count(client, "/articles/long/") == ARTICLE + 5


def test_somebody_who_is_no_editor_costs_the_session_and_the_user_more(client: Client) -> None:
    make_article()
    client.force_login(User.objects.create_user("reader"))

    assert count(client, "/articles/stone-bridges/") == ARTICLE + 2


def test_an_article_that_was_shown_before_is_not_asked_for_its_timeline_again(
    client: Client,
) -> None:
    make_article()
    count(client, "/articles/stone-bridges/")

    assert count(client, "/articles/stone-bridges/") == ARTICLE - 3


# Lists --------------------------------------------------------------------------------------------


def make_articles(number: int) -> None:
    """Live articles of one category, tag and author, with a common term and one of their own."""
    related = make_document().related_terms[0]
    for index in range(number):
        make_article(
            title=f"Article {index}",
            related_terms=(
                related,
                replace(related, anchor="", term=f"Term {index}", definition="Its meaning."),
            ),
        )


LISTS = {
    # Figures, newest articles, the survey of the first, years, gaps, categories and their names,
    # site settings.
    "/": 7,
    # How many, a page of them, site settings.
    "/articles/": 3,
    "/terms/": 3,
    # The sources by number of uses, their best entries.
    "/sources/": 3,
    # And what they are a list of.
    "/categories/building/": 4,
    "/tags/masonry/": 4,
    "/authors/nora-pont/": 4,
    # The term, its names, how many uses, a page of them, its own entry, the entries before and
    # behind it, site settings.
    "/terms/thrust/": 8,
    # The source, its entries, how many uses, a page of them, site settings.
    f"/sources/{SOURCE}/": 5,
}


@pytest.mark.parametrize(("address", "number"), LISTS.items(), ids=list(LISTS))
def test_a_list_costs_the_same_with_one_with_three_and_with_three_pages(
    client: Client, monkeypatch: pytest.MonkeyPatch, address: str, number: int
) -> None:
    make_source()
    make_articles(1)
    assert count(client, address) == number
    make_articles(3)
    assert count(client, address) == number

    monkeypatch.setattr(lists, "PAGE_SIZE", 1)
    for view in (glossary, sources, links):
        monkeypatch.setattr(view, "USES", 1)
    monkeypatch.setattr(glossary, "ENTRIES", 1)
    monkeypatch.setattr(sources, "SOURCES", 1)
    for page in ("1", "2", "3"):
        assert count(client, f"{address}?page={page}") == number


def test_what_links_to_an_article_costs_the_same_however_many_links_there_are(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The article; the names that lead to it; counts; a page of links; related articles."""
    make_article()
    for number in range(4):
        make_article(title=f"Article {number}", short_answer="On [[stone bridges]], and arches.")
        assert count(client, "/articles/stone-bridges/links/") == 7

    monkeypatch.setattr(links, "USES", 1)
    for page in ("1", "2", "4"):
        assert count(client, f"/articles/stone-bridges/links/?page={page}") == 7


def test_lists_do_not_read_whole_articles(client: Client) -> None:
    make_source()
    make_articles(2)

    for address in LISTS:
        reading = [
            text for text in queries(client, address) if '"articles_renderedarticle"."page"' in text
        ]
        # The front page draws the survey of one.
        assert len(reading) == (address == "/"), address


def test_the_front_page_costs_the_same_with_many_subjects(client: Client) -> None:
    for number in range(12):
        make_article(title=f"A {number}", category=f"Subject {number}", tags=(f"T{number}",))

    assert (Category.objects.count(), Tag.objects.count()) == (12, 12)
    assert count(client, "/") == LISTS["/"]


def test_an_empty_site_costs_no_more(client: Client) -> None:
    for address in ("/", "/articles/", "/terms/"):
        assert count(client, address) <= LISTS[address]


def test_a_page_that_is_not_there_costs_little(client: Client) -> None:
    costs: dict[str, int] = {}
    for address in ("/articles/nothing/", "/categories/nothing/", "/terms/nothing/", "/nothing/"):
        with CaptureQueriesContext(connection) as captured:
            response: Any = client.get(address)
        assert response.status_code == 404
        costs[address] = len(captured)

    # The article by slug and by old slug, and whether it was withdrawn, the others by slug; the
    # name of the site; and what was meant: by slug, by the words of the address, and by words that
    # look like them (PostgreSQL does each in a block of its own, and reads a sample first).
    meant = 3 if connection.vendor == "sqlite" else 9
    most = {
        "/articles/nothing/": 4,
        "/categories/nothing/": 2,
        "/terms/nothing/": 3,
        "/nothing/": 1,
    }
    assert {address: costs[address] <= number + meant for address, number in most.items()} == (
        dict.fromkeys(most, True)
    ), costs

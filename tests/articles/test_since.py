"""What changed since a reader last read: remembered in their browser, and only when they ask."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import publishing, remembered, store
from articles.models import Article, Revision
from tests.articles.bridges import make_article, make_document
from tests.html import Element, parse

pytestmark = pytest.mark.django_db

ARTICLE = "/articles/stone-bridges/"
SINCE = f"{ARTICLE}since/"
HTMX = {"hx-request": "true"}


@pytest.fixture
def article() -> Article:
    return make_article()


def revise(article: Article, **changes: Any) -> None:
    """One more revision with these fields of the document."""
    article = Article.objects.get(pk=article.pk)
    store.save(replace(store.load(article), **changes), article=article)


def page(client: Client, **headers: str) -> Element:
    response = client.get(SINCE, headers=headers)
    assert response.status_code == 200
    return parse(response.content)


def wish(client: Client, do: str, **headers: str) -> Any:
    return client.post(SINCE, {"do": do}, headers=headers)


def buttons(tree: Element) -> list[str]:
    return [button["value"] for button in tree.one("main").all("button") if button.get("name")]


def sentences(tree: Element) -> list[str]:
    return [li.text for ul in tree.all("ul", class_="change-list") for li in ul.all("li")]


def test_nobody_gets_the_cookie_by_reading(client: Client, article: Article) -> None:
    for address in (ARTICLE, f"{ARTICLE}history/", SINCE):
        client.get(address)
    client.get(SINCE, headers=HTMX)

    assert remembered.COOKIE not in client.cookies
    assert buttons(page(client)) == ["remember"]


def test_who_did_not_ask_gets_the_cookie_of_forms_with_the_page_of_the_question_alone(
    client: Client, article: Article
) -> None:
    """As the privacy page says. What the article's page may ask for is the note."""
    client.get(SINCE, headers=HTMX)
    client.get(ARTICLE)
    assert dict(client.cookies) == {}

    client.get(SINCE)

    assert set(client.cookies) == {"csrftoken"}


def test_a_reader_who_asked_is_told_what_changed(client: Client, article: Article) -> None:
    response = wish(client, "remember")
    assert (response.status_code, response["Location"]) == (302, SINCE)
    assert "Nothing has changed since." in page(client).one("main").text
    assert buttons(page(client)) == ["forget"]

    first, second = make_document().facts
    revise(article, facts=(replace(first, label="Oldest of all"), second))

    tree = page(client)
    assert sentences(tree) == [
        "Fact “Oldest of all”: label changed from “Oldest in use” to “Oldest of all”."
    ]
    links = [
        a["href"] for paragraph in tree.all("p", class_="since-links") for a in paragraph.all("a")
    ]
    assert links == [f"{ARTICLE}#fact-oldest", f"{ARTICLE}history/1..2/"]
    assert buttons(tree) == ["read", "forget"]
    wish(client, "read")
    assert "Nothing has changed since." in page(client).one("main").text


def test_who_wants_it_forgotten_has_no_cookie_any_more(client: Client, article: Article) -> None:
    wish(client, "remember")

    response = wish(client, "forget")

    cookie = response.cookies[remembered.COOKIE]
    assert (cookie.value, cookie["max-age"], cookie["path"]) == ("", 0, "/articles/")
    assert buttons(page(client)) == ["remember"]


def test_the_cookie_is_kept_from_scripts_and_other_sites(client: Client, article: Article) -> None:
    cookie = wish(client, "remember").cookies[remembered.COOKIE]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/articles/"
    assert cookie.value.startswith(f"{article.pk}:1:")


def test_a_cookie_that_was_tampered_with_counts_as_none(client: Client, article: Article) -> None:
    wish(client, "remember")
    for value in (f"{article.pk}:1", "nonsense", "", client.cookies[remembered.COOKIE].value + "x"):
        client.cookies[remembered.COOKIE] = value
        assert buttons(page(client)) == ["remember"]


def test_another_site_cannot_send_the_wish(article: Article) -> None:
    client = Client(enforce_csrf_checks=True)

    assert wish(client, "remember").status_code == 403
    assert remembered.COOKIE not in client.cookies


@pytest.mark.parametrize("do", ["", "everything", "\0", "x" * 10_000])
def test_a_wish_that_is_none_is_refused(client: Client, article: Article, do: str) -> None:
    response = wish(client, do)

    assert response.status_code == 400
    assert remembered.COOKIE not in client.cookies
    assert buttons(parse(response.content)) == ["remember"]


def test_the_oldest_of_many_articles_is_dropped(client: Client, article: Article) -> None:
    known: remembered.Seen = {}
    for key in range(1, 100):
        known = remembered.with_read(known, Article(pk=key), key)

    assert len(known) == remembered.MOST_ARTICLES
    assert list(known.items())[:2] == [(99, 99), (98, 98)]
    assert list(remembered.with_read(known, Article(pk=98), 5).items())[:2] == [(98, 5), (99, 99)]
    large = {10**9 + key: 10**5 for key in range(remembered.MOST_ARTICLES)}
    assert len(".".join(f"{key}:{number}" for key, number in large.items())) < 1500


def test_the_page_of_the_article_does_not_look_at_the_cookie(
    client: Client, article: Article
) -> None:
    everybody = client.get(ARTICLE)
    wish(client, "remember")
    revise(article, title="Bridges of stone")
    stranger = Client().get(ARTICLE).content

    reader = client.get(ARTICLE)

    assert reader.content == stranger != everybody.content
    assert "Cookie" not in reader.get("Vary", "")
    assert parse(stranger).one("div", id="since")["data-since"] == SINCE


def test_no_cache_keeps_what_is_somebodys_own(client: Client, article: Article) -> None:
    for headers in ({}, HTMX):
        response = client.get(SINCE, headers=headers)
        assert "no-store" in response["Cache-Control"]
        assert {"Cookie", "HX-Request"} <= set(response["Vary"].split(", "))
        assert response["X-Robots-Tag"] == "noindex"


# The note on the article's page -------------------------------------------------------------------


def note(client: Client) -> Element:
    return parse(client.get(SINCE, headers=HTMX).content)


def test_an_article_that_is_read_is_remembered_of_who_asked(
    client: Client, article: Article
) -> None:
    wish(client, "remember")
    other = make_article(title="Arches")
    address = f"{other.get_absolute_url()}since/"

    response = client.get(address, headers=HTMX)

    assert sentences(parse(response.content)) == []
    assert f"{other.pk}:1.{article.pk}:1" in client.cookies[remembered.COOKIE].value
    revise(other, category="Geometry")
    told = parse(client.get(address, headers=HTMX).content)
    assert sentences(told) == ["Category changed from “Building” to “Geometry”."]


def test_the_note_stays_until_it_is_marked_as_read(client: Client, article: Article) -> None:
    wish(client, "remember")
    assert note(client).all("section") == []
    revise(article, title="Bridges of stone")

    assert sentences(note(client)) == sentences(note(client)) != []

    answer = parse(wish(client, "read", **HTMX).content)
    assert answer.all("section") == []
    assert answer.one("div")["data-remember"] == "on"
    assert note(client).all("section") == []


def test_the_note_says_when_nothing_is_remembered_any_more(
    client: Client, article: Article
) -> None:
    wish(client, "remember")

    answer = parse(wish(client, "forget", **HTMX).content)

    assert answer.one("div")["data-remember"] == "off"
    assert note(client).one("div")["data-remember"] == "off"
    assert buttons(page(client)) == ["remember"]


def test_milestones_are_found_on_the_page_of_the_timeline_that_has_them(
    client: Client, article: Article
) -> None:
    wish(client, "remember")
    first, *others = make_document().timeline
    revise(article, timeline=(replace(first, title="Alcántara"), *others))

    links = [a["href"] for a in note(client).all("p", class_="since-links")[0].all("a")]

    assert links == [f"{ARTICLE}?at=milestone-alcantara#milestone-alcantara"]


# What is public -----------------------------------------------------------------------------------


def test_nothing_is_told_of_what_was_never_public(client: Client, article: Article) -> None:
    wish(client, "remember")
    publishing.withdraw(article=article)
    revise(article, title="Secret")
    assert client.get(SINCE).status_code == 410
    assert wish(client, "read").status_code == 410
    revise(article, title="Public")
    publishing.publish(article=article)

    assert "Secret" not in client.get(SINCE).content.decode()
    assert sentences(page(client)) == ["Title changed from “Stone bridges” to “Public”."]


def test_a_revision_that_is_not_there_any_more_counts_as_not_read(
    client: Client, article: Article
) -> None:
    revise(article, title="Two")
    wish(client, "remember")
    Revision.objects.filter(number=2).update(number=3)

    assert "You have not marked this article as read yet." in page(client).one("main").text
    assert buttons(page(client)) == ["read", "forget"]


def test_an_old_slug_leads_to_the_new_one(client: Client, article: Article) -> None:
    publishing.rename(article=article, slug="bridges")

    assert client.get(SINCE)["Location"] == "/articles/bridges/since/"


def test_the_number_of_queries_does_not_grow(client: Client, article: Article) -> None:
    wish(client, "remember")
    counts = set()
    for number in range(3):
        revise(article, title=f"Title {number}")
        with CaptureQueriesContext(connection) as captured:
            client.get(SINCE)
        counts.add(len(captured))

    # The article, its newest revision, the one that was read, site settings.
    assert counts == {4}

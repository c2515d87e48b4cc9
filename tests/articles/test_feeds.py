"""Atom feeds say what changed, to those who may know, and are asked again only when it did."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from articles import feed_changes, publishing, store
from articles.discussion.models import Comment
from articles.models import Article, Revision, SiteSettings
from tests.articles.bridges import make_article, make_document, make_editor

pytestmark = pytest.mark.django_db

A = "{http://www.w3.org/2005/Atom}"
ROOT = "http://127.0.0.1:8000"
ARTICLES, COMMENTS = "/feeds/articles.atom", "/feeds/comments.atom"
OWN = "/articles/stone-bridges/feed.atom"


def feed_of(client: Client, address: str) -> ET.Element:
    """The feed, by the rules of RFC 4287."""
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    tree = ET.fromstring(response.content)
    for name in ("id", "title", "updated", "author", "rights"):
        assert tree.find(f"{A}{name}") is not None, name
    links = {link.get("rel"): link.get("href") for link in tree.findall(f"{A}link")}
    assert links["self"] == f"{ROOT}{address}"
    entries = tree.findall(f"{A}entry")
    for entry in entries:
        for name in ("id", "title", "updated", "published", "author", "summary"):
            assert entry.find(f"{A}{name}") is not None, name
        assert (entry.findtext(f"{A}id") or "").startswith("tag:127.0.0.1,")
    ids = [entry.findtext(f"{A}id") for entry in entries]
    assert len(ids) == len(set(ids))
    return tree


def entries_of(client: Client, address: str) -> list[tuple[str, str]]:
    """Titles and texts."""
    found = feed_of(client, address).findall(f"{A}entry")
    return [(e.findtext(f"{A}title") or "", e.findtext(f"{A}summary") or "") for e in found]


def comment(article: Article, **fields: Any) -> Comment:
    values = {"name": "Ann", "body": "Well *done*.", "status": Comment.Status.APPROVED}
    return Comment.objects.create(article=article, **values | fields)


@pytest.mark.parametrize("address", [ARTICLES, OWN])
def test_a_change_is_told_in_words(client: Client, address: str) -> None:
    article = make_article()
    document = make_document(facts=make_document().facts[:1], title="Bridges <of> stone")
    store.save(document, article=article, summary="Fact taken out & more")

    (title, text), (first, counted) = entries_of(client, address)

    assert title == "Changed: Bridges <of> stone"
    assert "<p>Fact taken out &amp; more</p>" in text
    assert "Mortar" in text
    assert "removed" in text
    assert f'<a href="{ROOT}/articles/stone-bridges/history/1..2/">' in text
    assert first.startswith("New: ")
    assert "1 question" in counted
    assert "<of>" not in text.replace("&lt;of&gt;", "")


def test_only_what_readers_could_see_is_in_a_feed(client: Client) -> None:
    article = make_article(publish=False, short_answer="Secret draft.")
    store.save(make_document(short_answer="Second secret."), article=article)
    make_article(title="Another draft", publish=False)
    assert entries_of(client, ARTICLES) == []

    publishing.publish(article=article)

    ((title, text),) = entries_of(client, ARTICLES)
    assert title == "New: Stone bridges"
    assert "ecret" not in text
    publishing.withdraw(article=article)
    assert entries_of(client, ARTICLES) == []
    assert client.get(OWN).status_code == 410


def test_an_id_stays_when_the_address_changes(client: Client) -> None:
    article = make_article()
    before = [e.findtext(f"{A}id") for e in feed_of(client, ARTICLES).findall(f"{A}entry")]

    publishing.rename(article=article, slug="arches")

    after = [e.findtext(f"{A}id") for e in feed_of(client, ARTICLES).findall(f"{A}entry")]
    assert set(before) <= set(after)
    response = client.get(OWN)
    assert (response.status_code, response["Location"]) == (301, "/articles/arches/feed.atom")


def test_comments_that_everybody_can_read_are_told(client: Client) -> None:
    article = make_article()
    hidden = make_article(title="Draft", publish=False)
    said = comment(article, about="fact-mortar", about_name="Mortar")
    comment(article, body="Held.", status=Comment.Status.HELD)
    comment(article, body="Spam.", status=Comment.Status.SPAM)
    comment(hidden, body="About a draft.")

    ((title, text),) = entries_of(client, COMMENTS)

    assert title == "Ann on “Mortar” in Stone bridges"
    assert text == "<p>Well <em>done</em>.</p>"
    link = feed_of(client, COMMENTS).find(f"{A}entry/{A}link")
    assert link is not None
    assert link.get("href") == f"{ROOT}/comments/{said.pk}/"


@pytest.mark.parametrize("address", [ARTICLES, OWN, COMMENTS])
def test_an_unchanged_feed_is_not_sent_again(client: Client, address: str) -> None:
    article = make_article()
    comment(article)
    tag = client.get(address)["ETag"]

    again = client.get(address, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")

    store.save(make_document(short_answer="New."), article=article)
    comment(article, body="More.")
    assert client.get(address, headers={"if-none-match": tag}).status_code == 200


def test_an_empty_feed_is_the_same_at_any_time(client: Client) -> None:
    assert client.get(ARTICLES).content == client.get(ARTICLES).content
    assert entries_of(client, ARTICLES) == []


def test_a_feed_costs_the_same_with_many_entries(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    article = make_article()
    for number in range(feed_changes.ENTRIES + 3):
        store.save(make_document(short_answer=f"Text {number}."), article=article)
        comment(article, body=f"Comment {number}.")

    for address in (ARTICLES, COMMENTS, OWN):
        with django_assert_max_num_queries(6):
            assert len(entries_of(client, address)) == feed_changes.ENTRIES


def test_hostile_texts_make_no_broken_feed(client: Client) -> None:
    text = "]]> <script>alert(1)</script> & \x0b \u202e \ufffe \U0001f600"
    SiteSettings.objects.update_or_create(pk=1, defaults={"name": f"S{text}"})
    article = make_article(title=f"T {text}", slug="stone-bridges")
    comment(article, name=f"N {text}", body=text, about="fact-x", about_name=text)
    Revision.objects.update(summary=text)

    for address in (ARTICLES, OWN, COMMENTS):
        for _title, html in entries_of(client, address):
            assert "<script" not in html


def test_a_feed_is_the_same_for_editors(client: Client) -> None:
    make_article()
    make_article(title="A draft", publish=False)
    everybody = client.get(ARTICLES).content
    client.force_login(make_editor())

    assert client.get(ARTICLES).content == everybody

"""The page of a guest's own comment: how it stands, and the way to take it back."""

from __future__ import annotations

import pytest
from django.test import Client

from articles.discussion import moderation
from articles.discussion.models import Comment
from articles.discussion.views import manage_address
from articles.models import Article
from tests.articles.bridges import make_article
from tests.factories import make_comment
from tests.html import parse


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


def sentence(client: Client, address: str) -> str:
    text: str = parse(client.get(address).content).one(role="status").text
    return text


@pytest.mark.parametrize(
    ("status", "text"),
    [
        ("approved", "Your comment is published."),
        ("rejected", "Your comment was not published."),
        ("spam", "Your comment was not published."),
    ],
)
def test_it_says_what_was_decided(client: Client, article: Article, status: str, text: str) -> None:
    comment = make_comment(article, status="held")
    address = manage_address(comment)
    assert sentence(client, address).startswith("Your comment is held for review")

    moderation.decide(comments=[comment.pk], status=status)

    assert sentence(client, address) == text


def test_a_get_changes_nothing_and_a_post_takes_the_comment_back(article: Article) -> None:
    client = Client(enforce_csrf_checks=True)
    comment = make_comment(article, status="held")
    address = manage_address(comment)
    client.get(address)
    client.head(address)
    assert Comment.objects.count() == 1

    response = client.post(address)

    assert (response.status_code, Comment.objects.count()) == (200, 0)
    assert parse(response.content).one(role="status").text == (
        "Your comment is withdrawn. Nothing of it was kept."
    )
    for again in (client.post(address), client.get(address)):
        assert again.status_code == 410
        assert parse(again.content).one(role="status").text == "This comment is not there any more."


def test_a_comment_with_replies_leaves_a_placeholder_when_it_is_taken_back(
    client: Client, article: Article
) -> None:
    comment = make_comment(article, name="Ana")
    make_comment(article, parent=comment)
    address = manage_address(comment)

    client.post(address)

    comment.refresh_from_db()
    assert (comment.status, comment.name, comment.body) == ("deleted", "", "")
    assert client.get(address).status_code == 410


@pytest.mark.parametrize(
    "token", ["x", "x:y", ":", "%00", "5c0e9a625a3b4ed58b632f1a5a1e1c11:bad", "é:é", "x" * 5000]
)
def test_an_address_that_was_not_made_here_is_not_found(
    client: Client, article: Article, token: str
) -> None:
    assert client.get(f"/comments/manage/{token}/").status_code == 404
    assert client.post(f"/comments/manage/{token}/").status_code == 404


def test_the_secret_address_leaves_by_no_way(client: Client, article: Article) -> None:
    response = client.get(manage_address(make_comment(article, status="held")))

    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]
    assert parse(response.content).one("meta", name="robots")["content"] == "noindex"

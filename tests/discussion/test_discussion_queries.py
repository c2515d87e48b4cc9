"""The discussion costs a fixed number of queries, whatever is said."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.discussion.models import Comment
from articles.discussion.thread import discussion_page
from articles.models import Article
from tests.articles.bridges import make_article
from tests.discussion.talk import HTMX, MINUTE, open_form, send
from tests.factories import make_comment, make_user

ADDRESS = "/articles/stone-bridges/discussion/"
# The article with its rendered page; the comments with their number; the site's settings.
PAGE = 3


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


def count(ask: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = ask()
    assert response.status_code in {200, 302}
    return len(captured)


def test_a_page_costs_the_same_with_none_with_one_and_with_three(
    client: Client, article: Article
) -> None:
    assert count(lambda: client.get(ADDRESS)) == PAGE
    first = make_comment(article, user=make_user())
    assert count(lambda: client.get(ADDRESS)) == PAGE
    make_comment(article, user=make_user(), parent=first, about="fact-oldest")
    make_comment(article)
    assert count(lambda: client.get(ADDRESS)) == PAGE
    assert count(lambda: client.get(ADDRESS, headers=HTMX)) == PAGE


def test_a_thousand_comments_in_depth_cost_no_more_on_any_page(
    client: Client, article: Article
) -> None:
    comments: list[Comment] = []
    for number in range(1000):
        parent = comments[number // 2] if number % 3 else None
        comments.append(make_comment(article, parent=parent if comments else None))
    Comment.objects.filter(pk__in=[comment.pk for comment in comments[::7]]).update(
        status="rejected"
    )

    for page in (1, 2, 10):
        address = f"{ADDRESS}?page={page}"
        assert count(lambda address=address: client.get(address)) == PAGE
    # The comment with its article, and how many stand before it.
    assert count(lambda: client.get(f"/comments/{comments[-1].pk}/")) == 2


def test_the_first_page_costs_an_article_one_query(
    article: Article, django_assert_num_queries: Any
) -> None:
    for number in range(60):
        make_comment(article, parent=None if number % 2 else Comment.objects.first())

    with django_assert_num_queries(1):
        shown = discussion_page(article)
        assert (len(shown.entries), shown.total, shown.pages) == (50, 60, 2)


def test_the_form_and_sending_it_cost_the_same_with_one_and_with_three(
    client: Client, article: Article
) -> None:
    costs = []
    for _ in range(3):
        opened = count(lambda: client.get(f"{ADDRESS}new/"))
        data = open_form(client, article) | {"name": "Ana", "body": "Text."}
        with CaptureQueriesContext(connection) as captured:
            assert send(client, article, data, after=MINUTE).status_code == 302
        costs.append((opened, len(captured)))

    # Nobody is known by a cookie the first time, and nothing waits yet.
    assert costs[1] == costs[2]
    assert costs[0][0] <= costs[1][0] <= 4
    assert costs[1][1] <= 20


def test_no_query_of_a_page_reads_what_it_does_not_show(client: Client, article: Article) -> None:
    make_comment(article)

    with CaptureQueriesContext(connection) as captured:
        client.get(ADDRESS)

    text = "".join(query["sql"] for query in captured.captured_queries)
    for column in ("email", "body", "about_text", "network", "person", "password"):
        assert f'"{column}"' not in text

"""What is looked up in a large site is looked up, not searched for among all that is stored."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import store
from articles.models import Article, RenderedArticle, Revision
from tests.articles.bridges import make_article

pytestmark = pytest.mark.django_db


def queries(client: Client, address: str, status: int = 200) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == status
    return [query["sql"] for query in captured.captured_queries]


def test_an_article_is_found_by_each_of_its_slugs() -> None:
    article = make_article()
    store.rename(article, "bridges")
    make_article(title="Another")
    make_article(title="Hidden", publish=False)
    live = Article.objects.live()

    assert live.named(["bridges"]).get() == article
    assert live.named(["stone-bridges", "nothing"]).get() == article
    assert live.named(["bridges", "stone-bridges", "another"]).count() == 2
    assert not live.named(["hidden"]).exists()


@pytest.mark.parametrize("address", ["/articles/no-such-thing/", "/articles/stone-brigdes/"])
def test_a_page_that_is_not_there_costs_no_more_on_a_larger_site(
    client: Client, address: str
) -> None:
    make_article(title="Elsewhere")
    few = queries(client, address, 404)
    for number in range(5):
        make_article(title=f"Article {number}")

    assert len(queries(client, address, 404)) == len(few)
    # PostgreSQL looks for common words in a sample first: one more where words are mistyped.
    most = 8 if connection.vendor == "postgresql" else 7
    assert len([text for text in few if text.startswith(("SELECT", "(SELECT"))]) <= most
    # Old slugs are looked up by themselves: joined, all articles would be read.
    assert not [text for text in few if 'LEFT OUTER JOIN "articles_oldslug"' in text]


@pytest.mark.parametrize(
    "address", ["/articles/stone-bridges/history/", "/feeds/articles.atom", "/feeds/comments.atom"]
)
def test_no_list_of_all_live_articles_is_made_for_a_few_rows(client: Client, address: str) -> None:
    make_article()

    assert not [text for text in queries(client, address) if '"article_id" IN (SELECT' in text]


def test_only_what_is_live_is_of_live_articles() -> None:
    article = make_article()
    make_article(title="Hidden", publish=False)

    live = Revision.objects.filter(Article.objects.live().of())

    assert [row.article for row in live] == [article]


def test_an_article_without_rendered_page_is_found_all_the_same(client: Client) -> None:
    make_article()
    RenderedArticle.objects.all().delete()

    response = client.get("/search/?q=stone+bridges")

    assert response.status_code == 200
    assert 'href="/articles/stone-bridges/"' in response.content.decode()

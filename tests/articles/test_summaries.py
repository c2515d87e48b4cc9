"""What a revision changed is written down with it, and a history need not read documents."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from articles import renewal, store, summaries
from articles.models import Article, Revision
from tests.articles.bridges import make_article

pytestmark = pytest.mark.django_db

HISTORY = "/articles/stone-bridges/history/"


@pytest.fixture
def article() -> Article:
    """Three revisions; the second said "Soon."."""
    article = make_article()
    document = store.load(article)
    store.save(replace(document, short_answer="Soon."), article=article)
    store.save(document, article=article)
    summaries._kept.clear()
    return article


def read_history(client: Client) -> tuple[list[list[str]], list[str]]:
    """The sentences of each entry, and the queries."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(HISTORY)
    sentences = [sentences for _new, _old, sentences in response.context["entries"]]
    return sentences, [query["sql"] for query in captured.captured_queries]


def reads_documents(queries: list[str]) -> bool:
    return any('"articles_revision"."document"' in query for query in queries)


def test_a_history_reads_no_documents(client: Client, article: Article) -> None:
    sentences, queries = read_history(client)

    # The article, how many revisions, a page of them, the site's settings.
    assert len(queries) == 4
    assert not reads_documents(queries)
    assert [len(said) for said in sentences] == [1, 1, 1]
    assert sentences[2][0].startswith("First version: ")


def test_what_is_not_written_down_is_worked_out_alike_and_kept(
    client: Client, article: Article
) -> None:
    written, _queries = read_history(client)
    Revision.objects.update(changes=None)

    worked_out, queries = read_history(client)
    assert worked_out == written
    assert len(queries) == 5
    assert reads_documents(queries)

    again, queries = read_history(client)
    assert again == written
    assert not reads_documents(queries)


def test_sentences_of_another_language_are_not_shown(client: Client, article: Article) -> None:
    with translation.override("de"):
        assert all(not summaries._is_written(row, None) for row in Revision.objects.all())


def test_what_follows_another_revision_now_is_worked_out(client: Client, article: Article) -> None:
    Revision.objects.filter(number=2).update(public_from=None)

    sentences, queries = read_history(client)

    # The third says what the first did.
    assert sentences[0] == []
    assert len(sentences) == 2
    assert reads_documents(queries)


def test_renewing_an_article_writes_them_down(client: Client, article: Article) -> None:
    written = list(Revision.objects.order_by("number").values_list("changes", flat=True))
    assert all(written)
    Revision.objects.update(changes=None)

    for row in renewal.whole(Article.objects.all()):
        renewal.renew(row)

    assert list(Revision.objects.order_by("number").values_list("changes", flat=True)) == written

"""The page about an address where nothing is: what it may have meant."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import publishing
from articles.models import Term
from tests.articles.bridges import make_article
from tests.html import parse
from tests.search.site import bare

pytestmark = pytest.mark.django_db


def suggestions(client: Client, path: str) -> list[str]:
    response = client.get(path)
    assert response.status_code == 404
    return [
        link["href"]
        for items in parse(response.content).all("ul", class_="suggestions")
        for link in items.all("a")
    ]


@pytest.mark.parametrize(
    "path",
    [
        "/deep-learning/",
        "/deep-learning",
        "/wiki/Deep_learning",
        "/articles/Deep-Learning/",
        "/articles/deep/",
        "/articles/deep-lerning/",
        "/articles/deep-learnign.html",
        "/terms/deep-learning-models/",
    ],
)
def test_the_article_that_was_meant_is_named(client: Client, path: str) -> None:
    bare("Deep learning")
    bare("Stone bridges")
    assert suggestions(client, path) == ["/articles/deep-learning/"]


def test_an_article_that_was_renamed_is_found_by_its_old_name_anywhere(client: Client) -> None:
    article = bare("Neural nets")
    publishing.rename(article=article, slug="deep-learning")
    assert suggestions(client, "/wiki/neural-nets") == ["/articles/deep-learning/"]


def test_what_has_most_of_the_words_comes_first_and_terms_are_named_too(client: Client) -> None:
    bare("Stone")
    bare("Stone bridges of Spain")
    Term.objects.create(name="Bridges", definition="Of all sorts.")
    assert suggestions(client, "/stone-bridges/") == [
        "/articles/stone-bridges-of-spain/", "/articles/stone/", "/terms/bridges/",
    ]  # fmt: skip


def test_the_field_holds_the_words_of_the_address(client: Client) -> None:
    tree = parse(client.get("/articles/deep-lerning/").content)
    assert tree.one("input", name="q")["value"] == "deep lerning"


@pytest.mark.parametrize("path", ["/%00/", "/%FF/", "/\u202e/", "/" + "x" * 9000, "/static/a.png"])
def test_no_address_breaks_it(client: Client, path: str) -> None:
    make_article()
    assert suggestions(client, path) == []


def test_it_costs_a_few_queries(client: Client) -> None:
    for number in range(8):
        bare(f"Stone bridges {number}")
    for path in ("/stone-bridges/", "/stoen-brigdes/", "/qqqq/"):
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        # PostgreSQL keeps its planner steady by statements of their own.
        assert len(captured) <= (7 if connection.vendor == "sqlite" else 18)


def test_it_answers_when_suggesting_fails(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    def broken(path: str) -> list[Any]:
        raise RuntimeError(path)

    monkeypatch.setattr("articles.views.errors.suggest", broken)
    assert suggestions(client, "/deep-learning/") == []
    assert "No suggestions for" in caplog.text

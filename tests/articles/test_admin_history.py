"""What editors are shown of a revision, of bringing one back, and of publishing a copy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from articles import publishing, store
from articles.models import Article
from tests.articles.bridges import make_article, make_document
from tests.factories import make_user
from tests.html import Element, parse

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(client: Client) -> Article:
    """A draft of two revisions, looked at by an editor."""
    client.force_login(make_user("Editor"))
    found = make_article(publish=False)
    fact, other = make_document().facts
    revise(found, facts=(replace(fact, statement="It has stood for 2,850 years."), other))
    return found


def revise(article: Article, **changes: Any) -> None:
    """One more revision with these fields of the document."""
    article = Article.objects.get(pk=article.pk)
    store.save(replace(store.load(article), **changes), article=article)


def shown(client: Client, article: Article, end: str) -> Element:
    """A page below the article's admin page."""
    response = client.get(f"/admin/articles/article/{article.pk}/{end}")
    assert response.status_code == 200
    return parse(response.content)


def sentences(page: Element) -> list[str]:
    return [li.text for li in page.one("ul", class_="change-list").all("li")]


def test_a_revision_shows_what_it_changed_in_words(client: Client, article: Article) -> None:
    page = shown(client, article, "history/2/")

    (sentence,) = sentences(page)
    assert sentence == (
        "Fact “Oldest in use”: statement changed from “One bridge near Izmir has stood for 2,800” "
        "to “It has stood for 2,850”, source removed."
    )
    change = page.one("section", id="fact-oldest")
    assert change.one("p", class_="change-what").text == "Changed · sources removed: Huerta 2001"
    assert "2,800" in "".join(element.text for element in change.all("del"))
    assert "2,850" in "".join(element.text for element in change.all("ins"))


def test_the_first_revision_shows_all_of_it(client: Client, article: Article) -> None:
    page = shown(client, article, "history/1/")

    assert sentences(page)[0].startswith("First version: 2 infobox rows")
    assert {part["id"] for part in page.all("section", class_="change")} == {
        "head", *(part.anchor for part in make_document().parts()),
    }  # fmt: skip


def test_restoring_shows_what_would_change_back(client: Client, article: Article) -> None:
    page = shown(client, article, "history/1/restore/")

    change = page.one("section", id="fact-oldest")
    assert "2,850" in "".join(element.text for element in change.all("del"))
    assert "2,800" in "".join(element.text for element in change.all("ins"))


def test_restoring_what_stands_already_changes_nothing(client: Client, article: Article) -> None:
    page = shown(client, article, "history/2/restore/")

    assert "Nothing differs." in page.one("div", id="content-main").text


def test_publishing_a_copy_shows_how_it_differs_from_the_article(
    client: Client, article: Article
) -> None:
    copy = publishing.start_working_copy(article=Article.objects.get(pk=article.pk), author=None)
    revise(copy, title="Bridges of stone")

    page = shown(client, copy, "merge/")

    assert sentences(page) == ["Title changed from “Stone bridges” to “Bridges of stone”."]
    head = page.one("section", id="head")
    assert head.one("dt").text == "Title"


def test_drafts_have_a_history_for_editors_that_readers_do_not_see(
    client: Client, article: Article
) -> None:
    rows = shown(client, article, "history/").one("table", class_="revisions").all("tr")

    assert [row.all("th")[0].text for row in rows[1:]] == ["2", "1"]
    assert client.get("/articles/stone-bridges/history/").status_code == 404

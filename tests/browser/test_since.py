"""A reader asks to be told what changes, reads again, marks as read, and has it forgotten."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from articles import store
from articles.models import Article
from tests.articles.bridges import make_article

ADDRESS = "/articles/stone-bridges/"


@pytest.fixture
def article(live_server: Any, db: Any) -> Article:
    return make_article()


def change(article: Article, title: str) -> None:
    article = Article.objects.get(pk=article.pk)
    store.save(replace(store.load(article), title=title), article=article)


def ask(page: Page) -> None:
    """From the article to the page that asks, and back."""
    page.goto(ADDRESS)
    page.get_by_role("link", name="What changed since you last read").click()
    page.get_by_role("button", name="Remember what I have read on this device").click()
    expect(page.get_by_text("Nothing has changed since.")).to_be_visible()


def test_a_reader_is_told_what_changed_until_it_is_marked_as_read(
    reader: Page, article: Article
) -> None:
    ask(reader)
    change(article, "Bridges of stone")
    reader.goto(ADDRESS)
    reader.get_by_role("link", name="What changed since you last read").click()

    told = reader.get_by_text("Title changed from “Stone bridges” to “Bridges of stone”.")
    expect(told).to_be_visible()
    reader.get_by_role("button", name="Mark as read").click()
    expect(told).to_have_count(0)
    reader.get_by_role("button", name="Forget what I have read").click()
    expect(reader.get_by_role("button", name="Remember what I have read")).to_be_visible()
    names = {cookie["name"] for cookie in reader.context.cookies()}
    assert "milepost_read" not in names


def test_the_articles_page_tells_who_asked_and_asks_for_nothing_else(
    page: Page, article: Article
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition("?")[0]))
    page.goto(ADDRESS)
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if url.endswith("/since/")]
    ask(page)
    change(article, "Bridges of stone")

    page.goto(ADDRESS)

    note = page.locator(".since-note")
    expect(note).to_contain_text("Title changed from “Stone bridges” to “Bridges of stone”.")
    note.get_by_role("button", name="Mark as read").click()
    expect(note).to_have_count(0)
    change(article, "Bridges")
    page.goto(ADDRESS)
    note.get_by_role("button", name="Forget what I have read").click()
    expect(note).to_have_count(0)
    asked.clear()
    page.goto(ADDRESS)
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if url.endswith("/since/")]

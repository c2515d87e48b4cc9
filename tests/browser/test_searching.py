"""Searching, the same with and without JavaScript, and what the keyboard adds."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.articles.bridges import make_article
from tests.search.site import bare, fact


@pytest.fixture
def site(live_server: Any, db: Any) -> None:
    make_article()
    bare("Granite", facts=tuple(fact(f"Granite {number}", "A stone.") for number in range(6)))


def hits(page: Page) -> Any:
    return page.locator(".hits h3 a")


def test_a_reader_searches_narrows_and_goes_back(reader: Page, site: None) -> None:
    reader.goto("/")
    reader.get_by_role("searchbox", name="Search").fill("granite")
    reader.keyboard.press("Enter")

    expect(reader.locator("#search-status")).to_have_text("7 results for “granite”")
    expect(hits(reader)).to_have_count(5)
    reader.locator("#search-kinds").get_by_role("link", name=re.compile("Facts")).click()
    expect(hits(reader)).to_have_count(6)
    expect(reader).to_have_url(re.compile(r"/search/\?q=granite&kind=fact$"))
    reader.reload()
    expect(hits(reader)).to_have_count(6)

    reader.go_back()
    expect(hits(reader)).to_have_count(5)
    hits(reader).nth(1).click()
    expect(reader).to_have_url(re.compile(r"/articles/granite/#fact-"))


def test_results_follow_what_is_typed(page: Page, site: None) -> None:
    page.goto("/search/")
    page.get_by_role("searchbox").press_sequentially("grani", delay=20)

    expect(page.locator("#search-news")).to_have_text("7 results for “grani”")
    expect(page).to_have_url(re.compile(r"\?q=grani$"))
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_the_keyboard_leads_to_the_field_and_through_the_results(page: Page, site: None) -> None:
    page.goto("/articles/granite/")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search", exact=True)).to_be_focused()

    page.goto("/search/?q=granite")
    page.keyboard.press("/")
    field = page.locator("#search-words")
    expect(field).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(hits(page).first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(hits(page).nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(field).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(field).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("/")
    expect(field).to_have_value("granite/")


def test_a_reader_who_wants_no_keys_has_none(page: Page, site: None) -> None:
    page.goto("/")
    page.evaluate("localStorage.setItem('milepost', JSON.stringify({keys: 'off'}))")
    page.reload()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search", exact=True)).not_to_be_focused()

"""HTMX comes when it is needed: what is done before it is there is not lost, and it may fail."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from articles.document import Milestone
from tests.articles.bridges import make_article, make_document

ADDRESS = "/articles/trends/"


@pytest.fixture
def article(live_server: Any, db: Any) -> None:
    timeline = tuple(
        Milestone(
            date=str(year),
            title=f"Event of {year}",
            tracks=("Research", "Industry")[: year % 2 + 1],
        )
        for year in range(2010, 2020)
    )
    make_article(document=make_document(title="Trends", slug="trends", timeline=timeline))


@pytest.fixture
def held(page: Page, article: None) -> list[Any]:
    """An article whose page waits for HTMX: the requests, to be continued or refused."""
    waiting: list[Any] = []

    def keep(route: Any) -> None:
        waiting.append(route)

    page.route("**/htmx-2.min.js", keep)
    page.goto(ADDRESS)
    page.evaluate("window.isSamePage = true")
    return waiting


def milestones(page: Page) -> Any:
    return page.locator("#timeline [data-part=milestone]")


def let_it_come(page: Page, held: list[Any]) -> None:
    page.wait_for_timeout(100)
    (route,) = held
    route.continue_()


def test_a_page_that_is_only_read_asks_for_nothing(page: Page, held: list[Any]) -> None:
    page.mouse.wheel(0, 800)
    page.locator("h1").hover()
    page.keyboard.press("PageDown")
    page.wait_for_timeout(200)
    assert held == []


def test_a_choice_made_before_it_is_there_takes_effect(page: Page, held: list[Any]) -> None:
    page.get_by_role("checkbox", name=re.compile("Industry")).check()
    let_it_come(page, held)
    expect(milestones(page)).to_have_count(5)
    assert page.evaluate("isSamePage")


def test_a_link_of_the_picture_that_was_followed_too_early_is_followed(
    page: Page, held: list[Any]
) -> None:
    page.locator("#timeline-picture a[aria-label*='Show only these']").last.focus()
    page.keyboard.press("Enter")
    let_it_come(page, held)
    expect(milestones(page)).to_have_count(1)
    assert page.evaluate("isSamePage")


def test_without_it_links_and_forms_lead_to_whole_pages(page: Page, article: None) -> None:
    page.route("**/htmx-2.min.js", lambda route: route.fulfill(status=200, body="'nothing'"))
    page.goto(ADDRESS)
    page.evaluate("window.isSamePage = true")
    page.get_by_role("textbox", name="From").fill("2015")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(milestones(page)).to_have_count(5)
    assert page.evaluate("window.isSamePage") is None


def test_back_to_a_step_of_a_page_that_was_loaded_anew(page: Page, article: None) -> None:
    page.goto(ADDRESS)
    page.get_by_role("checkbox", name=re.compile("Industry")).check()
    expect(milestones(page)).to_have_count(5)
    page.get_by_role("checkbox", name=re.compile("Industry")).uncheck()
    expect(milestones(page)).to_have_count(10)
    page.reload()
    page.go_back()
    expect(page).to_have_url(re.compile("track=industry"))
    expect(milestones(page)).to_have_count(5)

"""Filtering a timeline, the same with and without JavaScript."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from articles.document import Milestone
from tests.articles.bridges import make_article, make_document

YEARS = (2012, 2015, 2017, 2018, 2020, 2022, 2023, 2024, 2025, 2026)


@pytest.fixture
def article(live_server: Any, db: Any) -> None:
    """Ten milestones, six of them from 2020 on, on two tracks."""
    timeline = tuple(
        Milestone(
            date=str(year),
            title=f"Event of {year}",
            tracks=("Research",) if year % 2 else ("Industry",),
        )
        for year in YEARS
    )
    make_article(document=make_document(title="Trends", slug="trends", timeline=timeline))


def milestones(page: Page) -> Any:
    return page.locator("#timeline [data-part=milestone]")


def apply(page: Page) -> None:
    """Send the form; without JavaScript that loads a page, with it a part is put in."""
    page.get_by_role("button", name="Show", exact=True).click()


def test_a_reader_filters_goes_back_reloads_and_shares(reader: Page, article: None) -> None:
    reader.goto("/articles/trends/")
    expect(milestones(reader)).to_have_count(10)
    reader.get_by_role("textbox", name="From").fill("2020")
    reader.get_by_role("textbox", name="To").fill("2026")
    apply(reader)

    expect(milestones(reader)).to_have_count(6)
    expect(reader.locator("#timeline-status")).to_have_text("6 of 10 milestones, 2020 to 2026")
    expect(reader).to_have_url(re.compile(r"/articles/trends/\?from=2020&to=2026"))
    expect(reader.locator("h1")).to_have_text("Trends")

    reader.get_by_role("checkbox", name=re.compile("Industry")).check()
    try:
        # With JavaScript the choice takes effect by itself.
        expect(milestones(reader)).to_have_count(4, timeout=2000)
    except AssertionError:
        apply(reader)
    expect(milestones(reader)).to_have_count(4)
    expect(reader).to_have_url(re.compile("track=industry"))

    reader.reload()
    expect(milestones(reader)).to_have_count(4)
    expect(reader.get_by_role("checkbox", name=re.compile("Industry"))).to_be_checked()

    reader.go_back()
    expect(milestones(reader)).to_have_count(6)
    expect(reader.get_by_role("checkbox", name=re.compile("Industry"))).not_to_be_checked()
    reader.get_by_role("link", name="Show all").click()
    expect(milestones(reader)).to_have_count(10)


def test_a_bar_of_the_picture_filters_by_keyboard_alone(reader: Page, article: None) -> None:
    reader.goto("/articles/trends/")
    bar = reader.locator("#timeline-picture a[aria-label*='Show only these']").last
    name = bar.get_attribute("aria-label") or ""
    number = int(re.search(r": (\d+) milestone", name)[1])  # type: ignore[index]
    bar.focus()
    reader.keyboard.press("Enter")

    expect(milestones(reader)).to_have_count(number)
    expect(reader.locator("#timeline-status")).to_contain_text(f"{number} of 10 milestones")


def test_an_empty_view_offers_the_way_out(reader: Page, article: None) -> None:
    reader.goto("/articles/trends/?from=2020&q=2012")
    expect(milestones(reader)).to_have_count(0)
    reader.get_by_role("link", name="Without the years: 1 milestone").click()

    expect(milestones(reader)).to_have_count(1)
    expect(reader).to_have_url(re.compile(r"\?q=2012"))


def test_what_is_wrong_comes_back_with_what_was_typed(reader: Page, article: None) -> None:
    reader.goto("/articles/trends/")
    reader.get_by_role("textbox", name="From").fill("soon")
    apply(reader)

    expect(reader.locator("#timeline-errors")).to_contain_text("“soon” is not understood as a date")
    expect(reader.get_by_role("textbox", name="From")).to_have_value("soon")
    expect(milestones(reader)).to_have_count(10)


def test_with_javascript_the_number_is_announced_and_the_focus_stays(
    page: Page, article: None
) -> None:
    page.goto("/articles/trends/")
    page.get_by_role("checkbox", name=re.compile("Research")).focus()
    page.keyboard.press("Space")

    expect(page.locator("#timeline-news")).to_have_text("4 of 10 milestones, in Research")
    expect(page.get_by_role("checkbox", name=re.compile("Research"))).to_be_focused()
    page.get_by_role("link", name="Show all").click()
    expect(page.locator("#timeline-news")).to_have_text("10 milestones")
    expect(page.locator("#timeline-status")).to_be_focused()


def test_on_a_phone_nothing_scrolls_sideways(page: Page, article: None) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    for address in (
        "/articles/trends/?from=2015&to=2024",
        "/timeline/",
        "/articles/trends/timeline/",
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_what_is_typed_while_an_answer_is_on_its_way_is_not_lost(page: Page, article: None) -> None:
    def slowly(route: Any) -> None:
        page.wait_for_timeout(400)
        route.continue_()

    page.goto("/articles/trends/")
    page.route(re.compile(r"/timeline/\?"), slowly)
    page.get_by_role("textbox", name="From").focus()
    page.keyboard.type("2020")
    page.keyboard.press("Tab")
    page.keyboard.type("2023", delay=150)
    page.get_by_role("checkbox", name=re.compile("Industry")).check()

    expect(page.locator("#timeline-status")).to_have_text(
        "2 of 10 milestones, 2020 to 2023, in Industry"
    )
    expect(page.get_by_role("textbox", name="To")).to_have_value("2023")
    expect(page.get_by_role("checkbox", name=re.compile("Industry"))).to_be_checked()


def test_a_link_that_filters_in_place_still_opens_in_another_tab(page: Page, article: None) -> None:
    page.goto("/articles/trends/")
    bar = page.locator("#timeline-picture a[aria-label*='Show only these']").last
    with page.context.expect_page() as opened:
        bar.click(modifiers=["ControlOrMeta"])

    expect(milestones(opened.value)).not_to_have_count(10)
    expect(milestones(page)).to_have_count(10)

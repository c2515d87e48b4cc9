"""Reading an article: by keyboard, and the same with and without JavaScript."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from tests.articles.bridges import make_article, make_long_document

ADDRESS = "/articles/stone-bridges/"


def focused(page: Any) -> Any:
    """What has the focus."""
    return page.locator(":focus")


def test_the_first_key_offers_to_skip_to_the_text(page: Any) -> None:
    make_article()
    page.goto(ADDRESS)
    page.keyboard.press("Tab")
    expect(focused(page)).to_have_text("Skip to the text")
    expect(focused(page)).to_be_in_viewport()

    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    expect(focused(page)).to_have_text("Building")


def test_a_fold_opens_by_enter_and_what_was_in_it_can_be_reached(page: Any) -> None:
    make_article()
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(ADDRESS)
    link = page.get_by_role("navigation", name="Contents").get_by_role("link", name="Overview")
    expect(link).to_be_hidden()

    page.locator("nav.contents summary").focus()
    page.keyboard.press("Enter")
    expect(link).to_be_visible()
    page.keyboard.press("Tab")
    expect(focused(page)).to_have_text("Short answer")
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("#section-overview")).to_be_in_viewport()


def test_on_a_phone_one_tap_leads_back_to_the_contents_and_unfolds_them(reader: Any) -> None:
    make_article(document=make_long_document(parts=8, milestones=20, slug="long"))
    reader.set_viewport_size({"width": 360, "height": 800})
    reader.goto("/articles/long/#milestone-12")
    contents = reader.get_by_role("navigation", name="Contents")
    expect(contents).not_to_be_in_viewport()

    reader.locator(".to-contents").get_by_role("link", name="Contents").click()

    expect(contents.get_by_role("link", name="Timeline")).to_be_in_viewport()
    # The line that folds them again stays in sight.
    expect(contents.locator("summary")).to_be_in_viewport()
    contents.get_by_role("link", name="Keep and reuse").click()
    expect(reader.get_by_role("heading", name="Keep and reuse")).to_be_in_viewport()


def test_the_way_back_to_the_contents_covers_nothing_that_has_the_focus(page: Any) -> None:
    make_article()
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(ADDRESS)
    way_back = page.locator(".to-contents a")
    count = page.locator("main a:visible").count()
    assert count > 40

    page.locator(".skip").last.focus()
    for _ in range(2 * count):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.to-contents')"):
            break
        here, there = focused(page).bounding_box(), way_back.bounding_box()
        is_beside = here["x"] + here["width"] <= there["x"]
        assert is_beside or here["y"] + here["height"] <= there["y"], focused(page).text_content()
    else:
        raise AssertionError("The way back was never reached.")


def test_the_second_key_offers_to_skip_to_the_contents(page: Any) -> None:
    make_article()
    page.goto(ADDRESS)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(focused(page)).to_have_text("Skip to the contents")

    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    expect(focused(page)).to_have_text("Short answer")


def test_on_a_wide_screen_nothing_is_folded(page: Any) -> None:
    make_article()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(ADDRESS)

    expect(page.get_by_role("link", name="Overview", exact=True)).to_be_visible()
    expect(page.locator("#infobox-row-material")).to_be_visible()
    expect(page.locator("nav.contents summary")).to_be_hidden()


def test_a_reader_goes_from_the_list_to_an_article_its_sources_and_its_terms(reader: Any) -> None:
    make_article()
    reader.goto("/")
    reader.get_by_role("navigation", name="Site").get_by_role("link", name="Articles").click()
    reader.get_by_role("link", name="Stone bridges").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Stone bridges")

    # A citation leads to its reference, and the reference back to where it was used.
    citation = reader.locator("#section-overview .cite a")
    citation.click()
    reference = reader.locator("#reference-huerta2001")
    expect(reader.locator(":target")).to_have_id("reference-huerta2001")
    expect(reference).to_be_in_viewport()
    expect(reference).to_contain_text("Mechanics of masonry vaults")
    reference.get_by_role("link", name="Back to use a of reference 2").click()
    expect(reader.locator(":target")).to_have_attribute("href", "#reference-huerta2001")
    expect(citation).to_be_in_viewport()

    # A term leads to its own page, and that page back to the article.
    reader.locator("#short-answer").get_by_role("link", name="thrust").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Thrust")
    expect(reader.get_by_text("The push of an arch against what it stands on.")).to_be_visible()
    reader.get_by_role("link", name="Stone bridges").click()
    expect(reader).to_have_url(re.compile(f"{ADDRESS}$"))


def test_a_reader_pages_through_a_long_timeline_and_back(reader: Any) -> None:
    make_article(document=make_long_document(parts=2, milestones=120, slug="long"))
    reader.goto("/articles/long/")
    ways = reader.get_by_role("navigation", name="Timeline pages")

    for first in ("Event 51", "Event 101"):
        ways.get_by_role("link", name="Later").click()
        expect(reader.locator(".milestones h3").first).to_have_text(first)
        expect(reader.locator("#timeline")).to_be_in_viewport()
    expect(ways.get_by_role("link", name="Later")).to_have_count(0)

    ways.get_by_role("link", name="Earlier").click()
    expect(reader.locator(".milestones h3").first).to_have_text("Event 51")
    reader.go_back()
    expect(reader.locator(".milestones h3").first).to_have_text("Event 101")

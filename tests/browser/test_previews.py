"""Previews of references and terms: on hover, focus and tap, as WCAG 1.4.13 wants them."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.articles.bridges import make_article, make_long_document

ADDRESS = "/articles/stone-bridges/"
CITATION = "#section-overview .cite a"
TERM = "#short-answer a.term"
OVERLAP = """([one, other]) => { const [a, b] = [one, other].map((name) =>
  document.querySelector(name).getBoundingClientRect());
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom }"""


def preview(page: Any) -> Any:
    """The box of previews."""
    return page.locator("#preview")


def test_a_citation_shows_its_reference_while_the_pointer_is_on_it_or_in_it(page: Any) -> None:
    make_article()
    page.goto(ADDRESS)
    citation = page.locator(CITATION)

    citation.hover()
    expect(preview(page)).to_contain_text("Mechanics of masonry vaults")
    assert not page.evaluate(OVERLAP, [CITATION, "#preview"])
    # Hoverable, and persistent for as long as the pointer is there.
    preview(page).hover()
    page.wait_for_timeout(700)
    expect(preview(page)).to_be_visible()

    page.mouse.move(2, 2)
    expect(preview(page)).to_be_hidden()


def test_escape_takes_a_preview_away_and_the_pointer_need_not_move(page: Any) -> None:
    make_article()
    page.goto(ADDRESS)
    page.locator(CITATION).hover()
    expect(preview(page)).to_be_visible()

    page.keyboard.press("Escape")

    expect(preview(page)).to_be_hidden()
    page.wait_for_timeout(700)
    expect(preview(page)).to_be_hidden()


def test_a_pointer_that_only_passes_opens_nothing(page: Any) -> None:
    make_article()
    page.goto(ADDRESS)

    page.locator(CITATION).hover()
    page.mouse.move(2, 2)

    page.wait_for_timeout(700)
    expect(preview(page)).to_be_hidden()


def test_focus_shows_a_term_and_enter_follows_it(page: Any) -> None:
    make_article()
    page.goto(ADDRESS)
    page.locator("#main").focus()

    for _stop in range(2):
        page.keyboard.press("Tab")
    expect(page.locator(TERM)).to_be_focused()
    expect(preview(page)).to_contain_text("The push of an arch against what it stands on.")
    assert not page.evaluate(OVERLAP, [TERM, "#preview"])
    page.mouse.move(5, 5)
    page.wait_for_timeout(500)
    expect(preview(page)).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("#short-answer .cite a")).to_be_focused()
    expect(preview(page)).to_contain_text("The Stone Skeleton")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Thrust")


def test_the_first_tap_shows_and_the_next_one_follows(new_context: Any) -> None:
    make_article()
    page = new_context(has_touch=True, viewport={"width": 360, "height": 800}).new_page()
    page.goto(ADDRESS)

    page.locator(TERM).tap()
    expect(preview(page)).to_contain_text("The push of an arch")
    assert page.url.endswith(ADDRESS)
    page.locator("h1").tap()
    expect(preview(page)).to_be_hidden()

    page.locator(CITATION).tap()
    expect(preview(page)).to_contain_text("Mechanics of masonry vaults")
    box = preview(page).bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    preview(page).get_by_role("link", name="Go there").tap()
    expect(page.locator(":target")).to_have_id("reference-huerta2001")
    expect(preview(page)).to_be_hidden()
    # From a preview too the reader is told which use it was.
    marked = page.locator("#reference-huerta2001 .back a[aria-current]")
    expect(marked).to_have_text("a")


def test_previews_are_switched_off_where_they_are_and_on_again_in_the_settings(page: Any) -> None:
    make_article()
    page.goto(ADDRESS)
    page.locator(CITATION).hover()
    preview(page).get_by_role("button", name="Turn previews off").click()
    expect(preview(page)).to_be_hidden()
    page.reload()

    page.locator(CITATION).hover()
    page.wait_for_timeout(700)
    expect(preview(page)).to_be_hidden()

    page.locator(".masthead").get_by_role("button", name="Reading settings").click()
    page.get_by_role("group", name="Previews").get_by_role("radio", name="On").check()
    page.keyboard.press("Escape")
    page.locator(CITATION).hover()
    expect(preview(page)).to_be_visible()


def test_a_link_at_the_foot_of_the_window_has_its_preview_above(page: Any) -> None:
    make_article()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(ADDRESS)
    page.evaluate("(name) => document.querySelector(name).scrollIntoView({block: 'end'})", CITATION)

    page.locator(CITATION).hover()
    expect(preview(page)).to_be_visible()

    box = preview(page).bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= page.locator(CITATION).bounding_box()["y"]


# Where the reader is ------------------------------------------------------------------------------


def test_the_contents_mark_the_part_that_is_read_down_to_the_last(page: Any) -> None:
    make_article()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(ADDRESS)
    current = page.locator("nav.contents [aria-current]")
    expect(current).to_have_text("Short answer")

    page.locator("#facts").evaluate("(part) => part.scrollIntoView()")
    expect(current).to_have_text("Important facts")
    page.keyboard.press("End")
    expect(current).to_have_text("Keep and reuse")
    page.keyboard.press("Home")
    expect(current).to_have_text("Short answer")


def test_a_reference_marks_the_use_it_was_reached_from(page: Any) -> None:
    make_article()
    page.goto(ADDRESS)
    marked = page.locator(".references .back a[aria-current]")
    for use, letter in (("#fact-oldest .cites a", "b"), ("#section-overview .cite a", "a")):
        page.locator(use).click()

        expect(marked).to_have_text(letter)
        assert marked.get_attribute("href") == f"#{page.locator(use).get_attribute('id')}"


@pytest.mark.parametrize("hash_", ["#milestone-110", "#milestone-%E0%A4%A", "#%", "#milestone-x"])
def test_the_address_of_a_milestone_alone_finds_its_page(page: Any, hash_: str) -> None:
    make_article(document=make_long_document(parts=2, milestones=120, slug="long"))

    page.goto(f"/articles/long/{hash_}")

    if hash_ == "#milestone-110":
        expect(page.locator(":target")).to_have_id("milestone-110")
        expect(page.locator(":target")).to_be_in_viewport()
    else:
        expect(page.locator("#milestone-1")).to_be_attached()


def test_a_row_of_the_folded_infobox_is_shown_by_its_address(page: Any) -> None:
    make_article()
    page.set_viewport_size({"width": 360, "height": 800})

    page.goto(f"{ADDRESS}#infobox-row-span")

    expect(page.locator(":target")).to_have_id("infobox-row-span")
    expect(page.locator(":target")).to_be_in_viewport()


def test_a_citation_is_copied_by_a_button(new_context: Any, base_url: str) -> None:
    make_article()
    context = new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=base_url)
    page = context.new_page()
    page.goto(f"{ADDRESS}cite/")

    page.get_by_role("button", name="Copy APA").click()

    expect(page.get_by_role("button", name="Copied APA")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.get_by_label("APA", exact=True).input_value()
    assert copied.startswith("Pont, N. (")

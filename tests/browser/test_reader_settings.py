"""The reader's own settings: kept in the browser, in force before the page is drawn."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.articles.bridges import make_article

ADDRESS = "/articles/stone-bridges/"
PAPER = "getComputedStyle(document.documentElement).backgroundColor"
DARK, LIGHT = "rgb(19, 23, 21)", "rgb(253, 253, 251)"


def open_panel(page: Any) -> Any:
    """Open the settings from the top of the page."""
    page.locator(".masthead").get_by_role("button", name="Reading settings").click()
    return page.get_by_role("dialog", name="Reading settings")


def test_a_choice_holds_at_once_after_a_reload_and_in_a_second_tab(page: Any) -> None:
    make_article()
    page.goto(ADDRESS)
    second = page.context.new_page()
    second.goto("/terms/")
    html = second.locator("html")

    panel = open_panel(page)
    panel.get_by_role("radio", name="Dark").check()
    expect(html).to_have_attribute("data-theme", "dark")
    panel.get_by_role("radio", name="Very large").check()
    panel.get_by_role("radio", name="Long").check()
    expect(html).to_have_attribute("data-width", "wide")
    page.reload()

    assert page.evaluate(PAPER) == second.evaluate(PAPER) == DARK
    assert page.evaluate("getComputedStyle(document.querySelector('.prose p')).fontSize") > "22px"
    panel = open_panel(page)
    expect(panel.get_by_role("radio", name="Very large")).to_be_checked()
    panel.get_by_role("radio", name="As the system").check()
    assert page.evaluate(PAPER) == LIGHT
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_the_choice_is_in_force_before_anything_is_drawn(page: Any) -> None:
    make_article()
    page.goto(ADDRESS)
    page.evaluate("localStorage.milepost = JSON.stringify({theme: 'dark'})")
    page.add_init_script(
        "new PerformanceObserver((list) => { for (const entry of list.getEntries())"
        " window.drawnAs ??= document.documentElement.dataset.theme ?? 'none' })"
        ".observe({type: 'paint', buffered: true});"
        "document.addEventListener('DOMContentLoaded', () =>"
        " { window.builtAs = document.documentElement.dataset.theme })"
    )

    page.reload()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))")
    assert page.evaluate("[window.builtAs, window.drawnAs]") == ["dark", "dark"]


@pytest.mark.parametrize(
    "kept",
    ["{", "null", "5", '"dark"', "[]", '{"theme": "pink", "size": {}, "width": null, "x": 1}'],
)
def test_what_is_kept_may_be_anything(page: Any, kept: str) -> None:
    make_article()
    page.goto(ADDRESS)
    page.evaluate("(kept) => localStorage.setItem('milepost', kept)", kept)

    page.reload()

    assert page.evaluate("Object.keys(document.documentElement.dataset)") == ["script"]
    open_panel(page).get_by_role("radio", name="Light").check()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


def test_a_browser_that_keeps_nothing_follows_for_this_page(page: Any) -> None:
    make_article()
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage',"
        " {get() { throw new DOMException('no', 'SecurityError') }})"
    )
    page.goto(ADDRESS)

    open_panel(page).get_by_role("radio", name="Dark").check()

    assert page.evaluate(PAPER) == DARK


@pytest.mark.parametrize("size", ["small", "largest"])
def test_no_choice_makes_a_page_scroll_sideways(page: Any, size: str) -> None:
    make_article()
    page.goto(ADDRESS)
    page.evaluate(
        "(size) => localStorage.setItem('milepost', JSON.stringify({size, width: 'wide'}))", size
    )
    for width in (320, 768, 976, 1216, 1300, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        page.reload()

        assert page.evaluate("document.scrollingElement.scrollWidth") == width
    page.set_viewport_size({"width": 320, "height": 568})
    box = open_panel(page).bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    assert box["y"] + box["height"] <= 568


def test_without_javascript_nothing_is_offered_that_could_not_work(reader: Any) -> None:
    make_article()
    reader.goto(ADDRESS)

    has_script = reader.locator("html").get_attribute("data-script") is not None

    buttons = reader.get_by_role("button", name="Reading settings")
    expect(buttons).to_have_count(2 if has_script else 0)

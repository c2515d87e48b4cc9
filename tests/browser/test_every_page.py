"""What must hold on every kind of page: accessible, quiet, within its width, usable by keyboard.

That no page asks another host or breaks the policy is checked by the fixtures of each test here.
"""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.kinds import KINDS, Kind, enter

WIDE, NARROW = ({"width": width, "height": 800} for width in (1280, 360))

OPEN_FOLDS = "for (const fold of document.querySelectorAll('details')) fold.open = true"

FINISH_FADES = "for (const fade of document.getAnimations()) fade.finish()"

ALL_RULES = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
# Rules whose answer depends on the colours; all others are asked once for each width.
RULES_OF_COLOUR = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}

# axe would load style sheets again, for a rule that is off, and sounds, of which no page has any.
# Without that it needs nothing that the policy of the site refuses.
AS_IT_IS = {"preload": False}

# The admin's field for several tags is Select2 as it comes with Django: its search field has no
# label, and its list says that it is one and is not.
# Its two lists of what is there and what is chosen name a picture that may have no name.
NOT_OURS = [[".select2"], [".selector .search-label-icon"]]

every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def violations(page: Any, rules: dict[str, Any]) -> list[str]:
    """What axe, which is in the page already, finds: the rule and the element."""
    found = page.evaluate(
        # All else that axe says of a page takes longer to hand over than to find.
        "async ([context, options]) => (await axe.run(context, options)).violations",
        [{"exclude": NOT_OURS}, {"runOnly": rules, "resultTypes": ["violations"], **AS_IT_IS}],
    )
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


# What sticks out at the end of the line, unless something around it scrolls by itself.
OUTSIDE = """() => {
  const root = document.scrollingElement, limit = root.clientWidth;
  const contained = (e) => { while ((e = e.parentElement) && e !== document.body) {
    const o = getComputedStyle(e).overflowX; if (o !== "visible") return true } return false };
  const out = [...document.body.querySelectorAll("*")].filter((e) => { const r =
    e.getBoundingClientRect(); return r.width > 1 && (r.right > limit + 1 || r.left < -1)
    && r.bottom > 0 && !contained(e) });
  return root.scrollWidth > limit ? out.map((e) => e.outerHTML.slice(0, 150)) : []
}"""


@every_kind
def test_axe_finds_nothing_in_light_and_dark_and_nothing_scrolls_sideways(
    kind: Kind, page: Any, base_url: str
) -> None:
    enter(kind, page, base_url)
    page.evaluate(OPEN_FOLDS)
    outside = {}
    for pixels in (320, 768, 1000, 1440):
        page.set_viewport_size({"width": pixels, "height": 800})
        needed = page.evaluate("document.scrollingElement.scrollWidth")
        if needed != pixels:
            outside[pixels] = (needed, page.evaluate(OUTSIDE))
    page.evaluate(Axe().axe_script)
    found = {}
    for width in (WIDE, NARROW):
        page.set_viewport_size(width)
        for scheme, rules in (("light", ALL_RULES), ("dark", RULES_OF_COLOUR)):
            page.emulate_media(color_scheme=scheme)
            page.evaluate(FINISH_FADES)
            found[width["width"], scheme] = violations(page, rules)
    assert (outside, {view: some for view, some in found.items() if some}) == ({}, {})


# Marks each thing that can be used and is on the page, remembers its looks, and gives their number.
MARK = """() => {
  window.looks = (e) => [e, ...e.querySelectorAll("*")].map((part) => { const s =
    getComputedStyle(part); return [s.outlineStyle, s.outlineWidth, s.stroke, s.strokeWidth] });
  const all = [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")];
  const usable = all.filter((e) => e.checkVisibility({visibilityProperty: true})
    && e.getBoundingClientRect().width > 0);
  usable.forEach((e, number) => { e.dataset.stop = number; e.looked = String(looks(e)) });
  return usable.length
}"""
# A thing with the focus has an outline, or is drawn with another line where it is a picture.
STOP = """() => {
  const e = document.activeElement;
  if (e === document.body || e === document.documentElement) return null;
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  const shown = e instanceof SVGElement ? e.looked !== String(looks(e))
    : style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {stop: Number(e.dataset.stop ?? -1), html: e.outerHTML.slice(0, 120), shown, seen}
}"""


def walk(page: Any) -> list[dict[str, Any]]:
    """Every stop of the key Tab, from the beginning of the page to its end."""
    stops: list[dict[str, Any]] = []
    while True:
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            return stops
        stops.append(stop)
        assert len(stops) < 1000, f"no way out of {stop}"


@pytest.mark.parametrize(
    "kind",
    [
        kind
        for kind in KINDS
        if kind.name in {"front page", "article with missing sources", "article from right to left"}
    ],
    ids=lambda kind: kind.name,
)
def test_tab_reaches_everything_in_order_and_shows_where_it_is(
    kind: Kind, page: Any, base_url: str
) -> None:
    enter(kind, page, base_url)
    for width in (WIDE, NARROW):
        page.set_viewport_size(width)
        page.reload()
        usable = page.evaluate(MARK)
        stops = walk(page)

        assert [stop["stop"] for stop in stops] == list(range(usable))
        assert [stop["html"] for stop in stops if not (stop["shown"] and stop["seen"])] == []


@pytest.mark.usefixtures("live_server", "db")
def test_a_long_name_of_the_site_leaves_room_for_the_search(page: Any) -> None:
    page.goto("/articles/")
    for name in ("Werkbank & Co <1>", "Donaudampfschifffahrtsgesellschaftskunde"):
        page.locator(".wordmark span").evaluate("(span, name) => (span.textContent = name)", name)
        for width in (320, 360, 768, 1200):
            page.set_viewport_size({"width": width, "height": 600})
            assert page.evaluate("document.scrollingElement.scrollWidth") == width
            field = page.locator("#site-search").bounding_box()
            button = page.locator(".masthead .reader-open").bounding_box()
            # Its word can be read, and the button is behind it, at the end of the same line.
            assert field["width"] > 70, (name, width)
            assert button["x"] > field["x"] + field["width"], (name, width)
            assert abs(button["y"] - field["y"]) < field["height"], (name, width)

"""The pass that puts numbers, addresses and ids into stored HTML when a page is made."""

from __future__ import annotations

import pytest
from django.utils.safestring import SafeString

from articles.markup import (
    Filled,
    Use,
    compact_place,
    fill,
    fold,
    render_block,
    render_inline,
)
from articles.markup.fill import Cites

NUMBERS = {"krizhevsky2012": 3, "lecun2015": 1}
WORD = '<span class="visually-hidden">Reference </span>'


def filled(
    typed: str,
    *,
    cites: Cites = "inline",
    show_missing: bool = False,
    targets: dict[str, str] | None = None,
) -> Filled:
    """Render one line and fill it as the part `fact-x`."""
    return fill(
        render_inline(typed).html,
        numbers=NUMBERS,
        targets=targets or {},
        part="fact-x",
        cites=cites,
        show_missing=show_missing,
    )


def test_a_citation_becomes_a_numbered_link_with_an_id_of_its_own() -> None:
    result = filled("It won [@krizhevsky2012, p. 439]. Later [@krizhevsky2012]")
    assert result.html == (
        'It won<sup class="cite"><a id="cite-fact-x-1" href="#reference-krizhevsky2012"'
        f'>{WORD}3<span class="place">:439</span></a></sup>. Later'
        '<sup class="cite"><a id="cite-fact-x-2" href="#reference-krizhevsky2012"'
        f">{WORD}3</a></sup>"
    )
    assert isinstance(result.html, SafeString)
    assert result.uses == (
        Use("cite-fact-x-1", "krizhevsky2012", "p. 439", 3),
        Use("cite-fact-x-2", "krizhevsky2012", "", 3),
    )
    assert result.missing == ()


@pytest.mark.parametrize(
    "typed", ["A [@lecun2015; @krizhevsky2012].", "A [@lecun2015] [@krizhevsky2012]."]
)
def test_citations_side_by_side_are_one_mark_so_that_1_and_3_do_not_read_as_13(typed: str) -> None:
    assert filled(typed).html == (
        'A<sup class="cite"><a id="cite-fact-x-1" href="#reference-lecun2015"'
        f'>{WORD}1</a>, <a id="cite-fact-x-2"'
        f' href="#reference-krizhevsky2012">{WORD}3</a></sup>.'
    )


@pytest.mark.parametrize(
    ("place", "compact"),
    [
        ("p. 439", ":439"),
        ("p 439", ":439"),
        ("pp. 3–5", ":3–5"),
        ("P. xii", ":xii"),
        ("ch. 3", ":ch. 3"),
        ("§ 4", ":§ 4"),
        ("p.", ":p."),
        ("plate 4", ":plate 4"),
        ("", ""),
    ],
)
def test_a_place_has_a_short_form(place: str, compact: str) -> None:
    assert compact_place(place) == compact


def test_an_unknown_source_shows_nothing_to_readers_and_is_reported() -> None:
    result = filled("A [@nobody1900, p. 2] claim [@lecun2015; @nobody1901].")
    assert result.html == (
        'A claim<sup class="cite"><a id="cite-fact-x-1" href="#reference-lecun2015"'
        f">{WORD}1</a></sup>."
    )
    assert result.missing == ("nobody1900", "nobody1901")


def test_an_unknown_source_is_named_to_editors() -> None:
    assert filled("A [@nobody1900].", show_missing=True).html == (
        'A <span class="missing">source missing: nobody1900</span>.'
    )
    assert filled("A [@nobody1900].", show_missing=True, cites="pulled").html == (
        'A <span class="missing">source missing: nobody1900</span>.'
    )


def test_pulled_citations_leave_the_text_with_the_space_before_them() -> None:
    result = filled(
        "[@lecun2015] It *won* [@krizhevsky2012, p. 2; @lecun2015].\nThen&nbsp; [@lecun2015]!",
        cites="pulled",
    )
    assert result.html == " It <em>won</em>. Then!"
    assert result.uses == (
        Use("cite-fact-x-1", "lecun2015", "", 1),
        Use("cite-fact-x-2", "krizhevsky2012", "p. 2", 3),
        Use("cite-fact-x-3", "lecun2015", "", 1),
        Use("cite-fact-x-4", "lecun2015", "", 1),
    )


def test_a_paragraph_of_citations_alone_goes_when_they_are_pulled() -> None:
    stored = render_block("Words.\n\n[@lecun2015]").html
    result = fill(stored, numbers=NUMBERS, targets={}, part="milestone-y", cites="pulled")
    assert result.html.strip() == "<p>Words.</p>"
    assert [use.key for use in result.uses] == ["lecun2015"]


def test_words_that_are_added_to_a_text_of_another_language_say_their_own() -> None:
    stored = render_inline("Bogen [@lecun2015]").html
    options = {"numbers": NUMBERS, "targets": {}, "part": "milestone-y"}
    assert '"visually-hidden" lang="en">Reference ' in fill(stored, language="de", **options).html
    assert "lang=" not in fill(stored, language="en", **options).html


def test_a_term_links_to_its_page_whatever_its_case_and_an_unknown_one_is_text() -> None:
    targets = {fold("Straße"): "/terms/strasse/?a=1&b=2", fold("AT&T"): "/terms/att/"}
    assert filled(
        "[[STRASSE|die *Straße*]] [[at&t]] [[nothing|here <i>]]", targets=targets
    ).html == (
        '<a class="term" href="/terms/strasse/?a=1&amp;b=2">die *Straße*</a> '
        '<a class="term" href="/terms/att/">at&amp;t</a> here &lt;i&gt;'
    )


@pytest.mark.parametrize("signs", ["&", "<b>", '"', "'", "&amp;", "&lt;", "%(x)s", "x\u00a0y", "—"])
def test_special_signs_in_places_and_names_come_out_as_they_went_in(signs: str) -> None:
    typed = signs.replace("&", "\\&").replace(";", "\\;")
    place, name = f"ch. {signs}.", f"a{signs}b"
    result = filled(f"[@lecun2015, ch. {typed}.] [[a{typed}b]]", targets={fold(name): "/t/"})
    assert result.uses == (Use("cite-fact-x-1", "lecun2015", place, 1),)
    escaped = signs.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    quoted = escaped.replace('"', "&quot;").replace("'", "&#x27;")
    shown = escaped.replace("\u00a0", "&nbsp;")
    assert result.html == (
        '<sup class="cite"><a id="cite-fact-x-1" href="#reference-lecun2015"'
        f'>{WORD}1<span class="place">:ch. {quoted}.</span></a>'
        f'</sup> <a class="term" href="/t/">a{shown}b</a>'
    )


def test_a_table_scrolls_in_a_named_box_that_the_keyboard_reaches_and_so_does_code() -> None:
    stored = render_block("|a|\n|-|\n\n```\n<table> <pre> <h4>\n```").html
    assert fill(stored, numbers={}, targets={}, part="section-x").html == (
        '<div class="scroll" role="group" aria-label="Table" tabindex="0"><table>\n<thead>\n<tr>\n'
        '<th scope="col">a</th>\n</tr>\n</thead>\n</table></div>\n'
        '<pre tabindex="0"><code>&lt;table&gt; &lt;pre&gt; &lt;h4&gt;\n</code></pre>'
    )


def test_headings_rise_a_level_under_a_heading_of_level_two() -> None:
    stored = render_block("# a\n##### b").html
    result = fill(stored, numbers={}, targets={}, part="section-x", top_heading=3)
    assert result.html == "<h3>a</h3>\n<h4>b</h4>"
    assert fill(stored, numbers={}, targets={}, part="section-x").html == stored

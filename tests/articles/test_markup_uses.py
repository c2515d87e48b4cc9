"""Citations and links to terms: what is one, what is not, and what is reported as used."""

from __future__ import annotations

import pytest

from articles.markup import Citation, TermUse, is_key, render_block, render_inline


@pytest.mark.parametrize(
    ("typed", "citations"),
    [
        ("A [@krizhevsky2012].", [("krizhevsky2012", "")]),
        ("A [@krizhevsky2012, p. 3].", [("krizhevsky2012", "p. 3")]),
        ("[@a; @b, pp. 3–5; @a]", [("a", ""), ("b", "pp. 3–5"), ("a", "")]),
        ("[ @a ,  ch.  3\n;\n@b ]", [("a", "ch. 3"), ("b", "")]),
        ("[@a,]", [("a", "")]),
        ("[@a, p. 3, note 4]", [("a", "p. 3, note 4")]),
        ("[@a, § 3 & \"x\" 'y' <z>]", [("a", "§ 3 & \"x\" 'y' <z>")]),
        ("[@a, \\[3\\]\\; \\&lt\\; snake\\_case]", [("a", "[3]; &lt; snake_case")]),
        ("[@2012_a-b:c.d]", [("2012_a-b:c.d", "")]),
        ("[@Łukasz2017] [@王2020] [@मिश्र]", [("Łukasz2017", ""), ("王2020", ""), ("मिश्र", "")]),
        ("[@cafe\u0301]", [("café", "")]),
        ("*a [@a]* **[@b]** ~[@c]", [("a", ""), ("b", ""), ("c", "")]),
        ("a[@a](not a link) wow![@b]", [("a", ""), ("b", "")]),
        ("![chart [@a]](c.png)", [("a", "")]),
    ],
)
def test_citations_are_found_with_their_places(
    typed: str, citations: list[tuple[str, str]]
) -> None:
    expected = tuple(Citation(key, place) for key, place in citations)
    assert render_inline(typed).citations == expected
    assert render_block(typed).citations == expected


@pytest.mark.parametrize(
    "typed",
    [
        "\\[@a]",
        "[\\@a]",
        "[@]",
        "[@ a]",
        "[@-a]",
        "[@a/b]",
        "[@a b]",
        "[@a; b]",
        "[@a;]",
        "[see @a]",
        "[@a",
        "@a",
        "[@a, [x]]",
        f"[@{'k' * 101}]",
        f"[@a, {'p' * 201}]",
    ],
)
def test_what_is_no_citation_stays_as_it_was_typed(typed: str) -> None:
    rendered = render_inline(typed)
    assert rendered.citations == ()
    assert rendered.text == typed.replace("\\", "")


@pytest.mark.parametrize("typed", ["    [@a] [[b]]", "```\n[@a] [[b]]\n```", "``[@a] [[b]]``"])
def test_nothing_fires_inside_code(typed: str) -> None:
    rendered = render_block(typed)
    assert (rendered.citations, rendered.terms) == ((), ())
    assert rendered.text == "[@a] [[b]]"


def test_code_that_begins_before_the_brackets_end_is_code() -> None:
    assert render_inline("[@a, `]` and [[b `]]`").html == (
        "[@a, <code>]</code> and [[b <code>]]</code>"
    )


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("[x [@a] [[b|c]]](/u)", '<a href="/u">x [@a] [[b|c]]</a>'),
        ("[x ![@a](i.png) y](/u)", '<a href="/u">x @a y</a>'),
        ("[![x [@a]](i.png)](/u)", '<a href="/u">x [@a]</a>'),
        ("[@name](https://example.org/@name)",
         '<a href="https://example.org/@name" rel="noopener">@name</a>'),
        ("[[1]](/u)", '<a href="/u">[1]</a>'),
    ],
)  # fmt: skip
def test_in_the_text_of_a_link_citations_and_terms_stay_as_typed(typed: str, html: str) -> None:
    rendered = render_inline(typed)
    assert rendered.html == html
    assert (rendered.citations, rendered.terms) == ((), ())


def test_a_citation_that_a_link_definition_names_is_that_link() -> None:
    assert render_block("[@a] [@b]\n\n[@a]: /x").html == (
        '<p><a href="/x">@a</a> <mp-cite data-key="b" data-place=""></mp-cite></p>'
    )


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("[[Back-propagation]]", [("Back-propagation", "Back-propagation")]),
        ("[[neural\nnet|the  net]]", [("neural net", "the net")]),
        ("[[AT&T]] [[AT&amp;T]]", [("AT&T", "AT&T"), ("AT&T", "AT&T")]),
        ("[[AT&T]] [[a < b|\"c\" 'd']]", [("AT&T", "AT&T"), ("a < b", "\"c\" 'd'")]),
        ("[[array\\[0\\]|x]] [[a\\|b]]", [("array[0]", "x"), ("a", "b")]),
        ("[[a]][[a]] [[[b]]]", [("a", "a"), ("a", "a"), ("b", "b")]),
        ("*[[a *b*]]*", [("a *b*", "a *b*")]),
        ("[[a|b|c]] [[]] [[ ]] [[|a]] [[a|]] [[a| ]] [[a]", []),
        ("`[[a]]` \\[[a]] [[a `x]]`", []),
        (f"[[{'n' * 201}]]", []),
    ],
)
def test_links_to_terms_are_found_with_their_shown_text(
    typed: str, terms: list[tuple[str, str]]
) -> None:
    assert render_inline(typed).terms == tuple(TermUse(name, shown) for name, shown in terms)


def test_terms_and_citations_work_in_headings_lists_and_tables() -> None:
    rendered = render_block(
        "# [[a]] [@k]\n\n- [[b]] [@l]\n\n| [[c\\|see]] |\n|---|\n| [@m, p. 1] |\n\n> [[d]]"
    )
    assert [term.name for term in rendered.terms] == ["a", "b", "c", "d"]
    assert rendered.terms[2].shown == "see"
    assert [citation.key for citation in rendered.citations] == ["k", "l", "m"]


def test_the_stored_tokens_hold_no_number_and_fold_the_name_of_the_term() -> None:
    assert render_inline('[@a"b] [@a, p. "3" & <4>] [[Straße|die <Straße>]]').html == (
        '[@a"b] <mp-cite data-key="a" data-place="p. &quot;3&quot; &amp; &lt;4&gt;"></mp-cite> '
        '<mp-term data-name="strasse">die &lt;Straße&gt;</mp-term>'
    )


def test_nobody_can_type_a_token() -> None:
    typed = '<mp-cite data-key="a" data-place=""></mp-cite><mp-term data-name="b">c</mp-term>'
    rendered = render_block(typed)
    assert "<mp-" not in rendered.html
    assert rendered.text == typed


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("a", True),
        ("2012", True),
        ("a_b-c:d.e", True),
        ("Ünïcode", True),
        ("k" * 100, True),
        ("k" * 101, False),
        ("", False),
        ("_a", False),
        ("a b", False),
        ("a\n", False),
        ("a/b", False),
        ("a<b", False),
    ],
)
def test_a_key_is_letters_digits_and_four_signs(text: str, is_one: bool) -> None:
    assert is_key(text) is is_one

"""Markdown as articles have it: what becomes HTML, what becomes plain text."""

from __future__ import annotations

import pytest

from articles.markup import render_block, render_inline


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        pytest.param("One\nparagraph.\n\nAnother.", "<p>One\nparagraph.</p>\n<p>Another.</p>",
                     id="paragraphs"),
        pytest.param("*a* **b** ***c*** _d_ s_n_ke", "<p><em>a</em> <strong>b</strong> "
                     "<em><strong>c</strong></em> <em>d</em> s_n_ke</p>", id="emphasis"),
        pytest.param("`a < b` and `` ` ``", "<p><code>a &lt; b</code> and <code>`</code></p>",
                     id="code"),
        pytest.param("a  \nb\\\nc", "<p>a<br>\nb<br>\nc</p>", id="hard breaks"),
        pytest.param("- a\n- b\n  - c",
                     "<ul>\n<li>a</li>\n<li>b\n<ul>\n<li>c</li>\n</ul>\n</li>\n</ul>",
                     id="tight list"),
        pytest.param("* a\n\n* b", "<ul>\n<li>\n<p>a</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>",
                     id="loose list"),
        pytest.param("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>", id="ordered list"),
        pytest.param("7) a", '<ol start="7">\n<li>a</li>\n</ol>', id="ordered list from 7"),
        pytest.param("> a\nb", "<blockquote>\n<p>a\nb</p>\n</blockquote>", id="quote"),
        pytest.param("a\n\n***\n\nb", "<p>a</p>\n<hr>\n<p>b</p>", id="rule"),
        pytest.param("```py\n<x>  \n\ny\n```", "<pre><code>&lt;x&gt;  \n\ny\n</code></pre>",
                     id="fence"),
        pytest.param("    a *b*", "<pre><code>a *b*\n</code></pre>", id="indented code"),
        pytest.param("\\*a\\* &copy; &#8212; &nosuch;", "<p>*a* © — &amp;nosuch;</p>",
                     id="escapes and entities"),
        pytest.param("[a]\n\n[a]: https://example.org/",
                     '<p><a href="https://example.org/" rel="noopener">a</a></p>',
                     id="reference link"),
        pytest.param("5 > 3 & \"2\" < 'x'",
                     "<p>5 &gt; 3 &amp; \"2\" &lt; 'x'</p>", id="plain signs"),
        pytest.param("<b>raw</b> <!-- c -->", "<p>&lt;b&gt;raw&lt;/b&gt; &lt;!-- c --&gt;</p>",
                     id="raw HTML is text"),
        pytest.param("", "", id="nothing"),
    ],
)  # fmt: skip
def test_bodies_are_commonmark_without_raw_html(typed: str, html: str) -> None:
    assert render_block(typed).html == html


@pytest.mark.parametrize(
    ("typed", "levels"),
    [
        ("# a", ["h4"]),
        ("a\n=\n\nb\n-", ["h4", "h4"]),
        ("### a\n#### b\n##### c\n###### d", ["h4", "h4", "h5", "h6"]),
        ("###### a", ["h4"]),
        ("#### a\n###### b\n##### c\n# d\n##### e", ["h4", "h5", "h5", "h4", "h5"]),
    ],
)
def test_headings_of_a_body_stand_below_those_of_the_page_and_leave_no_level_out(
    typed: str, levels: list[str]
) -> None:
    lines = render_block(typed).html.split("\n")
    assert [line[1:3] for line in lines] == levels
    assert [line[-3:-1] for line in lines] == levels


def test_a_table_has_aligned_cells_and_header_cells_that_say_what_they_head() -> None:
    typed = "| Year | Error |  |\n|:-----|------:|:-:|\n| 2012 | 15 \\| 16 | *x*\n| 2015"
    assert render_block(typed).html == (
        '<table>\n<thead>\n<tr>\n<th scope="col">Year</th>\n'
        '<th class="align-end" scope="col">Error</th>\n<td class="align-center"></td>\n'
        "</tr>\n</thead>\n<tbody>\n"
        '<tr>\n<td>2012</td>\n<td class="align-end">15 | 16</td>\n'
        '<td class="align-center"><em>x</em></td>\n</tr>\n'
        '<tr>\n<td>2015</td>\n<td class="align-end"></td>\n<td class="align-center"></td>\n</tr>\n'
        "</tbody>\n</table>"
    )


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("[a](https://example.org/x?y=1&z)",
         '<a href="https://example.org/x?y=1&amp;z" rel="noopener">a</a>'),
        ('[a](HTTP://example.org "b \\"c\\" <d>")',
         '<a href="HTTP://example.org" title="b &quot;c&quot; &lt;d&gt;" rel="noopener">a</a>'),
        ("<https://example.org/ü>",
         '<a href="https://example.org/%C3%BC" rel="noopener">https://example.org/ü</a>'),
        ("<a@example.org>", '<a href="mailto:a@example.org">a@example.org</a>'),
        ("[a](/articles/x/)", '<a href="/articles/x/">a</a>'),
        ("[a](#fact-x)", '<a href="#fact-x">a</a>'),
        ("[*a*](www.example.org)", "<em>a</em>"),
        ("[a](../x)", "a"),
        ("[a](//example.org/x)", "a"),
        ("[a](/\\example.org)", '<a href="/%5Cexample.org">a</a>'),
        ("[a]()", "a"),
        ("[a [@b]](https://[::1)", 'a <mp-cite data-key="b" data-place=""></mp-cite>'),
        ("<ftp://example.org/>", "ftp://example.org/"),
        ("[a](javascript:x)", "[a](javascript:x)"),
        ("[a [b](/b)](/a)", '[a <a href="/b">b</a>](/a)'),
    ],
)  # fmt: skip
def test_links_lead_to_the_web_to_mail_and_into_this_site_and_others_are_text(
    typed: str, html: str
) -> None:
    assert render_inline(typed).html == html


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("![a *chart*](https://example.org/c.png)", "a <em>chart</em>"),
        ("![a](c.png 'title')", "a"),
        ("![](c.png)", ""),
        ("[![logo](l.png) home](/)", '<a href="/">logo home</a>'),
        ("![see [this](/x)](c.png)", "see this"),
        ("![![in](a.png) out](b.png)", "in out"),
        ("Look![[term]]", 'Look!<mp-term data-name="term">term</mp-term>'),
    ],
)
def test_an_image_is_its_alternative_text(typed: str, html: str) -> None:
    assert render_inline(typed).html == html


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("a **b**\n\n- c", "a <strong>b</strong> - c"),
        ("# a", "# a"),
        ("    a", "a"),
        ("| a |\n|---|", "| a | |---|"),
        ("[a]: /x", "[a]: /x"),
        ("  \n", ""),
    ],
)
def test_a_statement_of_one_line_has_no_blocks(typed: str, html: str) -> None:
    assert render_inline(typed).html == html


def test_the_plain_text_is_what_a_reader_sees_a_line_for_each_block() -> None:
    typed = (
        "# The *first* years\n\nIn 1943 [@a, p. 3], [[McCulloch|Warren  McCulloch]] wrote\nof "
        "nets [@b; @c]. [More](/x) & `code`.\\\nBreak\n\n- one\n- two\n  1. three\n\n"
        "| Year | Event |\n|------|-------|\n| 1958 | [[Perceptron]] [@d] |\n\n> quoted\n\n"
        "```py\nif x:\n    y\n```\n\n---\n\n![chart](c.png)&nbsp;end"
    )
    assert render_block(typed).text == (
        "The first years\nIn 1943, Warren McCulloch wrote of nets. More & code.\nBreak\n"
        "one\ntwo\nthree\nYear | Event\n1958 | Perceptron\nquoted\nif x:\ny\nchart\u00a0end"
    )


def test_the_plain_text_of_a_statement_is_one_line() -> None:
    assert render_inline("Over **60%** of\n[[CNN|networks]] [@x].").text == "Over 60% of networks."


def test_lists_and_quotes_nested_too_deeply_stay_as_text() -> None:
    quote = render_block("> " * 30 + "deep")
    assert quote.html.count("<blockquote>") == 16
    assert quote.text == "> " * 14 + "deep"
    steps = "\n".join("  " * depth + f"- step {depth}" for depth in range(30))
    rendered = render_block(steps)
    assert rendered.html.count("<ul>") == 8
    assert all(f"step {depth}" in rendered.text for depth in range(30))


def test_emphasis_nested_too_deeply_is_dropped_but_not_its_text() -> None:
    rendered = render_inline("*a " * 50 + "b*" * 50)
    assert rendered.html.count("<em>") == rendered.html.count("</em>") == 8
    assert rendered.text == "a " * 50 + "b" * 50

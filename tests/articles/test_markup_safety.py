"""No text, however hostile or odd, comes out as anything but harmless, well-formed HTML.

The checks read the output with Python's own HTML parser, which shares no code with the sanitiser.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.markup import Filled, Rendered, fill, fold, render_block, render_inline
from articles.markup.sanitise import sanitise

ATTRIBUTES = {
    "p": set(), "br": set(), "hr": set(), "em": set(), "strong": set(), "code": set(),
    "blockquote": set(), "ul": set(), "li": set(), "h4": set(), "h5": set(), "h6": set(),
    "table": set(), "thead": set(), "tbody": set(), "tr": set(),
    "pre": {"tabindex"}, "ol": {"start"}, "th": {"scope", "class"}, "td": {"class"},
    "a": {"href", "title", "rel", "class", "id"},
    "sup": {"class"}, "span": {"class"},
    "div": {"class", "role", "aria-label", "tabindex"},
}  # fmt: skip
CLASSES = {
    "align-center", "align-end", "cite", "place", "term", "missing", "scroll", "visually-hidden",
}  # fmt: skip
LINK = re.compile(r"https?://[^/?#]|mailto:|/(?![/\\])|#", re.IGNORECASE)
VOID = {"br", "hr"}
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ufeff\ud800-\udfff\ufffe\uffff]")


class Checker(HTMLParser):
    """Fails on the first thing that an article's text must not hold; collects ids and addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ATTRIBUTES, tag
        values = dict(attrs)
        assert len(values) == len(attrs)
        assert set(values) <= ATTRIBUTES[tag], (tag, attrs)
        assert values.get("class", "cite") in CLASSES
        assert values.get("rel", "noopener") == "noopener"
        if tag == "a":
            address = values.get("href") or "#"
            assert LINK.match(address), address
            self.addresses.append(address)
            assert "a" not in self.open
        if "id" in values:
            self.ids.append(values["id"] or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)


def check(html: str) -> list[str]:
    """Assert that the HTML is well-formed and harmless; return the ids in it."""
    assert not FORBIDDEN.search(html)
    checker = Checker()
    checker.feed(html)
    checker.close()
    assert checker.open == []
    return checker.ids


def check_text(text: str, render: Callable[[str], Rendered]) -> tuple[Rendered, Filled]:
    """Render and fill a text with some known keys and terms, and check all that comes out."""
    rendered = render(text)
    numbers = {citation.key: n for n, citation in enumerate(rendered.citations[::2], start=1)}
    targets = {fold(term.name): "/terms/x/" for term in rendered.terms[::2]}
    assert rendered.html.count("<mp-cite ") == len(rendered.citations)
    assert rendered.html.count("<mp-term ") == len(rendered.terms)
    assert not FORBIDDEN.search(rendered.text)
    pulled = fill(rendered.html, numbers=numbers, targets={}, part="p", cites="pulled")
    assert check(pulled.html) == []
    page = fill(rendered.html, numbers=numbers, targets=targets, part="p", show_missing=True)
    ids = check(page.html)
    assert ids == [use.id for use in page.uses] == [use.id for use in pulled.uses]
    assert ids == [f"cite-p-{n + 1}" for n in range(len(ids))]
    assert len(ids) + len(page.missing) == len(rendered.citations)
    return rendered, page


HOSTILE = [
    # Raw HTML
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert&#40;1)</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)><embed src=x>",
    "<style>*{background:url(javascript:alert(1))}</style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<form action=//evil.example><input name=password></form>",
    "<a href=javascript:alert(1) onclick=alert(1)>x</a>",
    "<p style='position:fixed' id=facts class=missing>x</p>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><script>alert(1)</script-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml-stylesheet href='x'?>",
    "<!DOCTYPE html><html><body onload=alert(1)>",
    "</p></div></section></main><script>alert(1)</script>",
    "<details open ontoggle=alert(1)>",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<\u202escript>alert(1)",
    "＜script＞alert(1)＜/script＞",
    "<div\n\nonclick=alert(1)>\n\n</div>",
    # Our own tokens and ids
    "<mp-cite data-key='a' data-place='x'></mp-cite>",
    '<mp-term data-name="x"><script></mp-term>',
    '[@a, "></mp-cite><script>alert(1)</script>]',
    "[@a, ' onmouseover='alert(1)]",
    "[@a, &quot; onmouseover=&quot;alert(1)]",
    '[[x" onclick="alert(1)|<img src=x onerror=alert(1)>]]',
    "[[<script>alert(1)</script>]]",
    "[[&lt;script&gt;|&lt;script&gt;alert(1)&lt;/script&gt;]]",
    "[[a\\|b&#34; onclick=&#34;x|&#60;b&#62;]]",
    "[@a&quot;onclick=x]",
    '`<mp-cite data-key="a" data-place=""></mp-cite>`',
    '    <mp-term data-name="x">y</mp-term>',
    # Links
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x]( javascript:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](\\j\\avascript:alert(1))",
    "[x](%6aavascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](&#1;javascript:alert(1))",
    "[x](\u200bjavascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](data:image/png;base64,iVBORw0KGgo=)",
    "[x](file:///etc/passwd)",
    "[x](blob:https://example.org/x)",
    "[x](//evil.example/)",
    "[x](/\\evil.example/)",
    "[x](/&#9;/evil.example/)",
    "[x](\\\\evil.example\\x)",
    "<javascript:alert(1)>",
    "<vbscript:alert(1)>",
    "<JAVASCRIPT:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x] ![x]",
    "[x](/a \"' onmouseover='alert(1)\")",
    "[x](/a '\"><script>alert(1)</script>')",
    '[x](/a "&quot; onmouseover=&quot;alert(1)")',
    '[x](/a "<table><pre><h4>")',
    '[x](https://example.org/"onmouseover=alert(1))',
    "[x](<https://example.org/ onclick=alert(1)>)",
    "[x](https://[::1)",
    "[a [b](javascript:x)](https://example.org/ 'c')",
    # Images
    "![x](javascript:alert(1))",
    "![x](https://evil.example/track.png)",
    '![x" onerror="alert(1)](x.png)',
    "![<img src=x onerror=alert(1)>](x.png 'y')",
    "[![x](data:image/svg+xml;base64,PHN2Zz4=)](javascript:alert(1))",
    # Code, tables, entities
    '```" onclick="alert(1)\ncode\n```',
    "```<script>\n</code></pre><script>alert(1)</script>\n```",
    "| <script>alert(1)</script> |\n|:-:|\n| </td></table><svg onload=alert(1)> |",
    "|a|\n|:-:|\n|[x](javascript:alert(1))|",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#x3c;/script&#x3E;",
    "&#x202e;&#xfeff;&#0;&#xD800;&#13;&#12;&#x1b;",
    "\\<script>alert(1)\\</script>",
    "# <script>\n\n<script>\n===",
    "1. <script>\n- <iframe>\n> <object>",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_hostile_stays_alive(text: str) -> None:
    check_text(text, render_block)
    check_text(text, render_inline)
    check_text(f"> - a\n>\n>   {text}", render_block)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_the_sanitiser_alone_would_hold_if_the_parser_let_html_through(text: str) -> None:
    check(fill(sanitise(text), numbers={}, targets={}, part="p").html)


PIECES = [
    *("[", "]", "(", ")", "!", "*", "**", "_", "`", "``", "\\", "<", ">", "&", "|", '"', "'", "\n"),
    *(
        "\n\n",
        "  \n",
        "    ",
        "- ",
        "1. ",
        "> ",
        "# ",
        "```\n",
        "---\n",
        "|a|b|\n|-|:-:|\n",
        "a",
        "é",
    ),
    *("[@a]", "[@b, p. 3; @c]", "[@a, \"<&'>]", "[[T]]", "[[t|<b>]]", "[x](", "](/y)", "![", "[r]"),
    *(
        "[r]: /z 'q'\n",
        "https://e.org",
        "<https://e.org>",
        "javascript:",
        "<script>",
        "</p>",
        "&lt;",
    ),
    *(
        "&#34;",
        "&#x202e;",
        "\x00",
        "\u202e",
        "\ud800",
        "\ufeff",
        "\u00a0",
        "<mp-cite data-key=",
        "//",
    ),
]
texts = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=25).map("".join))


@given(texts)
def test_any_text_becomes_harmless_well_formed_html(text: str) -> None:
    check_text(text, render_block)
    check_text(text, render_inline)


@given(st.text(), st.text())
def test_whatever_an_anchor_and_an_address_hold_is_escaped(anchor: str, address: str) -> None:
    rendered = render_inline("A [@a, p. 3] [[b]].")
    targets = {"b": f"/x/{address}"}
    page = fill(rendered.html, numbers={"a": 1}, targets=targets, part=anchor)
    checker = Checker()
    checker.feed(page.html)
    assert checker.open == []
    assert checker.ids == [f"cite-{anchor}-1"]
    assert checker.addresses == ["#reference-a", f"/x/{address}"]

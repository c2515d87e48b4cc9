"""The parser of articles: CommonMark and tables as a reference page needs them.

Another kind of text (say, of guests) gets a function like `article_parser` that starts from
`blocks.make_parser` and adds and takes away what it needs.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from .blocks import make_parser
from .sanitise import may_link
from .uses import add_uses

# The headings of a page are h1, of its regions and sections h2 and h3: a body has what is left.
_TOP_HEADING = 4
_LAST_HEADING = 6

# Deeper emphasis means nothing to a reader, and thousands of levels harm a browser.
_MAX_EMPHASIS = 8

_EXTERNAL = re.compile(r"https?:", re.IGNORECASE)

# Alignment to the left is where a cell's text begins anyhow.
_ALIGNMENT = {"text-align:center": "align-center", "text-align:right": "align-end"}


@cache
def article_parser() -> MarkdownIt:
    """Return the parser of articles' bodies, facts and answers. It may be shared by threads."""
    parser = make_parser()
    add_uses(parser)
    parser.core.ruler.push("settle", _settle)
    return parser


def _settle(state: StateCore) -> None:
    """Change the parsed tokens where a reference page departs from plain CommonMark."""
    tokens = state.tokens
    heading = _TOP_HEADING - 1
    for i, token in enumerate(tokens):
        if token.type == "inline":
            children = _without_images(token.children or [])
            token.children = list(settle_emphasis(settle_links(children)))
        elif token.type == "heading_open":
            # No level may be left out on the way down: screen readers announce the outline.
            heading = min(max(int(token.tag[1]), _TOP_HEADING), heading + 1, _LAST_HEADING)
            token.tag = f"h{heading}"
        elif token.type == "heading_close":
            token.tag = f"h{heading}"
        elif token.type in ("th_open", "td_open"):
            _settle_cell(tokens, i)
        elif token.type == "fence":
            token.info = ""


def _settle_cell(tokens: list[Token], at: int) -> None:
    """Align a cell by class, not by style, and let a header cell say what it heads."""
    opening, inline, closing = tokens[at : at + 3]
    alignment = _ALIGNMENT.get(str(opening.attrs.pop("style", "")))
    if alignment:
        opening.attrSet("class", alignment)
    if opening.tag == "th" and inline.content:
        opening.attrSet("scope", "col")
    elif opening.tag == "th":
        # An empty header heads nothing, and is an error to accessibility checkers.
        opening.tag = closing.tag = "td"


def settle_links(children: Iterable[Token]) -> Iterator[Token]:
    """Yield the tokens with only the links that lead somewhere; others are just their text.

    (The likes of `javascript:` never become links: the library leaves them as they were typed.)
    In the text of a link, citations and terms become again what was typed: links do not nest.
    """
    links: list[bool] = []
    for token in children:
        if token.type == "link_open":
            address = str(token.attrGet("href"))
            links.append(may_link(address))
            if _EXTERNAL.match(address):
                token.attrSet("rel", "noopener")
            if links[-1]:
                yield token
        elif token.type == "link_close":
            if links.pop():
                yield token
        elif token.type in ("citations", "term") and any(links):
            yield Token("text", "", 0, content=token.content)
        else:
            yield token


def settle_emphasis(children: Iterable[Token]) -> Iterator[Token]:
    """Yield the tokens without the emphasis that is nested too deeply."""
    depth = 0
    for token in children:
        is_emphasis = token.tag in ("em", "strong")
        depth += token.nesting == 1 and is_emphasis
        if not is_emphasis or depth <= _MAX_EMPHASIS:
            yield token
        depth -= token.nesting == -1 and is_emphasis


def _without_images(children: Sequence[Token]) -> Iterator[Token]:
    """Yield the tokens, and in place of an image those of its alternative text without links."""
    for token in children:
        if token.type == "image":
            for inner in _without_images(token.children or []):
                if inner.type not in ("link_open", "link_close"):
                    yield inner
        else:
            yield token

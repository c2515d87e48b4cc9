"""Guests' text: a small part of Markdown, and names; hostile until it has passed through here.

Paragraphs, emphasis, code, lists, quotes and links. No headings, tables, images, citations or raw
HTML: what is typed of them is shown as it was typed. A line break stays one, and a bare address is
a link, since most guests know no Markdown.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from .blocks import clean_body, make_parser
from .characters import clean_line, scrub
from .parser import settle_emphasis, settle_links
from .plain import plain_text
from .sanitise import may_link

# Writing that stacks marks on purpose (Hebrew, Thai, Vietnamese) needs three at most.
MOST_MARKS = 4
_NOT_HERE = ["table", "heading", "lheading", "hr", "html_block", "reference", "image"]

# An address in running text; what ends a sentence or closes a bracket does not belong to it.
_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\^{|}]{1,2000}", re.IGNORECASE)
_AFTER = ".,;:!?…)]*_~"

_comments = nh3.Cleaner(
    tags={"p", "br", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "a"},
    attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow ugc noopener",
)


@dataclass(frozen=True, slots=True)
class RenderedComment:
    """Safe HTML, and the plain text that a reader sees of it."""

    html: str
    text: str


def clean_name(text: str) -> str:
    """Return the canonical form of a guest's name; '' when nothing of it can be seen."""
    name = limit_marks(clean_line(text))
    return name if is_visible(name) else ""


def clean_comment(text: str) -> str:
    """Return the canonical form of a comment's text, in which it is stored and counted."""
    return clean_body(limit_marks(text))


def render_comment(text: str) -> RenderedComment:
    """Render a comment. Any text gives a result; what is no Markdown is shown as it was typed."""
    parser = comment_parser()
    tokens = parser.parse(clean_comment(text))
    html = _comments.clean(parser.renderer.render(tokens, parser.options, {}))
    # Entities could have brought back what was cleaned away.
    plain = plain_text(tokens)
    return RenderedComment(limit_marks(scrub(html)).strip("\n"), plain if is_visible(plain) else "")


def is_visible(text: str) -> bool:
    """Tell whether the text has at least one character that can be seen."""
    return any(unicodedata.category(char)[0] in "LNPS" and char not in _BLANK for char in text)


# Letters and symbols that are blank: Hangul fillers, the empty Braille cell.
_BLANK = "\u115f\u1160\u3164\uffa0\u2800"


def limit_marks(text: str) -> str:
    """Return the text with at most MOST_MARKS combining marks in a row."""
    if text.isascii():
        return text
    kept: list[str] = []
    run = 0
    for char in text:
        run = run + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if run <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)


@cache
def comment_parser() -> MarkdownIt:
    """Return the parser of comments. It may be shared by threads."""
    parser = make_parser().disable(_NOT_HERE)
    parser.options["breaks"] = True
    parser.core.ruler.push("settle", _settle)
    return parser


def _settle(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline":
            children = settle_emphasis(settle_links(token.children or []))
            token.children = list(_with_addresses(children))
        elif token.type == "fence":
            token.info = ""


def _with_addresses(children: Iterable[Token]) -> Iterator[Token]:
    """Yield the tokens, with links in place of bare addresses that stand outside links."""
    inside = 0
    for token in children:
        inside += token.nesting if token.tag == "a" else 0
        if token.type == "text" and not inside:
            yield from _split(token.content)
        else:
            yield token


def _split(text: str) -> Iterator[Token]:
    done = 0
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(_AFTER)
        if "(" in address and found[0].startswith(address + ")"):
            address += ")"
        if not may_link(address):
            continue
        yield _text(text[done : found.start()])
        yield Token("link_open", "a", 1, attrs={"href": address})
        yield _text(address)
        yield Token("link_close", "a", -1)
        done = found.start() + len(address)
    yield _text(text[done:])


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)

"""The block structure of a body: its code fences, and its canonical form.

Where a fence ends depends on the lists and quotes around it, so both questions are put to the
parser that will render the body, never to a pattern of our own.
"""

import re
from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block
from markdown_it.token import Token

from .characters import clean_lines

# Lists count twice, the list and its item. What is nested deeper stays as text: dropping it, as
# the parser's own limit does, would lose what somebody wrote.
_MAX_CONTAINER_LEVEL = 16
# Above the limit of containers, so that the parser's own never cuts; it bounds its recursion.
_MAX_NESTING = 20


def make_parser() -> MarkdownIt:
    """Return a new parser for CommonMark (0.31) with tables and without raw HTML.

    Nesting of lists and quotes is limited; what lies deeper is read as plain paragraphs.
    """
    options = {"html": False, "xhtmlOut": False, "maxNesting": _MAX_NESTING}
    parser = MarkdownIt("commonmark", options).enable("table")
    # The kinds of block that each of the two may interrupt, as in the library's own table.
    parser.block.ruler.at(
        "blockquote", _shallow_quote, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    parser.block.ruler.at("list", _shallow_list, {"alt": ["paragraph", "reference", "blockquote"]})
    return parser


def scan_lines(body: str) -> Iterator[tuple[int, str, bool]]:
    """Yield number (from 1), text and "in a fenced code block" of each line of a body or file.

    The lines of the fences themselves count as inside. Lines end at LF, CRLF or CR and come
    without their ends; the empty text has one empty line.
    """
    lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    fenced = _fenced(_fences(body), len(lines))
    return ((i + 1, line, fenced[i]) for i, line in enumerate(lines))


def clean_body(text: str) -> str:
    """Return the canonical form of a text of several lines.

    - Line ends are newlines; forbidden characters are gone; letters are in NFC; tabs stay.
    - Blank lines are empty, never two in a row, none at the start or the end.
    - A line has no white space at its end, but for the two spaces that break a line before
      another one (they stay, because turning them into a backslash would be wrong in headings,
      tables and at the end of a list item, where they mean nothing).
    - Fenced code keeps its lines as they are. A fence left open is closed, so that a body never
      swallows what follows it in a file.

    Idempotent.
    """
    lines = ["" if line.isspace() else line for line in clean_lines(text).split("\n")]
    body = "\n".join(lines).strip("\n")
    fences = _fences(body)
    lines = body.split("\n")
    if fences and _is_open(fences[-1], lines):
        lines.append(fences[-1].markup)
    fenced = _fenced(fences, len(lines))
    kept: list[str] = []
    for i, line in enumerate(lines):
        if fenced[i]:
            kept.append(line)
        elif line:
            is_broken = line.endswith("  ") and i + 1 < len(lines) and lines[i + 1] != ""
            kept.append(line.rstrip(" \t") + ("  " if is_broken else ""))
        elif lines[i - 1] or fenced[i - 1]:
            kept.append("")
    return "\n".join(kept)


def _shallow_quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    return state.level < _MAX_CONTAINER_LEVEL and blockquote(state, start, end, silent)


def _shallow_list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    return state.level < _MAX_CONTAINER_LEVEL and list_block(state, start, end, silent)


@cache
def _block_parser() -> MarkdownIt:
    parser = make_parser()
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def _fences(body: str) -> list[Token]:
    return [token for token in _block_parser().parse(body) if token.type == "fence"]


def _fenced(fences: list[Token], count: int) -> list[bool]:
    """Tell for each of `count` lines whether one of the fences covers it."""
    fenced = [False] * count
    for token in fences:
        first, after = token.map or (0, 0)
        fenced[first:after] = [True] * (min(after, count) - first)
    return fenced


def _is_open(fence: Token, lines: list[str]) -> bool:
    """Tell whether a fence is open to the end of the body.

    Only one outside lists and quotes can be: the end of its container closes any other.
    """
    first, after = fence.map or (0, 0)
    if fence.level > 0 or after < len(lines):
        return False
    mark = re.escape(fence.markup[0])
    closing = rf" {{0,3}}{mark}{{{len(fence.markup)},}}[ \t]*"
    return after - first < 2 or re.fullmatch(closing, lines[-1]) is None

"""The plain text of a parsed body, for search and for descriptions of a page."""

from collections.abc import Sequence

from markdown_it.token import Token

from .characters import clean_line
from .uses import term_of

_ENDS_A_LINE = {"paragraph_close", "heading_close", "tr_close", "fence", "code_block"}
_CELLS = {"th_open", "td_open"}
_BETWEEN_CELLS = " | "


def plain_text(tokens: Sequence[Token]) -> str:
    """Return the text that a reader of the tokens sees, one line for each block or table row.

    Citations are left out with the space before them; a term gives its shown text.
    """
    pieces: list[str] = []
    for i, token in enumerate(tokens):
        if token.type == "inline":
            pieces += _inline(token.children or [])
        elif token.type in _CELLS and tokens[i - 1].type != "tr_open":
            pieces.append(_BETWEEN_CELLS)
        else:
            pieces.append(token.content)
        if token.type in _ENDS_A_LINE:
            pieces.append("\n")
    lines = (clean_line(line) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _inline(children: Sequence[Token]) -> list[str]:
    pieces: list[str] = []
    for token in children:
        if token.type == "citations":
            if pieces:
                pieces[-1] = pieces[-1].rstrip()
        elif token.type == "term":
            pieces.append(term_of(token).shown)
        elif token.type == "softbreak":
            pieces.append(" ")
        elif token.type == "hardbreak":
            pieces.append("\n")
        else:
            pieces.append(token.content)
    return pieces

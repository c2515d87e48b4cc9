"""Markdown with citations and links to terms: to safe HTML, to plain text, and what was used.

Text is rendered once, when it is saved (`render_block`, `render_inline`), to HTML that holds
tokens in place of numbers and addresses; `fill` puts those in when a page is made. `clean_line`
and `clean_body` give the canonical form in which texts are stored and compared.
"""

from .blocks import clean_body, scan_lines
from .characters import clean_line, fold, scrub, searchable
from .fill import Filled, Use, compact_place, fill
from .render import Rendered, render_block, render_inline
from .uses import MAX_KEY_LENGTH, Citation, TermUse, is_key, without_uses, written_citations

__all__ = [
    "MAX_KEY_LENGTH",
    "Citation",
    "Filled",
    "Rendered",
    "TermUse",
    "Use",
    "clean_body",
    "clean_line",
    "compact_place",
    "fill",
    "fold",
    "is_key",
    "render_block",
    "render_inline",
    "scan_lines",
    "scrub",
    "searchable",
    "without_uses",
    "written_citations",
]

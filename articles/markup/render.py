"""Markdown to stored HTML, plain text and what was used. Done at save, never at view."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from .blocks import clean_body
from .characters import clean_line
from .parser import article_parser
from .plain import plain_text
from .sanitise import sanitise
from .uses import Citation, TermUse, citations_of, term_of


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text ready to be stored for the page.

    `html` is safe, and holds a token for each citation and term, which `fill` replaces. `text`
    is what a reader sees, for search. `citations` and `terms` are the uses in their order,
    repeated ones included.
    """

    html: str
    text: str
    citations: tuple[Citation, ...]
    terms: tuple[TermUse, ...]


def render_block(text: str) -> Rendered:
    """Render a body: paragraphs, lists, quotes, code, tables, and headings as h4 to h6.

    Any text gives a result; what is no Markdown is shown as it was typed.
    """
    return _render(article_parser().parse(clean_body(text)))


def render_inline(text: str) -> Rendered:
    """Render a statement of one line: emphasis, code, links, citations and terms, no blocks."""
    return _render(article_parser().parseInline(clean_line(text)))


def _render(tokens: Sequence[Token]) -> Rendered:
    parser = article_parser()
    inline = list(_inline_tokens(tokens))
    return Rendered(
        html=sanitise(parser.renderer.render(tokens, parser.options, {})).strip("\n"),
        text=plain_text(tokens),
        citations=tuple(
            citation
            for token in inline
            if token.type == "citations"
            for citation in citations_of(token)
        ),
        terms=tuple(term_of(token) for token in inline if token.type == "term"),
    )


def _inline_tokens(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from token.children or []

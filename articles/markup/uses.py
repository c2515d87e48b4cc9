r"""What a text uses: its citations and its links to terms, and how both are written.

Citations, after Pandoc's: `[@krizhevsky2012]`, `[@krizhevsky2012, p. 3]`, several as
`[@a; @b, p. 3]`. Links to terms: `[[back-propagation]]`, `[[back-propagation|the shown text]]`
(`\|` inside tables). In places and names, backslash escapes work as elsewhere in Markdown.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from .characters import clean_line, fold

MAX_KEY_LENGTH = 100

# Every repetition is bounded or possessive, so that no input makes these patterns slow.
_ITEM = re.compile(
    r"@(?P<key>[^\s,;\[\]@\\`]{1,100}+)\s*+"
    r"(?:,(?P<place>(?:\\.|[^;\[\]\\`]){0,200}+))?"
)
_ANY_ITEM = re.sub(r"\?P<\w+>", "?:", _ITEM.pattern)
_CITATIONS = re.compile(rf"\[\s*+{_ANY_ITEM}(?:;\s*+{_ANY_ITEM})*+\]")
_CITED = re.compile(rf"(?<!\s)\s*+{_CITATIONS.pattern}")
_TERM = re.compile(
    r"\[\[(?P<name>(?:\\[^|\n]|[^\[\]|\\`]){1,200}+)"
    r"(?:\\?\|(?P<shown>(?:\\.|[^\[\]|\\`]){1,300}+))?\]\]"
)


@dataclass(frozen=True, slots=True)
class Citation:
    """One use of a reference: the reference's key, and a place in it such as "p. 3", or ""."""

    key: str
    place: str


@dataclass(frozen=True, slots=True)
class TermUse:
    """One link to a term: the name it is looked up by, and the text that readers see."""

    name: str
    shown: str


def is_key(text: str) -> bool:
    """Tell whether the text can be the key of a reference.

    A letter or digit of any script, then letters, digits, marks and `_ - : .`, at most 100.
    """
    return (
        0 < len(text) <= MAX_KEY_LENGTH
        and text[0].isalnum()
        and all(
            char.isalnum() or char in "_-:." or unicodedata.category(char).startswith("M")
            for char in text
        )
    )


def written_citations(source: str) -> list[Citation]:
    """The citations that a Markdown text holds, in their order, found without parsing it.

    A hundred times faster than rendering, and enough to tell what changed: one inside a block of
    code counts too.
    """
    return [
        Citation(item["key"], _plain(item["place"] or ""))
        for found in _CITATIONS.finditer(source)
        for item in _ITEM.finditer(found[0])
    ]


def without_uses(source: str) -> str:
    """A Markdown text without its citations, its links to terms as the text that readers see."""
    return _TERM.sub(lambda found: found["shown"] or found["name"], _CITED.sub("", source))


def add_uses(parser: MarkdownIt) -> None:
    """Teach the parser citations and links to terms, and to render them as tokens.

    Both stand behind links, so that `[@name](https://…)` stays a link. The tokens are elements
    that nobody can type while raw HTML is off; they hold no number and no address, which the
    page fills in later.
    """
    parser.inline.ruler.after("link", "citations", _citations)
    parser.inline.ruler.after("link", "term", _term)
    parser.add_render_rule("citations", _render_citations)
    parser.add_render_rule("term", _render_term)


def citations_of(token: Token) -> tuple[Citation, ...]:
    """Return the citations that a token of type `citations` carries, in their order."""
    found: tuple[Citation, ...] = token.meta["citations"]
    return found


def term_of(token: Token) -> TermUse:
    """Return the link that a token of type `term` carries."""
    found: TermUse = token.meta["term"]
    return found


def _citations(state: StateInline, silent: bool) -> bool:
    # Looking ahead (silent) happens only while the parser seeks the end of a link's text. There
    # the brackets must count as plain ones, or a link around them would not be seen.
    if silent or not (found := _CITATIONS.match(state.src, state.pos, state.posMax)):
        return False
    citations = tuple(
        Citation(item["key"], _plain(item["place"] or "")) for item in _ITEM.finditer(found[0])
    )
    if not all(is_key(citation.key) for citation in citations):
        return False
    _push(state, "citations", found[0], citations)
    return True


def _term(state: StateInline, silent: bool) -> bool:
    if silent or not (found := _TERM.match(state.src, state.pos, state.posMax)):
        return False
    name = _plain(found["name"])
    shown = name if found["shown"] is None else _plain(found["shown"])
    if not name or not shown:
        return False
    _push(state, "term", found[0], TermUse(name, shown))
    return True


def _push(
    state: StateInline, kind: str, source: str, value: tuple[Citation, ...] | TermUse
) -> None:
    token = state.push(kind, "", 0)
    token.content = source
    token.meta = {kind: value}
    state.pos += len(source)


def _plain(source: str) -> str:
    return clean_line(unescapeAll(source))


def _render_citations(
    renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    return "".join(
        f'<mp-cite data-key="{escape(citation.key)}" data-place="{escape(citation.place)}">'
        "</mp-cite>"
        for citation in citations_of(tokens[at])
    )


def _render_term(
    renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    term = term_of(tokens[at])
    return f'<mp-term data-name="{escape(fold(term.name))}">{escape(term.shown)}</mp-term>'

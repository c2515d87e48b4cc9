"""Stored HTML to the page's HTML: numbers, addresses and back-link ids, in one pass.

Stored HTML knows neither the number of a reference nor the address of a term, since both change
without the text. The pass relies on the form that `sanitise` guarantees.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Literal

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

_CITATION = r'<mp-cite data-key="([^"]*)" data-place="([^"]*)"></mp-cite>'
_ANY_CITATION = _CITATION.replace("([", "(?:[")
_SPACE = r"(?:\s|&nbsp;)*+"

# All alternatives share the first character outside any group, which makes the search fast.
_PLACES = re.compile(
    rf"<(?:(?P<citations>{_ANY_CITATION[1:]}(?:{_SPACE}{_ANY_CITATION})*+)"
    r'|mp-term data-name="(?P<name>[^"]*)">(?P<shown>[^<]*)</mp-term>'
    r"|(?P<end>/?)h(?P<level>[456])>"
    r"|(?P<tag>table|/table|pre)>)"
)
_EACH_CITATION = re.compile(_CITATION)

_EMPTY_PARAGRAPH = re.compile(r"<p>\s*</p>\n?")

# "p. 439", "pp. 3–5", "p 12": the commonest places have a shorter and a spoken form.
_PAGES = re.compile(r"(pp?)(?:\.\s*|\s+)(\S.*)", re.IGNORECASE)

type Cites = Literal["inline", "pulled"]


@dataclass(frozen=True, slots=True)
class Use:
    """One citation as it stands on the page: its id there, and what it cites."""

    id: str
    key: str
    place: str
    number: int


@dataclass(frozen=True, slots=True)
class Filled:
    """HTML for the page, the citations in it in their order, and cited keys without reference."""

    html: SafeString
    uses: tuple[Use, ...]
    missing: tuple[str, ...]


def fill(
    html: str,
    *,
    numbers: Mapping[str, int],
    targets: Mapping[str, str],
    part: str,
    cites: Cites = "inline",
    show_missing: bool = False,
    top_heading: int = 4,
    language: str = "",
) -> Filled:
    """Fill the tokens of a `Rendered.html` for a page, in the active language.

    `numbers` gives the number of each reference by key, `targets` the address of each term by
    folded name (see `fold`); an unknown term is plain text. `part` is the anchor of the part
    that the text belongs to: the citations get the ids `cite-{part}-{n}` with n from 1.
    With `cites="pulled"` they
    are taken out of the text and only listed in `uses`. An unknown key shows nothing to
    readers; `show_missing` names it, for editors. `top_heading` is the level of the highest
    headings in the text, 3 or 4: 3 under a heading of level 2, so that no level is left out.
    `language` is that of the text: where it is another, words that are added say their own.
    """
    page = _Page(numbers, targets, part, cites == "inline", show_missing, top_heading)
    own = get_language()
    page.words = f' lang="{own}"' if language and language != own else ""
    pieces: list[str] = []
    done = 0
    for found in _PLACES.finditer(html):
        before = html[done : found.start()]
        done = found.end()
        if found["citations"]:
            # A mark or a gap: neither wants the space that was typed before the brackets.
            pieces += _without_last_space(before), page.citations(found[0])
        else:
            pieces += before, page.element(found)
    pieces.append(html[done:])
    filled = "".join(pieces)
    if cites == "pulled":
        # A paragraph that held citations only has nothing left to say.
        filled = _EMPTY_PARAGRAPH.sub("", filled)
    return Filled(
        # The input is sanitised, and what `_Page` adds is escaped.
        html=mark_safe(filled),  # noqa: S308
        uses=tuple(page.uses),
        missing=tuple(page.missing),
    )


def compact_place(place: str) -> str:
    """Return the place as it stands behind a number: "p. 439" as ":439", "ch. 3" as ":ch. 3"."""
    pages = _PAGES.fullmatch(place)
    return f":{pages[2] if pages else place}" if place else ""


@dataclass(slots=True)
class _Page:
    """What one call of `fill` knows, and what it has met so far."""

    numbers: Mapping[str, int]
    targets: Mapping[str, str]
    part: str
    is_inline: bool
    show_missing: bool
    top_heading: int
    uses: list[Use] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    # The attribute of the words that are added.
    words: str = ""

    def citations(self, run: str) -> str:
        """Return the HTML for citations that stand side by side, as one mark."""
        marks: list[str] = []
        gaps: list[str] = []
        for pair in _EACH_CITATION.findall(run):
            key, place = map(unescape, pair)
            if key not in self.numbers:
                self.missing.append(key)
                gaps.append(_gap(key))
                continue
            count = 1 + len(self.uses)
            use = Use(f"cite-{self.part}-{count}", key, place, self.numbers[key])
            self.uses.append(use)
            if self.is_inline:
                marks.append(_mark(use, self.words))
        html = f'<sup class="cite">{", ".join(marks)}</sup>' if marks else ""
        return html + "".join(gaps) if self.show_missing else html

    def element(self, found: re.Match[str]) -> str:
        """Return the HTML for a term or for a tag that looks different on the page."""
        if found["name"] is not None:
            target = self.targets.get(unescape(found["name"]))
            shown = found["shown"]
            return f'<a class="term" href="{escape(target)}">{shown}</a>' if target else shown
        if found["level"]:
            return f"<{found['end']}h{int(found['level']) - 4 + self.top_heading}>"
        if found["tag"] == "table":
            # Wide tables scroll in a box of their own, which the keyboard must reach. A group,
            # not a region: two tables would be two landmarks of one name.
            label = escape(_("Table"))
            return f'<div class="scroll" role="group" aria-label="{label}" tabindex="0"><table>'
        return "</table></div>" if found["tag"] == "/table" else '<pre tabindex="0">'


def _mark(use: Use, words: str) -> str:
    # The hidden word makes a name of the number; an aria-label would hide what is seen.
    place = f'<span class="place">{escape(compact_place(use.place))}</span>' if use.place else ""
    word = escape(_("Reference"))
    return (
        f'<a id="{escape(use.id)}" href="#reference-{escape(use.key)}">'
        f'<span class="visually-hidden"{words}>{word} </span>'
        f"{use.number}{place}</a>"
    )


def _gap(key: str) -> str:
    label = escape(_("source missing: %(key)s") % {"key": key})
    return f' <span class="missing">{label}</span>'


def _without_last_space(html: str) -> str:
    html = html.rstrip()
    while html.endswith("&nbsp;"):
        html = html.removesuffix("&nbsp;").rstrip()
    return html

"""A page as it stands in a copy: without what only a server does, with links that lead to files.

The page is read from left to right and only the places that must be other are changed; all other
bytes stay as the site wrote them. Knows no database.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import escape, unescape
from html.parser import HTMLParser
from typing import Any

from articles.exporting.addresses import Addresses, Kind, Target

_LINKS = {"href", "src"}
_VOID = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"),
    *("track", "wbr"),
}
# What says nothing once everything in it is gone.
_EMPTIED = {"li", "p", "ul", "ol", "dd", "nav", "details"}
# What is something to see although it has no text.
_SHOWS = {"img", "svg", "input", "button", "audio", "video"}
# Links whose words only name what is done there, by the beginning of their address.
_ACTION = re.compile(
    r"/(?:admin|accounts)/|/search/|/articles/[^/]+/(?:since|discussion/new|history|cite)/"
)
_HTMX = re.compile(r'\s+data-(?:hx-[\w-]+|since)(?:="[^"]*"|=\'[^\']*\')?')
_URL = re.compile(
    r"""(?P<before>url\(\s*|@import\s+(?=["']))(?P<sign>["']?)(?P<address>[^"')\s]+)(?P=sign)"""
)
# A note takes the place of what is wanted where it stands; by the class or id of the element.
FILTER, COMMENT = "filter", "comment"
_NOTED = {"timeline-filter": FILTER, "comment-new": COMMENT}
# In the HTML that an entry of a feed holds, escaped: a link that stands alone, or within a text.
_ENTRY_LINK = re.compile(
    r"(?P<before>&lt;p&gt;)?&lt;a href="
    r"(?P<sign>\"|&quot;)(?P<link>[^\"&]*(?:&amp;[^\"&]*)*)(?P=sign)&gt;"
    r"(?P<words>(?:(?!&lt;).)*)&lt;/a&gt;(?P<after>(?(before)&lt;/p&gt;))?"
)
_FOOT = re.compile(r'(<footer class="colophon.*?)(\s*</div>\s*</footer>)', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Notes:
    """What a copy says in the place of what it cannot do, as texts."""

    foot: str
    filter: str
    comment: str


@dataclass(slots=True)
class Rewritten:
    """A page of the copy, the addresses that it leads to, and how many links were taken out."""

    text: str
    targets: list[Target]
    taken_out: int


@dataclass(slots=True)
class _Open:
    """An element that has begun: where, and what of it is left."""

    tag: str
    start: int
    inner: int
    attributes: dict[str, str]
    # Taken out: with its words, or only its tags.
    drop: bool = False
    unwrap: bool = False
    note: str = ""
    lost: bool = False
    shows: bool = False
    lost_answers: bool = False
    has_answers: bool = False


class _Page(HTMLParser):
    """Finds what must be changed in a page."""

    def __init__(
        self, text: str, page: str, addresses: Addresses, missing: frozenset[str], notes: Notes
    ) -> None:
        super().__init__(convert_charrefs=False)
        self.text, self.page = text, page
        self.addresses, self.missing, self.notes = addresses, missing, notes
        self.lines = [0]
        # The parser counts lines by "\n" alone.
        for line in text.split("\n"):
            self.lines.append(self.lines[-1] + len(line) + 1)
        self.open: list[_Open] = []
        # Places to change: start, end, what comes there.
        self.edits: list[tuple[int, int, str]] = []
        self.targets: list[Target] = []
        self.taken_out = 0

    @property
    def place(self) -> int:
        """Where in the text the parser is."""
        line, column = self.getpos()
        return self.lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at the links of an element, and at whether it can stay."""
        source = self.get_starttag_text() or ""
        start = self.place
        known = {name: value or "" for name, value in attrs}
        element = _Open(tag, start, start + len(source), known)
        self._judge(element)
        if tag in _VOID:
            if element.drop:
                self._take_out(start, element.inner)
                self._lose()
                return
        else:
            self.open.append(element)
        if tag in _SHOWS:
            self._show()
        if not element.drop:
            self._rewrite_tag(element, source)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element of SVG without content, or a void one written in the way of XML."""
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._close(self.open.pop(), self.place + len(self.get_starttag_text() or ""))

    def handle_endtag(self, tag: str) -> None:
        """Take out what lost all that was in it."""
        if not any(element.tag == tag for element in self.open):
            return
        end = self.text.index(">", self.place) + 1
        while True:
            element = self.open.pop()
            if element.tag == tag:
                break
        self._close(element, end)

    def handle_data(self, data: str) -> None:
        """Text that is seen."""
        if data.strip():
            self._show()

    def handle_entityref(self, name: str) -> None:
        """A sign that is seen."""
        self._show()

    def handle_charref(self, name: str) -> None:
        """A sign that is seen."""
        self._show()

    # ------------------------------------------------------------------------------------------

    def _judge(self, element: _Open) -> None:
        """Whether an element goes, with or without its words."""
        tag, known = element.tag, element.attributes
        names = {known.get("id", ""), *known.get("class", "").split()}
        for name in names & _NOTED.keys():
            element.drop = True
            element.note = getattr(self.notes, _NOTED[name])
        if (
            tag == "form"
            or (tag == "input" and "form" in known)
            or (tag == "meta" and known.get("name", "").startswith("htmx-"))
        ):
            element.drop = True
        link = known.get("href")
        if tag not in {"a", "link"} or link is None:
            return
        target = self.addresses.read(link, self.page)
        if target.kind is Kind.OTHER or (
            target.kind is Kind.PAGE and target.address not in self.missing
        ):
            return
        self.taken_out += 1
        is_drawn = any(outer.tag == "svg" for outer in self.open)
        path = link.removeprefix(self.addresses.url)
        is_action = _ACTION.match(path) or path.startswith("?")
        if tag == "link" or (is_action and not is_drawn and not self._is_prose()):
            element.drop = True
        else:
            element.unwrap = True

    def _is_prose(self) -> bool:
        """Whether this is in a text that somebody wrote: its words stay."""
        return any(
            "prose" in outer.attributes.get("class", "") or outer.tag == "h2" for outer in self.open
        )

    def _rewrite_tag(self, element: _Open, source: str) -> None:
        if element.unwrap:
            self.edits.append((element.start, element.inner, ""))
            return
        changed = _HTMX.sub("", source)
        for name, value in element.attributes.items():
            if name not in _LINKS and (name, element.tag) != ("content", "meta"):
                continue
            target = self.addresses.read(value, self.page)
            if name == "content" and not target.absolute:
                continue
            if target.kind is not Kind.PAGE or target.address in self.missing:
                continue
            if name != "content" or element.attributes.get("property", "") == "og:image":
                self.targets.append(target)
            link = self.addresses.write(target, self.page)
            if link != value:
                changed = changed.replace(_as_written(source, name), f'{name}="{escape(link)}"', 1)
        if changed != source:
            self.edits.append((element.start, element.inner, changed))

    def _close(self, element: _Open, end: int) -> None:
        if element.unwrap:
            self.edits.append((end - len(element.tag) - 3, end, ""))
            if element.shows:
                self._show()
            return
        is_row = element.tag == "div" and element.lost_answers and not element.has_answers
        is_empty = element.lost and not element.shows and element.tag in _EMPTIED
        if element.tag == "script" and "ld+json" in element.attributes.get("type", ""):
            data = self.text[element.inner : self.place]
            if "potentialAction" in data:
                self.edits.append((element.inner, self.place, without_search(data)))
        if element.drop or is_row or is_empty:
            note = f'<p class="quiet">{escape(element.note)}</p>' if element.note else ""
            self._take_out(element.start, end, note)
            if note:
                self._show()
            self._lose(is_answer=element.tag == "dd")
            return
        if element.shows:
            self._show()
        if element.tag == "dd" and self.open:
            self.open[-1].has_answers = True

    def _take_out(self, start: int, end: int, instead: str = "") -> None:
        """Take a piece out, with all that was to be changed in it, and the signs around it."""
        self.edits = [edit for edit in self.edits if edit[0] < start]
        before, after = self.text[max(0, start - 2) : start], self.text[end : end + 1]
        if before.endswith("(") and after == ")":
            start, end = start - (2 if before[0] == " " else 1), end + 1
        elif after == "." and before.rstrip().endswith((".", ">")):
            end += 1
        self.edits.append((start, end, instead))

    def _lose(self, *, is_answer: bool = False) -> None:
        if self.open:
            self.open[-1].lost = True
            self.open[-1].lost_answers |= is_answer

    def _show(self) -> None:
        if self.open:
            self.open[-1].shows = True

    def result(self) -> str:
        """The text with all changes."""
        pieces, end = [], 0
        for start, stop, instead in sorted(self.edits):
            pieces += [self.text[end:start], instead]
            end = stop
        return "".join([*pieces, self.text[end:]])


def _as_written(source: str, name: str) -> str:
    """The attribute as the tag has it."""
    found = re.search(rf'(?<![\w-]){name}=("[^"]*"|\'[^\']*\'|[^\s>]+)', source)
    return found[0] if found else ""


def without_search(data: str) -> str:
    """Linked data that does not promise a search."""

    def cleaned(value: Any) -> Any:
        if isinstance(value, list):
            return [cleaned(each) for each in value]
        if isinstance(value, dict):
            return {k: cleaned(each) for k, each in value.items() if k != "potentialAction"}
        return value

    written = json.dumps(cleaned(json.loads(data)), ensure_ascii=False, separators=(",", ":"))
    return written.translate({ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"})


def rewrite_page(
    text: str, page: str, addresses: Addresses, missing: frozenset[str], notes: Notes
) -> Rewritten:
    """A page of HTML, of this address, as it stands in the copy; `missing` are not there."""
    parser = _Page(text, page, addresses, missing, notes)
    parser.feed(text)
    parser.close()
    note = f'\n    <p class="quiet">{escape(notes.foot)}</p>'
    whole = _FOOT.sub(lambda match: match[1] + note + match[2], parser.result(), count=1)
    return Rewritten(whole, parser.targets, parser.taken_out)


def rewrite_stylesheet(text: str, page: str, addresses: Addresses) -> Rewritten:
    """A stylesheet as it stands in the copy."""
    targets = []

    def rewritten(match: re.Match[str]) -> str:
        target = addresses.read(match["address"], page)
        if target.kind is not Kind.PAGE:
            return match[0]
        targets.append(target)
        if not match["address"].startswith("/"):
            return match[0]
        return f"{match['before']}{match['sign']}{addresses.write(target, page)}{match['sign']}"

    return Rewritten(_URL.sub(rewritten, text), targets, 0)


def rewrite_text(text: str, page: str, addresses: Addresses) -> Rewritten:
    """A file for programs: the addresses of the site in it, where they are pages of a list.

    Feeds and sitemaps name pages by whole addresses, which stay but for queries.
    """
    targets = []

    def rewritten(match: re.Match[str]) -> str:
        target = addresses.read(unescape(match[0]), page)
        if target.kind is not Kind.PAGE:
            return match[0]
        targets.append(target)
        return addresses.write(target, page) if "?" in match[0] else match[0]

    def unlinked(match: re.Match[str]) -> str:
        if addresses.read(unescape(match["link"]), page).kind is not Kind.LEFT_OUT:
            return match[0]
        return "" if match["before"] and match["after"] else match["words"]

    text = _ENTRY_LINK.sub(unlinked, text)
    site = re.compile(re.escape(addresses.url) + r"""(?:/[^\s"'<>()\\]*)?(?=["'<])""")
    return Rewritten(site.sub(rewritten, text), targets, 0)


def redirect_page(link: str, title: str, words: str) -> str:
    """A page that leads elsewhere at once."""
    href = escape(link)
    return (
        f'<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        f'<meta name="robots" content="noindex">\n'
        f'<meta http-equiv="refresh" content="0; url={href}">\n</head>\n'
        f'<body><p><a href="{href}">{escape(words)}</a></p></body>\n</html>\n'
    )

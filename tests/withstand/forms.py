"""The forms of a page, and what a browser would send of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.withstand.requests import Pairs


@dataclass
class Form:
    """A form of a page: where it goes and what a browser would send."""

    action: str
    method: str = "get"
    pairs: Pairs = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.inside = False
        self.area = self.list = ""
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: text or "" for name, text in attrs}
        if tag == "form":
            self.inside = True
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        if not self.inside:
            return
        name, pairs = given.get("name", ""), self.forms[-1].pairs
        if tag in {"input", "button"} and name:
            kind = given.get("type")
            if kind not in {"checkbox", "radio"} or "checked" in given:
                # A box without a value of its own says "on".
                default = "on" if kind in {"checkbox", "radio"} else ""
                pairs.append((name, given.get("value", default)))
        elif tag == "textarea":
            self.area, self.text = name, ""
        elif tag == "select":
            self.list = name
        elif tag == "option" and "selected" in given and self.list:
            pairs.append((self.list, given.get("value", "")))

    def handle_data(self, data: str) -> None:
        self.text += data if self.area else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self.inside:
            self.forms[-1].pairs.append((self.area, self.text))
            self.area = ""


def forms_in(html: str) -> list[Form]:
    """All forms of a page."""
    parser = _Forms()
    parser.feed(html)
    return parser.forms

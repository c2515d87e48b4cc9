"""Reading the admin's pages as a browser does: what a form would send, and what a page says."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from articles.models import Article

type Data = dict[str, Any]


class _Forms(HTMLParser):
    """Collects the fields of the form with a given id, or of the last form without one."""

    def __init__(self, form_id: str) -> None:
        super().__init__(convert_charrefs=True)
        self.form_id = form_id
        self.inside = False
        self.data: dict[str, list[str]] = {}
        self.textarea = self.select = ""
        self.text = ""
        self.first = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.inside = (given.get("id") or "") == self.form_id
        if not self.inside:
            return
        name = given.get("name") or ""
        if tag == "input" and name and given.get("type") not in {"submit", "button"}:
            if given.get("type") in {"checkbox", "radio"} and "checked" not in given:
                return
            self.add(name, given.get("value") or ("on" if given.get("type") == "checkbox" else ""))
        elif tag == "textarea":
            self.textarea, self.text = name, ""
        elif tag == "select":
            self.select, self.first = name, ""
            self.data.setdefault(name, [])
        elif tag == "option" and "selected" in given:
            self.add(self.select, given.get("value") or "")

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self.inside:
            # Browsers drop the line end that stands first in the source.
            self.add(self.textarea, self.text.removeprefix("\n").replace("\n", "\r\n"))
            self.textarea = ""

    def add(self, name: str, value: str) -> None:
        self.data.setdefault(name, []).append(value)


def form_data(response: HttpResponse, form_id: str = "article_form") -> Data:
    """What a browser would send of the form when nothing is touched, the templates of rows too."""
    parser = _Forms(form_id)
    parser.feed(response.content.decode())
    return {name: values[0] if len(values) == 1 else values for name, values in parser.data.items()}


def change_url(article: Article) -> str:
    """The address of an article's form."""
    return reverse("admin:articles_article_change", args=[article.pk])


def open_form(client: Client, article: Article) -> Data:
    """What the article's form would send right after it was opened."""
    response = client.get(change_url(article))
    assert response.status_code == 200
    return form_data(response)


def row_of(data: Data, prefix: str, field: str, value: str) -> str:
    """The beginning of the names of the row whose `field` says `value`: `facts-0-`."""
    names = (name for name, given in data.items() if given == value)
    return next(
        name.removesuffix(field)
        for name in names
        if name.startswith(f"{prefix}-") and name.endswith(f"-{field}")
    )


def add_row(data: Data, prefix: str, **fields: Any) -> str:
    """Add a row as the page's script does; the beginning of its names."""
    number = int(data[f"{prefix}-TOTAL_FORMS"])
    data[f"{prefix}-TOTAL_FORMS"] = str(number + 1)
    start = f"{prefix}-__prefix__-"
    blank = {name: value for name, value in data.items() if name.startswith(start)}
    for name, value in blank.items():
        data[name.replace("__prefix__", str(number))] = value
    data.update({f"{prefix}-{number}-{name}": value for name, value in fields.items()})
    return f"{prefix}-{number}-"


def errors_in(response: HttpResponse) -> list[str]:
    """Every message about something wrong that the page shows, in order."""
    parser = _Errors()
    parser.feed(response.content.decode())
    return parser.found


class _Errors(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.depth = 0
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = (dict(attrs).get("class") or "").split()
        if tag == "ul" and "errorlist" in classes:
            self.depth = 1
        elif self.depth and tag == "li":
            self.found.append("")

    def handle_data(self, data: str) -> None:
        if self.depth and self.found:
            self.found[-1] = f"{self.found[-1]} {data.strip()}".strip()

    def handle_endtag(self, tag: str) -> None:
        if tag == "ul":
            self.depth = 0

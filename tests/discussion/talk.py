"""Guests at work: opening the form of a comment as a browser does, and sending it."""

from __future__ import annotations

import datetime
from typing import Any

import time_machine
from django.test import Client

from articles.discussion.models import Comment
from articles.discussion.thread import form_address
from articles.models import Article
from tests.html import Element, parse

HTMX = {"HX-Request": "true"}
MINUTE = datetime.timedelta(minutes=1)
NAMES = ("input", "textarea", "select")


def fields(tree: Element) -> dict[str, str]:
    """What a browser would send of the form of a comment."""
    form = tree.one("form", class_="comment-form")
    data = {}
    for field in (element for element in form.walk() if element.tag in NAMES):
        value = field.get("value") or ""
        if field.tag == "textarea":
            # HTML drops the first line break.
            value = "".join(map(str, field.children)).removeprefix("\n")
        elif field.tag == "select":
            chosen = [option for option in field.all("option") if "selected" in option.attributes]
            value = (chosen or field.all("option"))[0]["value"]
        data[field["name"]] = value
    return data


def open_form(client: Client, article: Article, **about: Any) -> dict[str, str]:
    """The fields of a form that is opened now."""
    response = client.get(form_address(article, **about))
    assert response.status_code == 200
    return fields(parse(response.content))


def send(
    client: Client, article: Article, data: dict[str, str] | None = None, **changes: Any
) -> Any:
    """Send a form a minute later, by default a new one with a name and a text.

    `after` is another time to wait, `headers` and `meta` are the request's, the rest is typed.
    """
    headers, meta = changes.pop("headers", None), changes.pop("meta", {})
    after = changes.pop("after", MINUTE)
    data = data or open_form(client, article) | {"name": "Ana", "body": "Where is the source?"}
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + after, tick=False):
        return client.post(form_address(article), data | changes, headers=headers, **meta)


def only_comment() -> Comment:
    """The one comment there is."""
    found: Comment = Comment.objects.get()
    return found


def problems(response: Any) -> list[str]:
    """The sentences that say what is wrong with a form."""
    tree = parse(response.content)
    return [item.text for item in tree.one("div", class_="problems").all("li")]

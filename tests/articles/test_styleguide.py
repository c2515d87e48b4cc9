"""The style page for developers draws every component, keeps nothing, and is not on a real site."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from articles.discussion.models import Comment
from articles.models import Article, Term, User
from articles.standing import Standing
from articles.styleguide.views import TOKENS
from tests.articles.bridges import make_article
from tests.html import Element, parse

pytestmark = pytest.mark.django_db

developing = pytest.mark.urls("tests.articles.styleguide_urls")
STATIC = Path(__file__).parents[2] / "static/css"

# Where the site answers with something else than 200.
STATUSES = {"refused": 422, "missing": 404, "spent": 404}


def specimens(client: Client) -> dict[str, str]:
    """Names and addresses of the whole pages that the style page leads to."""
    page = parse(client.get("/styleguide/").content)
    links = page.one("section", aria_labelledby="guide-pages").all("a")
    return {a["href"].split("/")[2]: a["href"] for a in links if "?" not in a["href"]}


def drawn(client: Client, name: str) -> Element:
    """One of those pages."""
    return parse(client.get(f"/styleguide/{name}/").content)


def test_a_real_site_has_no_style_page(client: Client) -> None:
    assert client.get("/styleguide/").status_code == 404


@developing
def test_every_page_is_drawn_and_nothing_is_kept(client: Client) -> None:
    make_article()
    kept = [model.objects.count() for model in (Article, Comment, Term, User)]
    found = specimens(client)
    assert len(found) > 15
    for name, address in found.items():
        answer = client.get(address)
        assert answer.status_code == STATUSES.get(name, 200), name
        assert parse(answer.content).one("html")["dir"] == "ltr"
    assert parse(client.get(f"{found['article']}?dir=rtl").content).one("html")["dir"] == "rtl"
    assert [model.objects.count() for model in (Article, Comment, Term, User)] == kept


@developing
def test_the_article_holds_every_kind_of_part(client: Client) -> None:
    page = drawn(client, "article")
    parts = {element["data-part"] for element in page.all() if element.get("data-part")}
    assert parts == {
        "infobox-row", "section", "fact", "milestone", "related-term", "question", "reference",
    }  # fmt: skip
    classes = " ".join(element.get("class") or "" for element in page.all())
    for kind in (
        "extent",
        "extent-loose",
        "extent-open",
        "shape-circa",
        "mark-stale",
        "mark-unsourced",
    ):
        assert kind in classes, kind


@developing
def test_pieces_stand_there_in_both_themes_with_every_standing(client: Client) -> None:
    page = parse(client.get("/styleguide/").content)
    themes = page.all("div", class_="guide-theme")
    assert [theme["data-theme"] for theme in themes] == ["light", "dark"]
    for theme in themes:
        for standing in Standing:
            assert theme.all("span", class_=f"mark-{standing.value}")
            assert theme.all(class_=f"tick-{standing.value}")


@developing
def test_the_discussion_holds_every_state_of_a_comment(client: Client) -> None:
    page = drawn(client, "discussion")
    assert page.all("div", class_="removed")
    assert page.all("span", class_="role")
    assert page.all("ol", class_="replies")
    assert drawn(client, "held").all("div", class_="held")
    assert drawn(client, "refused").all("div", class_="problems")


def test_browsers_without_two_themes_get_the_light_one() -> None:
    tokens = (STATIC / "tokens.css").read_text(encoding="utf-8")
    both = dict(re.findall(r"--([\w-]+): light-dark\((#\w+), #\w+\);", tokens))
    fallback = tokens[tokens.index("@supports not (color: light-dark") :]
    light = dict(re.findall(r"--([\w-]+): (#\w+);", fallback))
    assert len(both) > 20
    assert light == both


def test_every_colour_of_the_tokens_is_on_the_style_page() -> None:
    tokens = (STATIC / "tokens.css").read_text(encoding="utf-8")
    named = re.findall(r"--([\w-]+): light-dark\(", tokens)
    assert sorted(set(named)) == sorted(TOKENS)
    swatches = (STATIC / "styleguide.css").read_text(encoding="utf-8")
    assert re.findall(r"\.swatch-([\w-]+) \{ background: var\(--\1\); \}", swatches) == TOKENS

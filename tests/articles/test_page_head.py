"""The head of a page for programs: its address, Open Graph, citation, its other forms."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client

from articles.languages import open_graph_locale
from articles.models import Article, SiteSettings
from tests.articles.addresses import addresses, is_file, make_site
from tests.articles.bridges import make_article
from tests.browser.kinds import arabic
from tests.html import parse

pytestmark = pytest.mark.django_db

ROOT = "http://127.0.0.1:8000"
# Fragments are no pages.
PAGES = [a for a in addresses() if not is_file(a) and not a.endswith("/preview/")]


def head_of(client: Client, address: str) -> Any:
    return parse(client.get(address).content).one("head")


def named(head: Any, attribute: str) -> dict[str, str]:
    """The `<meta>`s of a head by this attribute; fails when one stands twice."""
    pairs = [(m[attribute], m["content"]) for m in head.all("meta") if m.get(attribute)]
    names = [name for name, _content in pairs if name != "htmx-config"]
    assert len(names) == len(set(names)), names
    return dict(pairs)


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_a_title_a_description_one_address_and_a_picture(
    client: Client, address: str
) -> None:
    make_site()

    head = head_of(client, address)

    graph, meta = named(head, "property"), named(head, "name")
    canonical = head.one("link", rel="canonical")["href"]
    assert canonical.startswith(f"{ROOT}/")
    assert graph["og:url"] == canonical
    assert graph["og:site_name"] == "Milepost"
    assert graph["og:image"].startswith(f"{ROOT}/media/cards/")
    assert head.one("title").text.startswith(graph["og:title"])
    assert meta["description"] == graph["og:description"]
    assert "<" not in meta["description"]
    assert not any(value == "" for value in graph.values())
    assert graph["og:type"] == ("article" if address == "/articles/stone-bridges/" else "website")


def test_a_view_of_an_article_has_the_articles_address(client: Client) -> None:
    make_article()
    for query in ("", "?from=1600", "?track=theory&q=x", "?at=milestone-hooke", "?utm_source=x"):
        head = head_of(client, f"/articles/stone-bridges/{query}")
        assert head.one("link", rel="canonical")["href"] == f"{ROOT}/articles/stone-bridges/"


def test_reference_managers_read_an_entry_of_an_encyclopedia(client: Client) -> None:
    article = make_article()

    meta = named(head_of(client, "/articles/stone-bridges/"), "name")

    cited = {n: v for n, v in meta.items() if n.startswith(("citation_", "z:"))}
    assert cited == {
        "z:itemType": "encyclopediaArticle",
        "citation_title": "Stone bridges",
        "citation_author": "Nora Pont",
        "citation_inbook_title": "Milepost",
        "citation_publisher": "Milepost",
        "citation_publication_date": article.published_at.strftime("%Y/%m/%d"),
        "citation_online_date": article.changed_at.strftime("%Y/%m/%d"),
        "citation_public_url": f"{ROOT}/articles/stone-bridges/",
        "citation_language": "en",
    }
    assert "citation_title" not in named(head_of(client, "/articles/"), "name")


def test_an_article_leads_to_its_other_forms_and_feeds(client: Client) -> None:
    make_article()

    links = head_of(client, "/articles/stone-bridges/").all("link", rel="alternate")

    assert [(link["type"], link["href"]) for link in links] == [
        ("application/atom+xml", "/articles/stone-bridges/feed.atom"),
        ("text/markdown", "/articles/stone-bridges.md"),
        ("application/json", "/articles/stone-bridges.json"),
        ("application/atom+xml", "/feeds/articles.atom"),
        ("application/atom+xml", "/feeds/comments.atom"),
    ]
    for link in links:
        response = client.get(link["href"])
        assert response.status_code == 200
        assert response["Content-Type"].startswith(link["type"])


def test_every_text_is_escaped(client: Client) -> None:
    text = '"><script>alert(1)</script> &amp; '
    SiteSettings.objects.update_or_create(pk=1, defaults={"name": text, "introduction": text})
    make_article(title=text, slug="x", author=text, short_answer='\\"\\>\\<script\\> &amp;amp;')

    for address in ("/", "/articles/x/", "/articles/"):
        body = client.get(address).content.decode()
        head = parse(body).one("head")
        assert "<script>alert" not in body
        assert named(head, "property")["og:site_name"] == text
    assert named(head_of(client, "/articles/x/"), "name")["citation_author"] == text.strip()


def test_a_page_of_another_language_says_so(client: Client) -> None:
    article = make_article(document=arabic())

    graph = named(head_of(client, article.get_absolute_url()), "property")

    assert graph["og:locale"] == "ar_AR"
    assert graph["og:title"] == "الجسور الحجرية"
    assert graph["og:url"].isascii()


@pytest.mark.parametrize(
    ("code", "locale"),
    [("en", "en_US"), ("en-gb", "en_GB"), ("zh-Hant-TW", "zh_TW"), ("pt_BR", "pt_BR"), ("xx", "")],
)
def test_a_language_is_a_locale_where_its_place_is_known(code: str, locale: str) -> None:
    assert open_graph_locale(code) == locale


def test_error_pages_and_forms_point_nowhere(client: Client) -> None:
    make_article()
    for address in ("/nothing/", "/articles/stone-bridges/discussion/new/"):
        head = head_of(client, address)
        assert head.all("link", rel="canonical") == []
        assert named(head, "property") == {}


# The twins ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".md", ".json", "/timeline.csv", "/timeline.json"])
def test_a_twin_is_open_to_programs_and_asked_again_only_when_it_changed(
    client: Client, ending: str
) -> None:
    make_article()
    address = f"/articles/stone-bridges{ending}"

    response = client.get(address)

    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Link"] == f'<{ROOT}/articles/stone-bridges/>; rel="canonical"'
    assert set(response.get("Vary", "").split(", ")) <= {"", "Accept-Encoding"}
    again = client.get(address, headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(address, headers={"if-none-match": '"other"'}).status_code == 200


def test_a_twin_of_an_editor_is_open_to_nobody(admin_client: Client) -> None:
    make_article(publish=False)

    response = admin_client.get("/articles/stone-bridges.json")

    assert response.status_code == 200
    assert "Access-Control-Allow-Origin" not in response
    assert response["Cache-Control"] == "private, no-store"


def test_an_article_was_not_changed_before_it_was_published(client: Client) -> None:
    make_article()
    day = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
    Article.objects.update(changed_at=day - datetime.timedelta(days=9), published_at=day)

    head = head_of(client, "/articles/stone-bridges/")

    assert named(head, "property")["article:modified_time"] == "2026-03-01T12:00:00+00:00"
    assert named(head, "name")["citation_online_date"] == "2026/03/01"

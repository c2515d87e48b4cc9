"""robots.txt, the sitemap, llms.txt and the icons."""

from __future__ import annotations

import datetime
import urllib.robotparser
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.utils import timezone

from articles import sitemaps
from articles.models import Article, SiteSettings, Term
from tests.articles.bridges import make_article

pytestmark = pytest.mark.django_db

ROOT = "http://127.0.0.1:8000"
N = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def urls_of(client: Client, address: str = "/sitemap.xml") -> dict[str, str | None]:
    """Address -> lastmod."""
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml"
    tree = ET.fromstring(response.content)
    assert tree.tag == f"{N}urlset"
    return {u.findtext(f"{N}loc") or "": u.findtext(f"{N}lastmod") for u in tree}


def test_the_sitemap_names_what_can_be_found_and_no_more(client: Client) -> None:
    make_article()
    make_article(title="Draft", publish=False, category="Hidden", author="Hid", tags=("Hid",))
    later = timezone.now() + datetime.timedelta(days=1)
    make_article(title="Later", published_at=later, category="Hidden too")
    Term.objects.create(name="Without anything")

    found = urls_of(client)

    assert sorted(found) == [
        f"{ROOT}/",
        f"{ROOT}/articles/",
        f"{ROOT}/articles/stone-bridges/",
        f"{ROOT}/authors/nora-pont/",
        f"{ROOT}/categories/building/",
        f"{ROOT}/tags/bridges/",
        f"{ROOT}/tags/masonry/",
        f"{ROOT}/terms/",
        f"{ROOT}/terms/thrust/",
        f"{ROOT}/timeline/",
    ]
    for address in found:
        assert client.get(address.removeprefix(ROOT)).status_code == 200


def test_lastmod_is_when_the_text_changed_and_missing_where_that_is_not_known(
    client: Client,
) -> None:
    article = make_article()
    day = datetime.datetime(2025, 3, 4, tzinfo=datetime.UTC)
    Article.objects.filter(pk=article.pk).update(changed_at=day, published_at=day)

    found = urls_of(client)

    assert found[f"{ROOT}/articles/stone-bridges/"] == "2025-03-04"
    assert {day for address, day in found.items() if "/articles/stone" not in address} == {None}

    # It was written before it could be read.
    Article.objects.update(published_at=day + datetime.timedelta(days=9))
    assert urls_of(client)[f"{ROOT}/articles/stone-bridges/"] == "2025-03-13"


def test_a_large_site_has_an_index_of_files(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(sitemaps, "PAGE_SIZE", 2)
    monkeypatch.setattr(sitemaps.SiteSitemap, "limit", 2)
    for number in range(5):
        make_article(title=f"Article {number}")

    tree = ET.fromstring(client.get("/sitemap.xml").content)

    assert tree.tag == f"{N}sitemapindex"
    files = [each.findtext(f"{N}loc") or "" for each in tree]
    assert f"{ROOT}/sitemap-articles.xml?p=3" in files
    named: list[str] = []
    for file in files:
        named += urls_of(client, file.removeprefix(ROOT))
    assert len(named) == len(set(named)) == 4 + 5 + 1 + 1 + 2 + 1
    for bad in ("/sitemap-nothing.xml", "/sitemap-articles.xml?p=9", "/sitemap-articles.xml?p=x"):
        assert client.get(bad).status_code == 404


def test_the_sitemap_costs_the_same_with_many_articles(
    client: Client, django_assert_num_queries: Any
) -> None:
    make_article()
    client.get("/sitemap.xml")
    with django_assert_num_queries(15) as first:
        client.get("/sitemap.xml")
    for number in range(3):
        make_article(title=f"Article {number}", tags=(f"T{number}",))
    with django_assert_num_queries(len(first)):
        client.get("/sitemap.xml")


def test_robots_may_read_everything_but_forms(client: Client) -> None:
    response = client.get("/robots.txt")

    text = response.content.decode()
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert f"\nSitemap: {ROOT}/sitemap.xml\n" in text
    rules = urllib.robotparser.RobotFileParser()
    rules.parse(text.splitlines())
    for path in (
        "/",
        "/articles/x/",
        "/articles/x.md",
        "/feeds/articles.atom",
        "/media/cards/a.png",
    ):
        assert rules.can_fetch("*", f"{ROOT}{path}"), path
    for path in ("/admin/", "/accounts/sign-in/x/", "/comments/manage/x/"):
        assert not rules.can_fetch("*", f"{ROOT}{path}"), path


def test_llms_txt_is_in_the_form_that_was_proposed(client: Client) -> None:
    SiteSettings.objects.update_or_create(pk=1, defaults={"name": "A [b] *c*", "tagline": "T"})
    article = make_article()
    make_article(title="Arches [x](y) `z`", short_answer="", slug="arches")
    make_article(title="Draft", publish=False)

    response = client.get("/llms.txt")

    lines = response.content.decode().splitlines()
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert lines[0] == r"# A \[b\] \*c\*"
    assert lines[2].startswith("> Each article answers first")
    assert [line for line in lines if line.startswith("## ")] == ["## Articles", "## Optional"]
    entries = [line for line in lines if line.startswith("- ")]
    assert entries[:2] == [
        rf"- [Arches \[x\](y) \`z\`]({ROOT}/articles/arches.md)",
        f"- [Stone bridges]({ROOT}/articles/stone-bridges.md): {article.rendered.summary}",
    ]
    assert "Draft" not in response.content.decode()


def test_llms_txt_stays_short_and_says_so(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("articles.views.machines.MOST_LISTED", 2)
    for number in range(3):
        make_article(title=f"Article {number}")

    text = client.get("/llms.txt").content.decode()

    assert text.count("- [Article ") == 2
    assert f"These are the first 2 articles by title; all are in {ROOT}/sitemap.xml." in text


@pytest.mark.parametrize(
    ("address", "content_type", "begins"),
    [
        ("/favicon.ico", "image/svg+xml", b"<svg"),
        ("/apple-touch-icon.png", "image/png", b"\x89PNG"),
    ],
)
def test_icons_are_where_programs_look(
    client: Client, address: str, content_type: str, begins: bytes
) -> None:
    response = client.get(address)

    assert response.status_code == 200
    assert response["Content-Type"] == content_type
    assert response.content.startswith(begins)

"""Public pages are the same for every anonymous reader, so that any cache may keep them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from articles.models import User
from tests.articles.addresses import addresses, make_site, routes
from tests.articles.bridges import make_editor

pytestmark = pytest.mark.django_db

PUBLIC = addresses()
MISSING = "/articles/nothing-of-the-kind/"


@pytest.fixture(autouse=True, scope="module")
def site(module_rows: None) -> None:
    make_site()


def vary(response: Any) -> set[str]:
    return {name.strip() for name in response.get("Vary", "").split(",") if name}


def test_the_public_addresses_are_those_that_were_promised() -> None:
    """A new public address is added here on purpose; a promised one is not lost by accident."""
    assert sorted(routes()) == [
        "",
        "apple-touch-icon.png",
        "articles/",
        "articles/<uslug:slug>.json",
        "articles/<uslug:slug>.md",
        "articles/<uslug:slug>/",
        "articles/<uslug:slug>/cite.bib",
        "articles/<uslug:slug>/cite.json",
        "articles/<uslug:slug>/cite.ris",
        "articles/<uslug:slug>/cite/",
        "articles/<uslug:slug>/discussion/",
        "articles/<uslug:slug>/feed.atom",
        "articles/<uslug:slug>/history/",
        "articles/<uslug:slug>/history/<int:number>/",
        "articles/<uslug:slug>/history/<int:old>..<int:new>/",
        "articles/<uslug:slug>/links/",
        "articles/<uslug:slug>/preview/",
        "articles/<uslug:slug>/timeline.csv",
        "articles/<uslug:slug>/timeline.ics",
        "articles/<uslug:slug>/timeline.json",
        "articles/<uslug:slug>/timeline/",
        "authors/<uslug:slug>/",
        "categories/<uslug:slug>/",
        "favicon.ico",
        "feeds/articles.atom",
        "feeds/comments.atom",
        "llms.txt",
        "media/cards/<str:name>.png",
        "opensearch.xml",
        "pages/<uslug:slug>/",
        "robots.txt",
        "search/",
        "site-<str:name>.css",
        "sitemap-<str:section>.xml",
        "sitemap.xml",
        "sources/",
        "sources/<int:pk>/",
        "tags/<uslug:slug>/",
        "terms/",
        "terms/<uslug:slug>/",
        "terms/<uslug:slug>/preview/",
        "timeline/",
    ]


@pytest.mark.parametrize("address", [*PUBLIC, MISSING])
def test_an_anonymous_reader_gets_no_cookie_token_or_nonce(client: Client, address: str) -> None:
    response = client.get(address, headers={"accept-language": "de", "accept-encoding": "gzip"})

    assert response.status_code == (404 if address == MISSING else 200)
    assert "Set-Cookie" not in response
    assert not response.cookies
    # HTMX asks timelines and discussions for a part of the page.
    assert vary(response) <= {"Accept-Encoding", "HX-Request"}
    body = client.get(address).content.lower()
    assert b"csrf" not in body
    assert b"nonce" not in body


@pytest.mark.parametrize("address", [*PUBLIC, MISSING])
def test_two_anonymous_readers_get_the_same_bytes(client: Client, address: str) -> None:
    first = client.get(address, headers={"accept-language": "en"})
    other = Client().get(
        address, headers={"accept-language": "ar", "user-agent": "x", "referer": "https://a.org/"}
    )

    assert first.content == other.content


@pytest.mark.parametrize("address", [*PUBLIC, MISSING])
def test_the_content_security_policy_is_strict(client: Client, address: str) -> None:
    response = client.get(address)
    policy = response["Content-Security-Policy"]
    if not response["Content-Type"].startswith(("text/html", "text/css")):
        assert policy == "default-src 'none'; frame-ancestors 'none'; sandbox"
        return

    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == "'self'"
    assert directives["base-uri"] == directives["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy
    assert "*" not in policy
    assert "nonce" not in policy


@pytest.mark.parametrize("address", PUBLIC)
def test_nothing_on_a_page_needs_what_the_policy_forbids(client: Client, address: str) -> None:
    response = client.get(address)
    if not response["Content-Type"].startswith("text/html"):
        return
    # Linked data is no script: no browser runs it.
    body = response.content.decode().replace('<script type="application/ld+json">', "")

    assert not re.findall(r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\ssrc=)", body)
    loaded = re.findall(r'<(?:script|img|link|iframe)[^>]*(?:src|href)="([^"]+)"', body)
    assert [url for url in loaded if not url.startswith(("/", settings.SITE_URL))] == []


@pytest.mark.parametrize("address", [*PUBLIC, MISSING])
def test_the_usual_headers_are_there(client: Client, address: str) -> None:
    response = client.get(address)

    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


@pytest.mark.parametrize("address", PUBLIC)
def test_what_an_editor_sees_is_private_or_what_everybody_sees(
    client: Client, address: str
) -> None:
    everybody = client.get(address).content
    client.force_login(make_editor())

    response = client.get(address)

    assert response.status_code == 200
    if response.content != everybody or "Cookie" in vary(response):
        directives = {part.strip() for part in response["Cache-Control"].split(",")}
        assert directives >= {"private", "no-store"}


@pytest.mark.parametrize(
    "address", ["/articles/stone-bridges/", "/articles/stone-bridges.json", "/terms/thrust/"]
)
def test_pages_that_show_editors_more_are_private_for_them(client: Client, address: str) -> None:
    client.force_login(make_editor())

    assert client.get(address)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("address", PUBLIC)
def test_a_reader_who_is_signed_in_gets_what_everybody_gets(client: Client, address: str) -> None:
    everybody = client.get(address).content
    client.force_login(User.objects.create_user("reader"))

    assert client.get(address).content == everybody


@pytest.mark.parametrize("address", PUBLIC)
def test_a_session_that_is_over_shows_what_everybody_sees(client: Client, address: str) -> None:
    everybody = client.get(address).content
    client.cookies[settings.SESSION_COOKIE_NAME] = "nonsense"

    assert client.get(address).content == everybody


@pytest.mark.parametrize("status", [404, 405, 400])
def test_an_error_page_is_not_kept(client: Client, status: int) -> None:
    response = {
        404: lambda: client.get(MISSING),
        405: lambda: client.post("/articles/"),
        400: lambda: client.get("/", headers={"host": "evil.example"}),
    }[status]()

    assert response.status_code == status
    assert status == 405 or response["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response

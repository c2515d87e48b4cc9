"""Pages that are the same for everybody are kept, and nothing else is: no one's private bits."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from articles import remembered
from articles.discussion import guests
from articles.discussion.models import Comment
from articles.models import SiteSettings, User
from articles.public import OWN_COOKIES, PERSONAL, PUBLIC
from config import keepable
from tests.articles.addresses import addresses, make_site
from tests.articles.bridges import make_article as make_bridges
from tests.articles.bridges import make_editor
from tests.config.processes import Process, ask
from tests.discussion.talk import only_comment, send

ARTICLE = "/articles/stone-bridges/"
# A stylesheet of the site's settings has a name of its own for each content.
UNNAMED = "/site-000000000000.css"
# Kept for everybody, with times of their own.
DATED = {"/favicon.ico", "/apple-touch-icon.png", "/robots.txt"}


class TestEveryAddress:
    pytestmark = pytest.mark.django_db(transaction=True)

    def test_public_pages_are_kept_and_come_back_the_same(self) -> None:
        make_site()
        process, other = Process(), Process()
        for address in addresses():
            first = process.get(address)
            made = len(process.made)
            again = process.get(address)
            if address == UNNAMED:
                assert "public" not in first.headers["cache-control"]
                continue
            assert len(process.made) == made, address
            assert again == first, address
            expected = PUBLIC
            if address in DATED or address.endswith(".png"):
                expected = first.headers["cache-control"]
                assert expected.startswith("public, max-age=")
            assert first.headers["cache-control"] == expected, address
            assert "x-request-id" not in first.headers
            # And what Django alone would answer, but for how it is compressed.
            alone = ask(other.site, address, accept_encoding="gzip, br")
            kept = {
                name: value for name, value in first.headers.items() if name != "content-length"
            }
            assert kept == {
                name: value for name, value in alone.headers.items() if name != "content-length"
            }, address
            encoded = alone.headers.get("content-encoding")
            assert alone.body == first.body if not encoded else alone.text == first.text, address

    def test_what_is_not_kept_is_compressed_all_the_same(self, monkeypatch: Any) -> None:
        make_site()
        process = Process()
        missing = process.get("/nowhere/")
        assert (missing.status, missing.headers["content-encoding"]) == (404, "br")
        monkeypatch.setattr(keepable, "LARGEST", 1000)
        page = process.get(ARTICLE)
        assert (page.status, page.headers["content-encoding"]) == (200, "br")
        assert "stone" in page.text
        assert not process.cache.kept.pages

    def test_what_is_not_public_is_not_kept(self) -> None:
        make_site()
        process = Process()
        for address in (
            "/nowhere/",
            "/articles/stone-bridges/discussion/new/",
            "/articles/stone-bridges/since/",
            "/admin/login/",
            "/accounts/login/",
            "/healthz",
        ):
            process.get(address)
            assert not process.keeps(address), address

    def test_nobody_sees_what_is_an_editors(self) -> None:
        make_site()
        process, client = Process(), Client()
        client.force_login(make_editor())
        cookie = f"sessionid={client.cookies['sessionid'].value}"
        theirs = process.get(ARTICLE, cookie=cookie)
        assert theirs.headers["cache-control"] == "private, no-store"
        everybody = process.get(ARTICLE)
        assert everybody.text != theirs.text
        assert process.get(ARTICLE, cookie=cookie).text == theirs.text
        assert process.get(ARTICLE).text == everybody.text

    def test_nobody_sees_that_somebody_was_here(self) -> None:
        make_site()
        User.objects.create_user("reader")
        process, client = Process(), Client()
        client.force_login(User.objects.get(username="reader"))
        for cookie in (
            f"sessionid={client.cookies['sessionid'].value}",
            "sessionid=nonsense",
            "milepost_guest=x",
            "milepost_read=x",
            "a=b; csrftoken=abc",
            "messages=x",
        ):
            answer = process.get(ARTICLE, cookie=cookie)
            assert answer.headers["cache-control"] == PERSONAL
            assert not process.cache.kept.pages

    def test_forms_work_from_pages_that_were_kept(self) -> None:
        article = make_bridges()
        process, client = Process(), Client()
        assert "Where is the source?" not in process.get(ARTICLE).text
        assert f'href="{ARTICLE}discussion/new/' in process.get(ARTICLE).text
        sent = send(client, article)
        assert sent.status_code in {200, 302}
        assert only_comment().status == Comment.Status.HELD
        Comment.objects.update(status=Comment.Status.APPROVED)
        assert "Where is the source?" in process.get(ARTICLE).text

    def test_the_owner_may_let_other_caches_show_pages_for_a_while(self) -> None:
        make_site()
        SiteSettings.objects.update_or_create(pk=1, defaults={"shared_cache_seconds": 60})
        process = Process()
        for _ in range(2):
            shared = process.get(ARTICLE).headers["cache-control"]
            assert shared == f"{PUBLIC}, s-maxage=60"
            # Some of these caches would show a piece of the page for the page.
            assert process.get("/timeline/").headers["cache-control"] == PUBLIC

    def test_a_page_that_is_not_kept_here_has_a_tag_too(self) -> None:
        make_site()
        process = Process()
        found = process.get("/timeline/?q=arch")
        assert found.status == 200
        again = process.get("/timeline/?q=arch", if_none_match=found.headers["etag"])
        assert (again.status, again.body) == (304, b"")

    def test_a_redirect_to_https_is_not_kept(self, settings: Any) -> None:
        settings.SECURE_SSL_REDIRECT = True
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        process = Process()
        for _ in range(2):
            answer = process.get(ARTICLE, x_forwarded_proto="http")
            assert (answer.status, answer.headers["location"]) == (
                301,
                f"https://testserver{ARTICLE}",
            )
        assert len(process.made) == 2

    def test_a_foreign_host_is_refused_by_django_each_time(self) -> None:
        process = Process()
        for _ in range(2):
            assert process.get("/robots.txt", host="evil.example").status == 400
        assert len(process.made) == 2


def test_the_sites_own_cookies_have_names_that_are_known() -> None:
    assert guests.COOKIE.startswith(OWN_COOKIES)
    assert remembered.COOKIE.startswith(OWN_COOKIES)

"""Every answer carries the headers that keep a browser from doing more with it than was meant."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from tests.articles.addresses import addresses, is_file, make_site

pytestmark = pytest.mark.django_db

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# What has nothing of ours in it: 404, 405, 400 for another host, a redirect, sign-in, static files.
OTHERS = [
    "/nothing/",
    "/articles",
    "/admin/login/",
    "/admin/",
    "/accounts/sign-in/x/",
    "/robots.txt",
]


def check(response) -> None:
    for name, value in EVERYWHERE.items():
        assert response[name] == value, name
    assert "camera=()" in response["Permissions-Policy"]
    assert response["Cross-Origin-Resource-Policy"] in {"same-origin", "cross-origin"}
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]


@pytest.mark.parametrize("address", OTHERS)
def test_answers_that_are_no_page_of_ours_have_them(client: Client, address: str) -> None:
    check(client.get(address))


def test_pages_and_files_have_them_and_a_file_can_do_nothing_at_all(client: Client) -> None:
    make_site()
    for address in addresses():
        response = client.get(address)
        check(response)
        is_page = response["Content-Type"].startswith("text/html")
        is_style = response["Content-Type"].startswith("text/css")
        assert ("sandbox" in response["Content-Security-Policy"]) is not (is_page or is_style)
        assert is_page is not is_file(address)


@pytest.mark.parametrize("host", ["evil.example", ""])
def test_a_refused_host_and_a_refused_method_have_them(client: Client, host: str) -> None:
    check(client.get("/", headers={"host": host}))
    check(client.post("/articles/"))


def test_a_redirect_to_https_has_them(client: Client, settings, tmp_path) -> None:
    settings.SECURE_SSL_REDIRECT = True
    response = Client().get("/")
    assert response.status_code == 301
    check(response)


def test_static_files_have_them_and_are_for_this_site_alone(settings, tmp_path) -> None:
    (tmp_path / "picture.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    settings.STATIC_ROOT = str(tmp_path)
    response = Client().get("/static/picture.svg")
    assert response.status_code == 200
    check(response)
    assert "sandbox" in response["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in response
    response.close()


def test_a_mistake_of_ours_has_them(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.raise_request_exception = False

    def fail(*args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("articles.views.front.SiteSettings.current", fail)
    response = client.get("/")
    assert response.status_code == 500
    check(response)


def test_a_card_and_a_file_for_programs_may_be_shown_by_any_site(client: Client) -> None:
    make_site()
    card = next(address for address in addresses() if address.startswith("/media/cards/"))
    for address in (card, "/articles/stone-bridges.json", "/feeds/articles.atom"):
        assert client.get(address)["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert client.get("/articles/")["Cross-Origin-Resource-Policy"] == "same-origin"


def test_pages_load_from_this_site_alone(client: Client) -> None:
    policy = client.get("/articles/")["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert set(directives.values()) == {"'none'", "'self'"}
    assert settings.SECURE_CSP.keys() == directives.keys()

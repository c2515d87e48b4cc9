"""Requests that no browser of a reader sends are answered plainly, and never with a 500."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.articles.addresses import addresses, is_file, make_site
from tests.articles.bridges import make_article, make_document, make_long_document
from tests.html import parse

pytestmark = pytest.mark.django_db

PUBLIC = addresses()

VALUES = {
    "empty": "",
    "word": "abc",
    "negative": "-1",
    "zero": "0",
    "float": "1.5",
    "exponent": "1e400",
    "30 digits": "9" * 30,
    "10,000 digits": "9" * 10_000,
    "other digits": "%D9%A3",
    "superscript": "%C2%B2",
    "10,000 letters": "x" * 10_000,
    "null byte": "1%00",
    "null anchor": "milestone-%00",
    "no UTF-8": "%FF%FE",
    "half a surrogate": "%ED%A0%80",
    "broken escape": "%zz%",
    "markup": "%3Cscript%3Ealert(1)%3C/script%3E",
    "quote": "%27%22;--",
    "template": "%7B%7B7*7%7D%7D",
    "lines": "a%0D%0ASet-Cookie:%20a=b",
    "brackets": "a[]=1&a[b]=2",
}


NAMES = ("page", "at", "unknown", "from", "to", "track", "q", "category", "article", "p")


@pytest.fixture(autouse=True, scope="module")
def site(module_rows: None) -> None:
    make_site()


@pytest.mark.parametrize("turn", range(len(VALUES)), ids=list(VALUES))
def test_no_value_of_a_parameter_breaks_a_page(client: Client, turn: int) -> None:
    value = list(VALUES.values())[turn]
    together = "&".join(f"{name}={value}" for name in NAMES)
    for place, address in enumerate(PUBLIC):
        if is_file(address):
            # Most read no parameter at all. A file of something else than was asked would mislead.
            response = client.get(f"{address}?{together}")
            allowed = {200, 400, 404} if "timeline" in address else {200, 404}
            assert response.status_code in allowed
            assert response["Content-Type"].startswith("text/plain") or (
                b"<script>alert" not in response.content
            )
            continue
        # One mistake can hide another, so each name also comes alone, with another value each time.
        name = NAMES[(turn + place) % len(NAMES)]
        for query in (f"{name}={value}", f"{name}={value}&{name}={value}", value, together):
            response = client.get(f"{address}?{query}")
            assert (address, query, response.status_code) == (address, query, 200)
            assert b"<script>alert" not in response.content
            assert "Set-Cookie" not in response


@pytest.mark.parametrize("value", VALUES.values(), ids=list(VALUES))
def test_no_value_breaks_a_long_timeline_or_makes_it_longer(client: Client, value: str) -> None:
    make_article(document=make_long_document(parts=1, milestones=60, slug="long"))
    plain = client.get("/articles/long/").content

    for query in (f"at={value}", f"at=milestone-1&at={value}", f"unknown={value}"):
        assert client.get(f"/articles/long/?{query}").content == plain


@pytest.mark.parametrize(
    ("number", "shown"),
    [("1", 1), ("2", 2), ("3", 3), ("4", 3), ("0", 3), ("-1", 3), ("x", 1), ("", 1), ("9" * 30, 3)],
)
def test_a_page_number_that_makes_no_sense_shows_the_first_or_the_last_page(
    client: Client, monkeypatch: pytest.MonkeyPatch, number: str, shown: int
) -> None:
    monkeypatch.setattr("articles.views.lists.PAGE_SIZE", 1)
    make_article(title="Arches")
    make_article(title="Vaults")

    tree = parse(client.get("/articles/", {"page": number}).content)

    assert tree.one("nav", class_="pages").one("span").text == f"Page {shown} of 3"
    canonical = tree.one("link", rel="canonical")["href"]
    assert canonical == "http://127.0.0.1:8000/articles/" + (f"?page={shown}" if shown > 1 else "")


PATHS = [
    "/articles/%00/",
    "/articles/stone-bridges%00/",
    "/articles/%FF/",
    "/articles/%ED%A0%80/",
    "/articles/%C3%28/",
    "/articles/" + "x" * 10_000 + "/",
    "/articles/" + "x" * 161 + ".json",
    "/articles/" + "%C3%A9" * 160 + "/",
    "/articles/stone-bridges.xml",
    "/articles/../../etc/passwd",
    "/articles/%2e%2e%2fadmin/",
    "/articles/stone-bridges/%0d%0aSet-Cookie:a=b",
    "/articles/\u202estone-bridges/",
    "/articles/😀/",
    "/articles/a%CC%88/",
    "/categories/%00/",
    "/tags/%00x/",
    "/authors/%FF/",
    "/terms/" + "%F0%9D%94%98" * 100 + "/",
    "/%2F%2Fevil.example/",
    "/\\evil.example/",
    "/accounts/sign-in/%00/",
    "/accounts/sign-in/%FF:%00:x/",
    "/accounts/sign-in/" + "x" * 10_000 + "/",
    "/static/%00",
    "/static/../config/settings.py",
    "/%00",
    "/%FF",
]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path[:40]} {len(path)}")
def test_no_path_breaks_the_site(client: Client, path: str) -> None:
    response = client.get(path)

    # Django adds a final slash to an address that is one with it, on this host only.
    if response.status_code == 301:
        assert response["Location"].startswith("/")
        assert not response["Location"].startswith(("//", "/\\"))
    else:
        assert response.status_code == 404
        assert parse(response.content).one("h1").text


def test_an_address_is_the_same_in_composed_and_decomposed_letters_or_not_found(
    client: Client,
) -> None:
    make_article(document=make_document(title="Brücken", slug="brücken"))

    assert client.get("/articles/br%C3%BCcken/").status_code == 200
    assert client.get("/articles/bru%CC%88cken/").status_code in {301, 404}


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "a b", "127.0.0.1:x", "\u00e9"]
)
def test_a_request_for_another_host_is_refused_with_a_page_of_ours(
    client: Client, host: str
) -> None:
    response = client.get("/", SERVER_NAME="evil.example", headers={"host": host})

    assert response.status_code == 400
    assert parse(response.content).one("h1").text == "This request cannot be read"
    assert "evil" not in response.content.decode()


@pytest.mark.parametrize("charset", ["utf-7", "latin-1", "utf-16", "nonsense", "idna"])
@pytest.mark.parametrize("address", ["/accounts/sign-in/", "/articles/"])
def test_a_form_in_another_encoding_is_refused_with_a_page_of_ours(
    charset: str, address: str
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.get("/accounts/sign-in/")
    assert "csrftoken" in strict.cookies

    response = strict.generic(
        "POST",
        address,
        b"username=a&password=b&csrfmiddlewaretoken=x",
        content_type=f"application/x-www-form-urlencoded; charset={charset}",
    )

    assert response.status_code in {400, 403}
    assert parse(response.content).one("h1").text in {
        "This request cannot be read",
        "This is not allowed",
    }


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=" + "x" * 300, b"--x"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n\xff"),
        ("application/x-www-form-urlencoded", b"&".join(b"a=1" for _ in range(30_000))),
        ("application/json", b"{"),
        ("", b"\x00\xff"),
    ],
    ids=["no boundary", "long boundary", "broken part", "too many fields", "json", "no type"],
)
def test_a_broken_form_is_refused_with_a_page_of_ours(content_type: str, body: bytes) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.get("/accounts/sign-in/")

    response = strict.post("/accounts/sign-in/", body, content_type=content_type)

    assert response.status_code in {400, 403}
    assert parse(response.content).one("h1").text


def test_a_form_without_a_token_is_refused_with_a_page_of_ours() -> None:
    strict = Client(enforce_csrf_checks=True)

    response = strict.post("/accounts/sign-in/", {"username": "a", "password": "b"})

    assert response.status_code == 403
    assert parse(response.content).one("h1").text == "This is not allowed"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("accept-language", "x" * 5000),
        ("accept-language", "*-*;q=x,,;;"),
        ("cookie", "sessionid=\x00; a=b; =;;"),
        ("cookie", "sessionid=" + "x" * 5000),
        ("cookie", "csrftoken=short"),
        ("range", "bytes=5-1"),
        ("if-none-match", '"x" , W/'),
        ("if-modified-since", "yesterday"),
        ("x-forwarded-for", "' or 1=1"),
        ("hx-request", "true"),
        ("hx-current-url", "http://[::1"),
        ("content-length", "x"),
    ],
)
def test_no_header_breaks_a_page(client: Client, name: str, value: str) -> None:
    for address in ("/", "/articles/stone-bridges/", "/terms/"):
        assert client.get(address, headers={name: value}).status_code == 200


def test_an_unknown_method_is_not_allowed(client: Client) -> None:
    for method in ("TRACE", "OPTIONS", "PROPFIND", "X" * 500):
        assert client.generic(method, "/articles/").status_code == 405

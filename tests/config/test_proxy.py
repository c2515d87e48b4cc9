"""Requests as a proxy hands them on."""

import logging

import pytest

from config.proxy import BehindProxy
from config.site_setting import read_site_address

SITE = "https://example.org:8443"


def ask(site=SITE, path="/", method="GET", **headers):
    """The status and text of an answer, and the host that the site took the request for."""
    hosts, statuses = [], []

    def application(environ, start_response):
        hosts.append(environ["HTTP_HOST"])
        start_response("200 OK", [])
        return [b"page"]

    environ = {"PATH_INFO": path, "REQUEST_METHOD": method, "HTTP_HOST": "example.org", **headers}
    answer = BehindProxy(application, read_site_address(site))(
        environ, lambda status, _headers: statuses.append(status)
    )
    return statuses[0], b"".join(answer).decode(), *hosts


HTTPS = {"HTTP_X_FORWARDED_PROTO": "https"}


@pytest.mark.parametrize(
    "named",
    [
        {"HTTP_HOST": "example.org"},
        {"HTTP_HOST": "EXAMPLE.org."},
        {"HTTP_HOST": "example.org:8443"},
        {"HTTP_HOST": "example.org:1234"},
        {"HTTP_HOST": "127.0.0.1:8000", "HTTP_X_FORWARDED_HOST": "example.org"},
        {"HTTP_HOST": "127.0.0.1:8000", "HTTP_X_FORWARDED_HOST": "example.org:8443, inner"},
        {"HTTP_HOST": "example.org", "HTTP_X_FORWARDED_HOST": "evil.example"},
        {"HTTP_HOST": "example.org:8443", "HTTP_X_FORWARDED_HOST": "example.org:1234"},
    ],
    ids=lambda named: ",".join(named.values()),
)
def test_a_request_under_the_sites_name_is_one_under_exactly_its_address(named):
    assert ask(**HTTPS, **named) == ("200 OK", "page", "example.org:8443")


@pytest.mark.parametrize(
    "named",
    [
        {"HTTP_HOST": "evil.example"},
        {"HTTP_HOST": "evil.example", "HTTP_X_FORWARDED_HOST": "notexample.org"},
        {"HTTP_HOST": "[::1", "HTTP_X_FORWARDED_HOST": "a@[b"},
        {"HTTP_HOST": ""},
    ],
    ids=lambda named: ",".join(named.values()) or "none",
)
def test_a_foreign_name_stays_what_it_is(named):
    assert ask(**HTTPS, **named)[2] == named["HTTP_HOST"]


def test_a_site_on_an_address_of_ipv6_knows_its_name():
    answer = ask("https://[2001:db8::1]", **HTTPS, HTTP_HOST="[2001:DB8::1]:443")
    assert answer == ("200 OK", "page", "[2001:db8::1]")


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, "It does not send X-Forwarded-Proto."),
        ({"HTTP_X_FORWARDED_PROTO": " "}, "It does not send X-Forwarded-Proto."),
        (
            {"HTTP_X_FORWARDED_PROTO": "http", "HTTP_SEC_FETCH_MODE": "navigate"},
            "It says “X-Forwarded-Proto: http” of a request that came by https.",
        ),
    ],
    ids=["none", "empty", "wrong"],
)
def test_what_would_go_round_in_a_circle_is_explained(caplog, headers, reason):
    status, text = ask(**headers)
    assert status == "500 Internal Server Error"
    assert reason in text
    assert "docs/hosting.md" in text
    [record] = caplog.records
    assert (record.levelno, reason in record.getMessage()) == (logging.ERROR, True)
    assert ask(method="HEAD", **headers) == (status, "")


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_X_FORWARDED_PROTO": "http"},
        {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_SEC_FETCH_MODE": "navigate"},
        {"HTTP_X_FORWARDED_PROTO": "https, http", "HTTP_SEC_FETCH_MODE": "navigate"},
    ],
)
def test_a_proxy_that_says_how_readers_come_is_believed(headers):
    assert ask(**headers)[0] == "200 OK"


@pytest.mark.parametrize(
    ("site", "path", "headers"),
    [
        ("http://example.org", "/", {}),
        (SITE, "/healthz", {}),
        (SITE, "/readyz", {}),
        (
            "https://localhost:8443",
            "/",
            {"HTTP_X_FORWARDED_PROTO": "http", "HTTP_SEC_FETCH_MODE": "cors"},
        ),
    ],
    ids=["http", "alive", "ready", "this machine"],
)
def test_nothing_is_explained_where_nothing_is_wrong(site, path, headers):
    assert ask(site, path, **headers)[0] == "200 OK"


def test_the_log_is_told_once_a_minute(caplog, monkeypatch):
    proxy = BehindProxy(lambda *_: [], read_site_address(SITE))
    now = [1000.0]
    monkeypatch.setattr("config.proxy.time.monotonic", lambda: now[0])
    for seconds in (0, 30, 29, 2):
        now[0] += seconds
        proxy({"PATH_INFO": "/", "REQUEST_METHOD": "GET"}, lambda *_: None)
    assert len(caplog.records) == 2

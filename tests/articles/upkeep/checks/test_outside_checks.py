"""What the doctor says of what stands in front of the site: a server that answers in many ways."""

import json
import threading
from contextlib import contextmanager
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.utils import timezone

from articles.upkeep.checks import echo, outside_checks
from articles.upkeep.checks.findings import State
from articles.upkeep.checks.outside_checks import Answer, Outside
from tests.serving import free_port


def arrived(**changes):
    told = {"host": "example.org", "secure": True, "X-Forwarded-Proto": "https"}
    told |= {"X-Forwarded-For": "192.0.2.1"}
    return {name: value for name, value in (told | changes).items() if value is not None}


@pytest.fixture
def outside(monkeypatch, settings):
    """The checks of a site at https://example.org where this answer came back."""
    settings.SITE_URL = "https://example.org"
    settings.TRUSTED_PROXIES = 1

    def when(told=None, **answer):
        body = json.dumps(told) if told else answer.pop("body", "")
        given = {"status": 200, "certificate_days": 60} | answer
        monkeypatch.setattr(outside_checks, "ask", lambda: Answer(body=body, **given))
        return Outside()

    return when


def test_all_is_well(outside):
    results = [check.function() for check in outside(arrived()).checks()]
    assert [result.what for result in results if result.state is not State.FINE] == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"problem": "Connection refused"}, "Nobody can reach https://example.org: Connection ref"),
        (
            {"status": 301, "headers": {"location": "https://www.example.org/"}},
            "https://example.org leads on to https://www.example.org/.",
        ),
        ({"status": 404, "body": "<html>"}, "Something else answers at https://example.org (sta"),
        ({"status": 200, "body": "ok"}, "Something else answers at https://example.org (status 2"),
    ],
    ids=["away", "elsewhere", "another site", "another key"],
)
def test_what_does_not_lead_to_this_site(outside, answer, said):
    checks = outside(**answer)
    finding = checks.reached()
    assert finding.state is State.WRONG
    assert finding.what.startswith(said)
    assert checks.proxy().state is State.LOOK


def test_a_proxy_that_hands_on_another_host(outside):
    finding = outside(arrived(host="127.0.0.1:8000")).proxy()
    assert finding.state is State.WRONG
    assert "“127.0.0.1:8000”" in finding.what
    assert "proxy_set_header Host $host" in finding.how


@pytest.mark.parametrize("proto", [None, "http"])
def test_a_proxy_that_does_not_tell_the_scheme(outside, proto):
    told = arrived(secure=False, **{"X-Forwarded-Proto": proto})
    finding = outside(told).proxy()
    assert finding.state is State.WRONG
    assert "does not say that readers come by https" in finding.what
    assert "X-Forwarded-Proto $scheme" in finding.how


def test_https_in_front_of_a_site_that_does_not_know_it(outside, settings):
    settings.SITE_URL = "http://example.org"
    finding = outside(arrived(secure=False)).proxy()
    assert finding.state is State.WRONG
    assert "every form is refused (403, “CSRF verification failed”)" in finding.what
    assert finding.how == "Set SITE_URL to https://example.org and start the site again."


@pytest.mark.parametrize(
    ("chain", "count"), [("192.0.2.1, 10.0.0.1", 2), (None, 0), ("", 0)], ids=["two", "none", "''"]
)
def test_another_number_of_proxies(outside, chain, count):
    finding = outside(arrived(**{"X-Forwarded-For": chain})).proxy()
    assert finding.state is State.WRONG
    assert f"Of {count} proxies the site is told, and TRUSTED_PROXIES is 1" in finding.what


@pytest.mark.parametrize(
    ("days", "state"), [(-1, State.WRONG), (3, State.WRONG), (10, State.LOOK), (60, State.FINE)]
)
def test_a_certificate_that_ends(outside, days, state):
    finding = outside(arrived(), certificate_days=days).certificate()
    assert (finding.state, str(days) in finding.what) == (state, True)


@pytest.mark.parametrize(("seconds", "state"), [(0, State.FINE), (300, State.WRONG)])
def test_a_proxy_with_another_clock(outside, seconds, state):
    date = format_datetime(timezone.now() - timedelta(seconds=seconds))
    assert outside(arrived(), headers={"date": date}).clock().state is state


# The request itself, to a server that says what arrived as the site would.


class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        told = {"host": self.headers["Host"], "asked": self.headers[echo.HEADER], "secure": False}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, *_):
        """Nothing."""


@contextmanager
def served(context=None):
    with HTTPServer(("127.0.0.1", 0), Site) as server:
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_the_site_is_asked_by_its_own_name(settings):
    with served() as port:
        settings.SITE_URL = f"http://127.0.0.1:{port}"
        answer = outside_checks.ask()
    told = json.loads(answer.body)
    assert (answer.status, told["host"], answer.certificate_days) == (
        200,
        f"127.0.0.1:{port}",
        None,
    )
    assert echo.signing.loads(told["asked"], salt=echo.SALT) == "echo"
    assert "date" in answer.headers


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://127.0.0.1:{port}", "Connection refused"),
        ("http://no-such-host.invalid", "no machine has the name no-such-host.invalid"),
    ],
)
def test_a_site_that_cannot_be_reached(settings, url, problem):
    settings.SITE_URL = url.format(port=free_port())
    assert problem in outside_checks.ask().problem


def test_something_that_speaks_no_tls(settings):
    with served() as port:
        settings.SITE_URL = f"https://127.0.0.1:{port}"
        assert "WRONG_VERSION_NUMBER" in outside_checks.ask().problem.upper() or (
            "SSL" in outside_checks.ask().problem.upper()
        )

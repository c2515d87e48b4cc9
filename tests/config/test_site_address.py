"""SITE_URL and TRUSTED_PROXIES: what a site is called, and what stands in front of it."""

import os
import subprocess
import sys

import pytest

from config import environment
from config.site_setting import read_proxies, read_site_address, read_site_url
from tests.serving import ROOT


@pytest.mark.parametrize(
    ("text", "url", "host"),
    [
        ("https://example.org", "https://example.org", "example.org"),
        ("https://Example.ORG/", "https://example.org", "example.org"),
        ("https://example.org:443", "https://example.org", "example.org"),
        ("http://example.org:80/", "http://example.org", "example.org"),
        ("https://example.org:8443", "https://example.org:8443", "example.org"),
        ("http://[2001:DB8::1]:8000", "http://[2001:db8::1]:8000", "[2001:db8::1]"),
        ("http://192.168.1.5:8000", "http://192.168.1.5:8000", "192.168.1.5"),
        ("http://reference-2.lan", "http://reference-2.lan", "reference-2.lan"),
        ("https://bücher.example", "https://xn--bcher-kva.example", "xn--bcher-kva.example"),
    ],
)
def test_an_address_is_kept_as_browsers_send_it(text, url, host):
    address = read_site_address(text)
    assert (address.url, address.bracketed) == (url, host)


@pytest.mark.parametrize(
    "text",
    [
        "example.org",
        "ftp://example.org",
        "https://",
        "https://example.org/wiki",
        "https://example.org/?a=b",
        "https://example.org/#top",
        "https://ann:secret@example.org",
        "https://example.org:port",
        "https://example.org:99999",
        "https://[::1",
        "https://exa mple.org",
        "http://example.org:",
        "http://example.org:0",
        "https://--",
        "https://-a.example",
        "https://a_b.example",
        "https://example..org",
        "https://1.2.3.400",
        "https://[fe80::1%25eth0]",
        f"https://{'a' * 64}.example",
        f"https://{'a.' * 127}example",
        f"https://{'ü' * 70}.example",
    ],
)
def test_an_address_that_no_site_can_have_stops_the_start(text):
    with pytest.raises(
        SystemExit, match=r"it should look like https://example\.org, without a path"
    ):
        read_site_address(text)


@pytest.mark.parametrize(
    ("url", "said", "proxies"),
    [
        ("https://example.org", "", 1),
        ("https://example.org", "2", 2),
        ("http://example.org", "", 0),
        ("http://example.org", "1", 1),
    ],
)
def test_a_site_under_https_has_a_proxy_in_front(monkeypatch, url, said, proxies):
    monkeypatch.setenv("TRUSTED_PROXIES", said)
    assert read_proxies(read_site_address(url)) == proxies


def test_a_site_under_https_without_a_proxy_stops_the_start(monkeypatch):
    monkeypatch.setenv("TRUSTED_PROXIES", "0")
    with pytest.raises(SystemExit, match="https needs a proxy in front"):
        read_proxies(read_site_address("https://example.org"))


def test_more_proxies_than_anybody_has_stop_the_start(monkeypatch):
    monkeypatch.setenv("TRUSTED_PROXIES", "1000")
    with pytest.raises(SystemExit, match=r"TRUSTED_PROXIES is 1000; .* at most 10"):
        read_proxies(read_site_address("https://example.org"))


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("https://[2001:db8::1]:8443", ["[2001:db8::1]"]),
        ("https://bücher.example", ["xn--bcher-kva.example"]),
        ("http://[::1]:8000", ["127.0.0.1", "localhost", "[::1]"]),
    ],
)
def test_django_knows_the_hosts_of_the_site(tmp_path, url, hosts):
    program = (
        "from config import settings as s;"
        f"print(s.ALLOWED_HOSTS == {hosts}, s.CSRF_TRUSTED_ORIGINS == [s.SITE_URL])"
    )
    inherited = {name: value for name, value in os.environ.items() if name != "TRUSTED_PROXIES"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**inherited, "DATA_DIR": str(tmp_path), "SITE_URL": url},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("True True\n", "")


@pytest.mark.parametrize(
    ("variable", "written", "url", "reason"),
    [
        ("", "http://127.0.0.1:8181", "http://127.0.0.1:8181", "where serve last ran"),
        ("", "http://127.0.0.1:8181/a/path", "http://127.0.0.1:8000", ""),
        ("", "", "http://127.0.0.1:8000", ""),
        ("", None, "http://127.0.0.1:8000", ""),
        ("https://example.org", "http://127.0.0.1:8181", "https://example.org", ""),
    ],
)
def test_commands_call_the_site_what_serve_called_it(
    monkeypatch, tmp_path, variable, written, url, reason
):
    monkeypatch.setattr(environment, "_defaults", {})
    monkeypatch.setattr(environment, "SETTINGS", {})
    monkeypatch.setenv("SITE_URL", variable)
    if written is not None:
        (tmp_path / "served_at").write_text(written)
    assert read_site_url(tmp_path / "served_at") == url
    assert environment.SETTINGS["SITE_URL"].place == reason


def test_what_serve_listens_on_now_comes_before_where_it_last_ran(monkeypatch, tmp_path):
    monkeypatch.setattr(environment, "_defaults", {})
    monkeypatch.delenv("SITE_URL", raising=False)
    environment.set_default("SITE_URL", "http://127.0.0.1:9000", "where this command listens")
    (tmp_path / "served_at").write_text("http://127.0.0.1:8181")
    assert read_site_url(tmp_path / "served_at") == "http://127.0.0.1:9000"

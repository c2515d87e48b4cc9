"""CACHE_URL: what it sets, and the one sentence when it makes no sense."""

import pickle

import pytest
from django.conf import settings
from django.core.cache.backends.redis import RedisCache

from config import cache_setting
from config.cache_setting import read_cache
from tests.valkey import Server, settings_of

SITE = "https://example.org"


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("redis://cache.example.org", "redis://cache.example.org"),
        ("redis://:p%40ss@127.0.0.1:6380/3", "redis://:p%40ss@127.0.0.1:6380/3"),
        ("rediss://user:pass@cache.example.org/", "rediss://user:pass@cache.example.org/"),
        ("valkey://[::1]:6379/0", "redis://[::1]:6379/0"),
        ("valkeys://cache.example.org", "rediss://cache.example.org"),
        ("redis://:a,b;c@cache.example.org", "redis://:a%2Cb%3Bc@cache.example.org"),
    ],
)
def test_servers_share_one_cache(url, location):
    cache = read_cache(url, SITE)
    assert cache["BACKEND"] == "django.core.cache.backends.redis.RedisCache"
    assert cache["LOCATION"] == location
    # Sites that share a server do not read each other's entries.
    assert cache["KEY_PREFIX"] == f"milepost:{SITE}"


def test_a_page_does_not_wait_long_for_a_cache_that_is_gone():
    options = read_cache("valkey://cache.example.org", SITE)["OPTIONS"]
    assert options["socket_connect_timeout"] <= 1
    assert options["socket_timeout"] <= 1
    assert options["retry"].get_retries() == 1


def test_without_it_each_process_has_its_own():
    assert read_cache("", SITE)["BACKEND"] == "django.core.cache.backends.locmem.LocMemCache"
    assert settings.CACHES["default"] == read_cache("", SITE)


@pytest.mark.parametrize(
    "url",
    [
        "memcached://127.0.0.1",
        "valkey",
        "redis://",
        "redis:///0",
        "redis://:secret@host:port/0",
        "redis://host:0/0",
        "redis://host:99999",
        "redis://host/name",
        "redis://host/0/1",
        "redis://host/0?db=1",
        "redis://host/0#1",
        "redis://[::1/0",
    ],
)
def test_a_url_that_makes_no_sense_stops_the_start_and_is_not_shown(url):
    with pytest.raises(SystemExit, match=r"CACHE_URL cannot be read; .*valkey://") as stopped:
        read_cache(url, SITE)
    assert "host:port" not in str(stopped.value)


def test_a_missing_driver_is_said_in_one_sentence(monkeypatch):
    monkeypatch.setattr(cache_setting, "find_spec", lambda _name: None)
    with pytest.raises(SystemExit, match="uv sync --extra valkey"):
        read_cache("valkey://127.0.0.1", SITE)


def test_nothing_that_lies_on_the_shared_server_is_run(tmp_path):
    server = Server(tmp_path)
    server.start()
    try:
        options = settings_of(server)
        cache = RedisCache(options.pop("LOCATION"), options)
        for value in ("ü", 1, None, ["a", {"b": 2.5}]):
            cache.set("value", value)
            assert cache.get("value") == value
        assert cache.add("number", 1)
        assert cache.incr("number") == 2
        ran = tmp_path / "ran"
        server.client.set(cache.make_and_validate_key("value"), pickle.dumps(Runs(str(ran))))
        with pytest.raises(ValueError):  # noqa: PT011 - each decoder has its own
            cache.get("value")
        assert not ran.exists()
    finally:
        server.stop()


class Runs:
    """Writes a file when its pickle is read."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (self.path, "w")

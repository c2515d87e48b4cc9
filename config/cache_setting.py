"""CACHE_URL: Valkey or Redis, which servers share; without it each process has its own cache."""

from __future__ import annotations

import json
import re
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from config.environment import stop

# The driver knows Redis by its older names; the protocol is the same.
SCHEMES = {"redis": "redis", "rediss": "rediss", "valkey": "redis", "valkeys": "rediss"}
# Seconds: it stands beside the site, and a page must not wait for one that is gone.
PATIENCE = 1
OWN_MEMORY = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "LOCATION": "milepost",
    "OPTIONS": {"MAX_ENTRIES": 5000},
}


class JsonSerializer:
    """Values as JSON on the server that is shared, instead of Django's pickles.

    Reading a pickle runs what is in it: whoever could write to that server could run programs here.
    Raises TypeError for a value that JSON does not know.
    """

    def dumps(self, value: Any) -> bytes:
        """The value as it is kept; a whole number in the form that the server can add to."""
        return json.dumps(value).encode()

    def loads(self, kept: bytes) -> Any:
        """The value again."""
        return json.loads(kept)


def read_cache(url: str, site: str) -> dict[str, Any]:
    """Django's settings of a cache from CACHE_URL; the process's own memory for an empty one.

    `site` keeps apart sites that share a server. Stops with a sentence for a URL that makes no
    sense, and when the driver is not installed.
    """
    if not url:
        return dict(OWN_MEMORY)
    try:
        parts = urlsplit(url)
        right = bool(parts.hostname) and parts.port != 0 and not parts.query and not parts.fragment
    except ValueError:
        right = False
    if not right or parts.scheme not in SCHEMES or not re.fullmatch(r"/?|/[0-9]{1,4}", parts.path):
        # The URL may hold a secret, and is not shown.
        stop(
            "CACHE_URL cannot be read; it should look like valkey://:secret@host:6379/0, redis://… "
            "or, over TLS, valkeys://… or rediss://… (with @ : / ? # % in a secret written as %40 "
            "and so on)."
        )
    if not find_spec("redis"):
        stop("CACHE_URL needs the driver redis: run “uv sync --extra valkey” first.")
    from redis.backoff import NoBackoff
    from redis.exceptions import ConnectionError as ConnectionLost
    from redis.retry import Retry

    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        # Django takes a comma or a semicolon for the beginning of another server's address.
        "LOCATION": SCHEMES[parts.scheme]
        + url[len(parts.scheme) :].replace(",", "%2C").replace(";", "%3B"),
        "KEY_PREFIX": f"milepost:{site}",
        "OPTIONS": {
            "serializer": JsonSerializer,
            "socket_connect_timeout": PATIENCE,
            "socket_timeout": PATIENCE,
            "health_check_interval": 30,
            # Once more at once, where a connection that was kept is from before its server's
            # restart; not where the server hangs.
            "retry": Retry(NoBackoff(), 1, supported_errors=(ConnectionLost,)),
        },
    }

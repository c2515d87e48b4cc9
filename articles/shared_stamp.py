"""The part of the site's stamp that several hosts share: a key on the server that CACHE_URL names.

See `articles.stamp`. A host looks at most twice a second. While it cannot, it makes up a stamp that
lasts a second, so that what it keeps is no older than that; and what it kept before counts no more
afterwards, because another host may have written meanwhile.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from typing import Any

logger = logging.getLogger(__name__)

# With the time that it takes to make a page, a change shows on every host within a second.
SECONDS_BETWEEN_LOOKS = 0.5
# A page or a write waits so long for a server that is gone, once in a second at most.
PATIENCE = 0.5
# A process that was killed while it committed ends what it began after so long.
SECONDS_TO_COMMIT = 30

# KEYS: the stamp, and who is committing by the time when that is over. Times are the server's.
LOOK = """
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', redis.call('TIME')[1])
local stamp = redis.call('GET', KEYS[1])
if not stamp then
  stamp = ARGV[1]
  redis.call('SET', KEYS[1], stamp)
end
return {stamp, redis.call('ZCARD', KEYS[2])}
"""
BEGIN = """
redis.call('ZADD', KEYS[2], redis.call('TIME')[1] + ARGV[2], ARGV[1])
redis.call('SET', KEYS[1], ARGV[1] .. ':begun')
"""
END = """
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('SET', KEYS[1], ARGV[1] .. ':done')
"""


class SharedStamp:
    """The stamp on the server of `cache`, an entry of Django's CACHES for Redis."""

    def __init__(self, cache: dict[str, Any]) -> None:
        import redis

        options = cache.get("OPTIONS", {})
        options = {
            **{name: value for name, value in options.items() if name != "serializer"},
            "socket_connect_timeout": PATIENCE,
            "socket_timeout": PATIENCE,
            # One more thing to wait for.
            "health_check_interval": 0,
        }
        pool = redis.ConnectionPool.from_url(cache["LOCATION"], **options)
        self._server: Any = redis.Redis(connection_pool=pool)
        self._gone: tuple[type[Exception], ...] = (redis.RedisError, OSError)
        prefix = cache.get("KEY_PREFIX", "")
        # Braces: both lie on the same node where the server is a cluster.
        self._keys = (f"{{{prefix}}}:stamp", f"{{{prefix}}}:committing")
        self._lock = threading.Lock()
        self._known = (secrets.token_hex(8), False)
        self._due = 0.0
        self._failures = 0
        self._is_gone = False
        # Whether a change could not be told, and has to be.
        self._owing = False

    def look(self) -> tuple[str, bool]:
        """The stamp, at most half a second old, and whether nobody was committing then."""
        now = time.monotonic()
        if now >= self._due and self._lock.acquire(blocking=False):
            try:
                self._ask()
            finally:
                self._lock.release()
        return self._known

    def forget(self) -> None:
        """Ask the server at the next look."""
        if not self._is_gone:
            self._due = 0.0

    def begin(self) -> str:
        """Change it before a commit; the token that `end` wants."""
        token = secrets.token_hex(8)
        self._tell(BEGIN, token, SECONDS_TO_COMMIT)
        return token

    def end(self, token: str) -> None:
        """Change it again after the commit."""
        self._tell(END, token)

    def _tell(self, script: str, *values: Any) -> None:
        if self._is_gone and time.monotonic() < self._due:
            # It was gone a moment ago, and a write should not wait for it again.
            self._owing = True
            return
        try:
            self._server.eval(script, 2, *self._keys, *values)
        except self._gone as error:
            self._owing = True
            self._fail(error)

    def _ask(self) -> None:
        try:
            if self._owing:
                self._server.eval(END, 2, *self._keys, secrets.token_hex(8))
                self._owing = False
            answer = self._server.eval(LOOK, 2, *self._keys, secrets.token_hex(8))
        except self._gone as error:
            self._fail(error)
            return
        if self._is_gone:
            logger.warning("The server that CACHE_URL names is back.")
        self._is_gone = False
        self._known = (f"{self._failures}:{answer[0].decode()}", answer[1] == 0)
        self._due = time.monotonic() + SECONDS_BETWEEN_LOOKS

    def _fail(self, error: Exception) -> None:
        if not self._is_gone:
            logger.warning(
                "The server that CACHE_URL names cannot be reached (%s): until it is back, pages "
                "are kept for a second.",
                " ".join(str(error).split()),
            )
        self._is_gone = True
        self._failures += 1
        self._known = (f"gone:{self._failures}", True)
        self._due = time.monotonic() + SECONDS_BETWEEN_LOOKS

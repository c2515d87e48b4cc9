"""The part of the site's stamp that several hosts share: a key on the server that CACHE_URL names.

See `articles.stamp`. A host looks at most twice a second. While it cannot, it makes up a stamp that
lasts a second, so that what it keeps is no older than that; and what it kept before counts no more
afterwards, because another host may have written meanwhile.

Of a change that could not be told every process of the host tells that looks, or that made one, as
soon as it can (`articles.untold`): another host may not even have noticed that something is wrong.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import threading
import time
from collections.abc import Callable
from typing import Any

from articles.untold import Untold

logger = logging.getLogger(__name__)

# With the time that it takes to make a page, a change shows on every host within a second.
SECONDS_BETWEEN_LOOKS = 0.5
# A page or a write waits so long for a server that is gone, once in a second at most.
PATIENCE = 0.5
# A process that was killed while it committed ends what it began after so long.
SECONDS_TO_COMMIT = 30
# A process that made a change which is untold waits so long before it tries again: at first, and
# twice as long each time up to the second.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 2.0
# Lua takes so many arguments, and more.
MOST_AT_ONCE = 1000

# KEYS: the stamp, and who is committing by the time when that is over. Times are the server's. With
# the time in it no stamp comes again, also when the same is told twice.
LOOK = """
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', redis.call('TIME')[1])
local stamp = redis.call('GET', KEYS[1])
if not stamp then
  stamp = ARGV[1]
  redis.call('SET', KEYS[1], stamp)
end
return {stamp, redis.call('ZCARD', KEYS[2])}
"""
CHANGE = """
local now = redis.call('TIME')
redis.call('SET', KEYS[1], ARGV[1] .. ':' .. now[1] .. ':' .. now[2])
"""
BEGIN = f"{CHANGE}redis.call('ZADD', KEYS[2], now[1] + ARGV[2], ARGV[1])"
# ARGV: the tokens of one change, or of several.
END = f"{CHANGE}redis.call('ZREM', KEYS[2], unpack(ARGV))"


class SharedStamp:
    """The stamp on the server of `cache`, an entry of Django's CACHES for Redis.

    `quiet` says whether nobody on this host is committing, and may raise OSError.
    """

    def __init__(
        self, cache: dict[str, Any], untold: Untold, quiet: Callable[[], bool] = lambda: True
    ) -> None:
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
        self._untold, self._quiet = untold, quiet
        self.after_fork()
        self._known = (secrets.token_hex(8), False)
        self._due = 0.0
        self._failures = 0
        self._is_gone = False

    def after_fork(self) -> None:
        """In a new process: no thread of the one that it comes from goes on."""
        self._lock = threading.Lock()
        self._telling = threading.Lock()
        self._teller: threading.Thread | None = None

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
        if not self._tell(BEGIN, token, SECONDS_TO_COMMIT):
            # Were this process killed in its commit, another one would tell.
            self._untold.add(token)
        return token

    def end(self, token: str) -> None:
        """Change it again after the commit."""
        if self._tell(END, token):
            self._untold.remove([token])
            return
        self._untold.add(token)
        # At the end of a process no thread is to be had: `tell_at_last`.
        with self._telling, contextlib.suppress(RuntimeError):
            if self._teller is None:
                teller = threading.Thread(target=self._go_on_telling, daemon=True)
                teller.start()
                self._teller = teller

    def _tell(self, script: str, *values: Any) -> bool:
        """Whether the server was told."""
        if self._is_gone and time.monotonic() < self._due:
            # It was gone a moment ago, and a write should not wait for it again.
            return False
        try:
            self._server.eval(script, 2, *self._keys, *values)
        except self._gone as error:
            self._fail(error)
            return False
        return True

    def _tell_what_is_untold(self) -> None:
        """Tell of all changes that are over; raises what the driver raises."""
        tokens = self._untold.all()[:MOST_AT_ONCE]
        # After they were looked for: who begins later is not among them.
        if not tokens or not self._is_quiet():
            return
        self._server.eval(END, 2, *self._keys, *tokens)
        self._untold.remove(tokens)

    def _is_quiet(self) -> bool:
        try:
            return self._quiet()
        except OSError:
            # Nobody can say; then rather too early than never.
            return True

    def _go_on_telling(self) -> None:
        """Until there is nothing untold any more."""
        pause = FIRST_PAUSE
        while True:
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            try:
                self._tell_what_is_untold()
            except self._gone as error:
                self._fail(error)
            with self._telling:
                if not self._untold.all():
                    self._teller = None
                    return

    def tell_at_last(self) -> None:
        """Tell at the end of this process what is untold, if that can be; else another one will."""
        with contextlib.suppress(*self._gone):
            self._tell_what_is_untold()

    def _ask(self) -> None:
        try:
            self._tell_what_is_untold()
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

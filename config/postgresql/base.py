"""Django's PostgreSQL, but for what happens while the server cannot be reached.

A server that is gone without a word lets every attempt wait for seconds. Were each thread to wait
for itself, all of them soon did, and nobody were left to say so, not even at `/readyz`. So one
thread of the process tries, once a second, and the others are told at once what it was told.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db.backends.postgresql import base

# What failed sooner kept nobody waiting: a server that starts, or has too many connections.
SECONDS_THAT_ARE_LONG = 0.5
SECONDS_BETWEEN_TRIES = 1.0


class Gate:
    """What the threads of a process know of one server."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self.lock = threading.Lock()
        # What the last attempt was told, after it had waited; None while the server answers.
        self.error: Exception | None = None
        self.failed = 0.0
        self.trying = False

    def connect(self, attempt: Callable[[], Any], failure: type[Exception]) -> Any:
        """What `attempt` gives; its `failure` goes on, and to others who ask meanwhile."""
        with self.lock:
            known = self.error
            if known and (self.trying or self.now() < self.failed + SECONDS_BETWEEN_TRIES):
                # Of its own: an error that was raised in another thread has that one's traceback.
                raise type(known)(*known.args)
            self.trying = self.trying or known is not None
        began = self.now()
        error: Exception | None = None
        try:
            return attempt()
        except failure as raised:
            error = raised
            raise
        finally:
            with self.lock:
                ended = self.now()
                waited = error is not None and ended - began >= SECONDS_THAT_ARE_LONG
                # Whoever was answered, if only by a refusal, has reached it.
                self.error = error.with_traceback(None) if error and waited else None
                self.failed = ended
                self.trying = False


_gates: dict[tuple[str, str], Gate] = {}


class DatabaseWrapper(base.DatabaseWrapper):
    """Connects through the gate of its server."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection. Raises the driver's error, at once where another thread just met it."""
        server = str(conn_params.get("host", "")), str(conn_params.get("port", ""))
        # One of the two is kept when two threads come first at once.
        gate = _gates.setdefault(server, Gate())
        connect = super().get_new_connection
        return gate.connect(lambda: connect(conn_params), self.Database.OperationalError)

"""The site's stamp: one value that is another after every change of what readers may see.

Whatever was made from the database is right for as long as the stamp is what it was before it was
made. The page cache keeps pages by it.

Nobody can forget to change it: every connection to the database is watched, and a statement that
writes to any table but the few private ones changes it (`articles.public_writes`). It is changed
before the commit and after: a page that is made in between, from the old rows, is out of date after
the second change. A process that is killed in between makes no second change, so that it also holds
a lock from before the first until after the second, which ends with the process; what is made while
anybody holds it is not kept (`before_making`). Nothing is held while a long transaction runs, only
around its commit; and for some seconds more when the connection was lost in the midst of that,
since the server may yet do it.

The owner's own stylesheet belongs to it too: pages name the one that they were made with.

On one host the stamp is a file in DATA_DIR. With CACHE_URL it is also a key on that server, which
other hosts look at twice a second: see `articles.shared_stamp`.

A trigger or a row of the database would need a query for each page that was kept; SQLite's
`data_version` needs none, but knows no tables and is not there on PostgreSQL. What is written past
Django, by hand in psql, is not seen: the page cache has its five minutes for that.
"""

from __future__ import annotations

import atexit
import itertools
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from weakref import WeakSet

from django.conf import settings
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from articles import own_look
from articles.file_stamp import SECONDS_BETWEEN_CHECKS, FileStamp
from articles.public_writes import is_public_write, only_writes
from articles.shared_stamp import SharedStamp
from articles.untold import Untold

# Who wants to make a page while somebody commits waits so long, one after the other: 0.16 s in all.
# Most commits are over by then.
PAUSES = (0.0005, 0.002, 0.005, 0.01, 0.02, 0.04, 0.08)
# How long a database server may take to commit what it was told over a connection that was lost.
SECONDS_OF_DOUBT = 10.0

type Stamp = tuple[bytes, int, str]


class SiteStamp:
    """The stamp of the site: of this host, of this process, and of all hosts."""

    def __init__(self, file: FileStamp, shared: SharedStamp | None) -> None:
        self.file = file
        self.shared = shared
        # So that this process knows its own writes even where the file cannot be written.
        self._writes = itertools.count(1)
        self._own = 0
        self._seen = b""
        self._look = ("", -SECONDS_BETWEEN_CHECKS)
        # The stamp of a commit that was not over when it was waited for.
        self._in_vain: Stamp | None = None

    def current(self) -> Stamp:
        """What it is now; the other hosts' part may be half a second old."""
        found = self.file.read()
        if self.shared is None:
            return found, self._own, self._own_look()
        if found != self._seen:
            # Somebody on this host wrote, and changed the shared one before the file.
            self._seen = found
            self.shared.forget()
        return found, self._own, self.shared.look()[0] + self._own_look()

    def _own_look(self) -> str:
        """What changes with the owner's stylesheet; it may be a second old."""
        mark, checked = self._look
        now = time.monotonic()
        if not 0 <= now - checked < SECONDS_BETWEEN_CHECKS:
            mark = own_look.mark()
            self._look = (mark, now)
        return mark

    def before_making(self) -> Stamp | None:
        """The stamp by which what is made from now on may be kept; None when it may not.

        Waits a moment for a commit that is under way, and not again for one that takes longer.
        """
        for pause in PAUSES:
            try:
                found, quiet = self._look_around()
            except OSError:
                return None
            if quiet:
                self._in_vain = None
                return found
            if found == self._in_vain:
                return None
            time.sleep(pause)
            if self.shared is not None:
                self.shared.forget()
        self._in_vain = found
        return None

    def _look_around(self) -> tuple[Stamp, bool]:
        """The stamp, and whether nobody on any host was committing after it was read."""
        found = self.current()
        if self.shared is not None:
            shared, quiet = self.shared.look()
            found = (found[0], found[1], shared + self._own_look())
            if not quiet:
                return found, False
        # After the stamp was read: whoever begins later changes it first.
        return found, self.file.is_quiet()

    @contextmanager
    def changing(self, in_doubt: Callable[[], bool] = lambda: False) -> Iterator[None]:
        """Around a commit of what readers may see.

        `in_doubt` is asked when it failed: whether nobody knows what becomes of it. Then it may
        yet be done, and nothing is kept until that is over.
        """
        opened = self.file.begin()
        token, later = "", False
        try:
            token = self.shared.begin() if self.shared else ""
            yield
        except BaseException:
            later = in_doubt()
            raise
        finally:
            if later:
                self._end_later(opened, token)
            else:
                self._end(opened, token)

    def _end_later(self, opened: int | None, token: str) -> None:
        timer = threading.Timer(SECONDS_OF_DOUBT, self._end, (opened, token))
        timer.daemon = True
        try:
            timer.start()
        except RuntimeError:
            # No thread is to be had, as at the end of a process.
            self._end(opened, token)

    def _end(self, opened: int | None, token: str) -> None:
        try:
            if self.shared and token:
                self.shared.end(token)
        finally:
            self.file.end(opened)
            self._own = next(self._writes)


def _make() -> SiteStamp:
    cache = settings.CACHES["default"]
    file = FileStamp(Path(settings.DATA_DIR) / "stamp")
    if not cache["BACKEND"].endswith(".RedisCache"):
        return SiteStamp(file, None)
    shared = SharedStamp(cache, Untold(file.path.with_name("untold")), file.is_quiet)
    os.register_at_fork(after_in_child=shared.after_fork)
    atexit.register(shared.tell_at_last)
    return SiteStamp(file, shared)


site_stamp = _make()

# Connections whose transaction wrote what readers may see.
_changed: WeakSet[BaseDatabaseWrapper] = WeakSet()


def _see(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Django's execute_wrapper: notes what a transaction wrote, and tells of what has none."""
    if not is_public_write(sql):
        return execute(sql, params, many, context)
    connection = context["connection"]
    if connection.in_atomic_block or not connection.autocommit:
        _changed.add(connection)
        return execute(sql, params, many, context)
    if only_writes(sql) and connection in connections.all(initialized_only=True):
        # In a transaction of its own: the stamp is held around its commit alone, and neither while
        # it waits for other writers nor while it changes many rows.
        with transaction.atomic(using=connection.alias):
            _changed.add(connection)
            return execute(sql, params, many, context)
    # SQLite commits nothing before all that a statement returns is read; some statements bear no
    # transaction; and one on a connection without a name cannot be begun like this.
    with site_stamp.changing(partial(_is_lost, connection)):
        return execute(sql, params, many, context)


def _is_lost(connection: BaseDatabaseWrapper) -> bool:
    """Whether there is no one left to ask what became of a commit. SQLite is always there."""
    driver = connection.connection
    return connection.vendor == "postgresql" and (driver is None or driver.closed)


def _watch(connection: BaseDatabaseWrapper, **_more: Any) -> None:
    """See what a connection writes and commits; nothing more when it was opened again."""
    if _see in connection.execute_wrappers:
        return
    connection.execute_wrappers.append(_see)
    commit = connection.commit

    def commit_and_tell() -> None:
        if connection not in _changed:
            commit()
            return
        # A transaction that was rolled back leaves the mark: then the next one tells for nothing.
        _changed.discard(connection)
        with site_stamp.changing(partial(_is_lost, connection)):
            commit()

    connection.commit = commit_and_tell  # type: ignore[method-assign]


def watch_connections() -> None:
    """Watch every connection to the database from now on; once, when the site is loaded."""
    connection_created.connect(_watch, dispatch_uid="articles.stamp")

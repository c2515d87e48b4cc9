"""The site's stamp: one value that is another after every change of what readers may see.

Whatever was made from the database is right for as long as the stamp is what it was before it was
made. The page cache keeps pages by it.

Nobody can forget to change it: every connection to the database is watched, and a statement that
writes to any table but the few PRIVATE ones changes it. It is changed before the commit and after:
a page that is made in between, from the old rows, is out of date after the second change. A process
that is killed in between makes no second change, so that it also holds a lock from before the first
until after the second, which ends with the process; what is made while anybody holds it is not
kept (`before_making`). Nothing is held while a long transaction runs, only around its commit.

The owner's own stylesheet belongs to it too: pages name the one that they were made with.

On one host the stamp is a file in DATA_DIR. With CACHE_URL it is also a key on that server, which
other hosts look at twice a second: see `articles.shared_stamp`.

A trigger or a row of the database would need a query for each page that was kept; SQLite's
`data_version` needs none, but knows no tables and is not there on PostgreSQL. What is written past
Django, by hand in psql, is not seen: the page cache has its five minutes for that.
"""

from __future__ import annotations

import fcntl
import itertools
import logging
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakSet

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from articles import own_look
from articles.shared_stamp import SharedStamp

logger = logging.getLogger(__name__)

# What readers never see: sessions, tasks, the admin's log, permissions, sign-in, notices to staff.
PRIVATE_PREFIXES = ("account_", "accounts_", "auth_", "django_", "mfa_")
PRIVATE = {
    "articles_backup",
    "articles_user_groups",
    "articles_user_user_permissions",
    "discussion_moderatornotice",
}
_READING = re.compile(
    r"[\s(]*(SELECT|EXPLAIN|PRAGMA|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|SHOW|SET|ANALYZE|VACUUM)\b",
    re.IGNORECASE,
)
# A query with parts of their own names may also write in one of them.
_WITH = re.compile(r"[\s(]*WITH\b", re.IGNORECASE)
_WRITES_WITHIN = re.compile(r"\b(INSERT|UPDATE|DELETE|MERGE)\b", re.IGNORECASE)
_WRITING = re.compile(
    r'\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM)\s+"?(?P<table>\w+)"?'
    r"(?:\s(?P<rest>.*)|$)",
    re.IGNORECASE | re.DOTALL,
)
# Who signs in changes nothing that readers see.
_SIGNED_IN = re.compile(r'SET "last_login" = \S+ WHERE ')

SIZE = 16
SECONDS_BETWEEN_CHECKS = 1.0

type Stamp = tuple[bytes, int, str]


def is_reading(sql: Any) -> bool:
    """Whether a statement changes no row. One that nobody knows may."""
    if not isinstance(sql, str):
        return False
    return bool(_READING.match(sql) or (_WITH.match(sql) and not _WRITES_WITHIN.search(sql)))


def is_public_write(sql: Any) -> bool:
    """Whether a statement may change what readers see. One that nobody knows does."""
    if not isinstance(sql, str):
        return True
    if is_reading(sql):
        return False
    found = _WRITING.match(sql)
    if found is None:
        return True
    table = found["table"]
    if table == "articles_user" and _SIGNED_IN.match(found["rest"] or ""):
        return False
    return table not in PRIVATE and not table.startswith(PRIVATE_PREFIXES)


class FileStamp:
    """The stamp of one host: random bytes in a file, and a lock on it while somebody commits."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._reading: int | None = None
        self._identity = (0, 0)
        self._checked = 0.0

    def read(self) -> bytes:
        """The bytes now. Random ones where there is no file to be had: then nothing is kept."""
        now = time.monotonic()
        try:
            reading = self._reading
            if reading is None or not 0 <= now - self._checked < SECONDS_BETWEEN_CHECKS:
                reading = self._check()
                self._checked = now
            found = os.pread(reading, SIZE, 0)
        except OSError:
            self._reading = None
            return os.urandom(SIZE)
        return found if len(found) == SIZE else os.urandom(SIZE)

    def _check(self) -> int:
        """The file, opened unless it is the one that is: somebody may have laid another there."""
        reading = self._reading
        if reading is not None:
            try:
                status = self.path.stat()
            except FileNotFoundError:
                status = None
            if status and (status.st_dev, status.st_ino) == self._identity:
                return reading
        opened = self._open()
        found = os.fstat(opened)
        # The former one stays open: another thread may be reading it just now.
        self._reading, self._identity = opened, (found.st_dev, found.st_ino)
        return opened

    def _open(self) -> int:
        made = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if os.fstat(made).st_size != SIZE:
            os.pwrite(made, os.urandom(SIZE), 0)
        return made

    def begin(self) -> int | None:
        """Change it and lock it, before a commit; what `end` wants. None where that cannot be.

        A write is no worse for a stamp that cannot be changed, which is logged.
        """
        try:
            opened = self._open()
        except OSError as error:
            self._complain(error)
            return None
        try:
            fcntl.flock(opened, fcntl.LOCK_SH)
        except OSError as error:
            # A file system without locks: `is_quiet` knows none either, and nothing is kept.
            self._complain(error)
        self._change(opened)
        return opened

    def end(self, opened: int | None) -> None:
        """Change it again and unlock it, after the commit or what became of it."""
        if opened is None:
            return
        try:
            self._change(opened)
        finally:
            os.close(opened)

    def _change(self, opened: int) -> None:
        try:
            # In place: a full disk has room for that.
            os.pwrite(opened, os.urandom(SIZE), 0)
        except OSError as error:
            self._complain(error)

    def _complain(self, error: OSError) -> None:
        logger.error(
            "%s cannot be written (%s): pages may be five minutes old.", self.path, error.strerror
        )

    def is_quiet(self) -> bool:
        """Whether nobody, in any process, is between `begin` and `end` at this moment."""
        opened = self._open()
        try:
            # Others who ask the same hold the lock for some microseconds.
            for pause in (0.0005, 0.002, 0.0):
                try:
                    fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    time.sleep(pause)
                else:
                    return True
            return False
        finally:
            os.close(opened)


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
        """The stamp by which what is made from now on may be kept; None when it may not."""
        found = self.current()
        if self.shared is not None:
            shared, quiet = self.shared.look()
            found = (found[0], found[1], shared + self._own_look())
            if not quiet:
                return None
        try:
            # After the stamp was read: whoever begins later changes it first.
            return found if self.file.is_quiet() else None
        except OSError:
            return None

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Around a commit of what readers may see."""
        opened = self.file.begin()
        try:
            token = self.shared.begin() if self.shared else ""
            try:
                yield
            finally:
                if self.shared:
                    self.shared.end(token)
        finally:
            self.file.end(opened)
            self._own = next(self._writes)


def _make() -> SiteStamp:
    cache = settings.CACHES["default"]
    shared = SharedStamp(cache) if cache["BACKEND"].endswith(".RedisCache") else None
    return SiteStamp(FileStamp(Path(settings.DATA_DIR) / "stamp"), shared)


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
    with site_stamp.changing():
        return execute(sql, params, many, context)


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
        with site_stamp.changing():
            commit()

    connection.commit = commit_and_tell  # type: ignore[method-assign]


def watch_connections() -> None:
    """Watch every connection to the database from now on; once, when the site is loaded."""
    connection_created.connect(_watch, dispatch_uid="articles.stamp")

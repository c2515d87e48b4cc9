"""What is no mistake of the site: its database, cache, disk or store of files is away.

Readers are told to come again, programs when, and nobody needs a traceback.
"""

from __future__ import annotations

import errno
import logging
import sqlite3
from collections.abc import Iterator
from typing import Any

from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError

from articles.upkeep.read_only import SiteIsReadOnlyError

SECONDS_TO_RETRY = 30

# SQLite's primary result codes (https://sqlite.org/rescode.html): busy, locked, out of memory,
# read-only, input or output failed, full, cannot open, locking failed.
_SQLITE = {5, 6, 7, 8, 10, 13, 14, 15}
# PostgreSQL's classes of errors (its manual, appendix A): connection, resources, an operator
# steps in, the system fails; and transactions that a server which only reads refuses.
_POSTGRESQL = ("08", "53", "57", "58", "25006", "40", "55P03")
_POSTGRESQL_FULL = "53100"
_FULL = {errno.ENOSPC, errno.EDQUOT}
_DISK = {*_FULL, errno.EROFS, errno.EIO}


def outage(error: BaseException | None) -> str:
    """What is away, in a few words, when that is why this was raised; '' for any other error."""
    for each in _causes(error):
        if isinstance(each, SiteIsReadOnlyError):
            return "read-only"
        if isinstance(each, DatabaseError):
            return f"database: {_line(each)}" if _is_away(each) else ""
        library = type(each).__module__.partition(".")[0]
        if library == "redis":
            return f"cache: {_line(each)}"
        if library == "botocore":
            return f"store of files: {_line(each)}"
        if isinstance(each, OSError) and each.errno in _DISK:
            return f"disk: {_line(each)}"
    return ""


def is_full(error: BaseException | None) -> bool:
    """Whether a disk without room is why this was raised: that does not go away by itself."""
    return any(
        getattr(each, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL
        or getattr(each, "sqlstate", None) == _POSTGRESQL_FULL
        or (isinstance(each, OSError) and each.errno in _FULL)
        for each in _causes(error)
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, what it was raised from, and so on."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _is_away(error: DatabaseError) -> bool:
    if not isinstance(error, (OperationalError, InterfaceError)):
        # PostgreSQL refuses to write where it only reads by an InternalError.
        return getattr(error.__cause__, "sqlstate", None) == "25006"
    cause: Any = error.__cause__
    if (code := getattr(cause, "sqlite_errorcode", None)) is not None:
        return code & 0xFF in _SQLITE
    state = getattr(cause, "sqlstate", None)
    # One without a state never reached the server, or lost it on the way.
    return state.startswith(_POSTGRESQL) if state else bool(cause)


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300]


class Shortened(logging.Filter):
    """For the logger of failed requests: one line for an outage, and none for what was planned."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to write the record; one about an outage loses its traceback."""
        # Logging that is set up twice, as by a server that forks, asks each filter twice.
        if getattr(record, "outage", ""):
            return True
        error = record.exc_info[1] if record.exc_info else None
        if reason := outage(error):
            if reason == "read-only":
                # As somebody wanted.
                return False
            record.msg, record.args = "Not available: %s", (reason,)
            record.exc_info = record.exc_text = None
            record.outage = reason
            return True
        # An answer that says "not now" by itself has said why where that was found out.
        return error is not None or getattr(record, "status_code", 500) != 503

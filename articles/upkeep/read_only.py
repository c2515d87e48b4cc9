"""Read-only for maintenance: reading goes on, nothing that people send is written.

The switch is a file in DATA_DIR, which every process of the host looks at each time, and with
CACHE_URL also an entry of that cache, which other hosts look at once a second. It is no row of the
database: that may be what is being moved, replaced or restored meanwhile.

What `manage.py` is told to do goes on: that is the maintenance. Processes that answer requests call
`enforce`; the database then refuses what they would write, whoever wanted it.
"""

from __future__ import annotations

import datetime
import json
import logging
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.utils import timezone

from articles.public_writes import is_reading

logger = logging.getLogger(__name__)

NAME = "read_only.json"
KEY = "read_only"
SECONDS_BETWEEN_LOOKS = 1.0
# What a program is told that asks too early, when nobody said until when; and at most.
SECONDS_TO_RETRY = 300
MOST_SECONDS_TO_RETRY = 3600


class SiteIsReadOnlyError(OperationalError):
    """Raised in place of a write while the site is read-only."""


@dataclass(frozen=True, slots=True)
class ReadOnly:
    """That the site is read-only: since when, why ('' when nobody said), and until when about.

    `until` is what people are told; the site stays read-only until somebody switches that off.
    `restoring` says that no person did it, but a restore for its own time.
    """

    since: datetime.datetime
    reason: str = ""
    until: datetime.datetime | None = None
    restoring: bool = False

    @property
    def seconds_to_retry(self) -> int:
        """When whoever was refused may come again."""
        if self.until is None or self.until <= timezone.now():
            return SECONDS_TO_RETRY
        left = (self.until - timezone.now()).total_seconds()
        return round(min(max(left, 1), MOST_SECONDS_TO_RETRY))

    def as_json(self) -> str:
        """For the file and the cache."""
        until = self.until.isoformat() if self.until else None
        return json.dumps(
            {
                "since": self.since.isoformat(),
                "reason": self.reason,
                "until": until,
                "restoring": self.restoring,
            }
        )


def _read(text: str) -> ReadOnly:
    """The value of `as_json`. Whatever else stands there means the same without any detail."""
    try:
        found = json.loads(text)
        until = found["until"] and datetime.datetime.fromisoformat(found["until"])
        since = datetime.datetime.fromisoformat(found["since"])
        return ReadOnly(since, str(found["reason"]), until, found.get("restoring") is True)
    except (ValueError, KeyError, TypeError):
        # Somebody made the file by hand: `touch` is enough.
        return ReadOnly(timezone.now())


def path() -> Path:
    """The file whose being there is the switch of this host."""
    return Path(settings.DATA_DIR) / NAME


def is_shared() -> bool:
    """Whether other hosts hear of it by the cache."""
    return bool(settings.CACHES["default"]["BACKEND"].endswith(".RedisCache"))


# What the cache said last, and when.
_shared: tuple[float, str | None] = (-SECONDS_BETWEEN_LOOKS, None)


def of_this_host() -> ReadOnly | None:
    """What the switch of this host says, whatever others say."""
    try:
        return _read(path().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        # It is there, whatever is wrong with it.
        return ReadOnly(timezone.now())


def current() -> ReadOnly | None:
    """How the site stands now; of another host's switch it may be a second old."""
    if state := of_this_host():
        return state
    text = _look_at_cache() if is_shared() else None
    return None if text is None else _read(text)


def _look_at_cache() -> str | None:
    """What the cache says; while it is away, what it said last."""
    global _shared  # noqa: PLW0603 - one look for all threads of the process
    asked, text = _shared
    if 0 <= time.monotonic() - asked < SECONDS_BETWEEN_LOOKS:
        return text
    # Others need not ask as well.
    _shared = (time.monotonic(), text)
    try:
        text = cache.get(KEY)
    except Exception as error:  # noqa: BLE001 - each kind of cache raises its own
        logger.warning("Whether the site is read-only cannot be asked: %s", error)
    _shared = (time.monotonic(), text)
    return text


def switch_on(
    reason: str = "", until: datetime.datetime | None = None, *, restoring: bool = False
) -> ReadOnly:
    """Make the site read-only; what was begun before is not waited for.

    One that is read-only already keeps its `since`, but not for a restore, which knows by it what
    it said itself. Raises OSError, or what the cache raises; then it is not, at least not
    everywhere.
    """
    before = None if restoring else current()
    state = ReadOnly(before.since if before else timezone.now(), reason, until, restoring)
    draft = path().with_name(f".{NAME}.{os.getpid()}")
    draft.write_text(state.as_json(), encoding="utf-8")
    draft.replace(path())
    if is_shared():
        cache.set(KEY, state.as_json(), None)
    return state


def told_to_all() -> ReadOnly | None:
    """What the cache tells all hosts, asked at this moment. Raises what the cache raises."""
    text = cache.get(KEY) if is_shared() else None
    return None if text is None else _read(text)


def switch_off(only: ReadOnly | None = None) -> bool:
    """Let people write again; whether the site was read-only. Raises what the cache raises.

    With `only`, another host's switch stays as it is: all are told of an end of just that one.
    """
    global _shared  # noqa: PLW0603
    was = current() is not None
    if is_shared() and (only is None or told_to_all() == only):
        cache.delete(KEY)
    _shared = (-SECONDS_BETWEEN_LOOKS, None)
    with suppress(FileNotFoundError):
        path().unlink()
    return was


# The database ------------------------------------------------------------------------------------

_enforced = False


def enforce() -> None:
    """From now on this process writes nothing while the site is read-only."""
    global _enforced  # noqa: PLW0603
    _enforced = True


def watch() -> None:
    """Look at every connection from now on; a second call changes nothing."""
    connection_created.connect(_on_connection, dispatch_uid="read only")


def _on_connection(connection: BaseDatabaseWrapper, **_more: Any) -> None:
    if refuse not in connection.execute_wrappers:
        connection.execute_wrappers.append(refuse)


def refuse(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Run a query; raises SiteIsReadOnlyError in the place of one that writes, whatever table."""
    if _enforced and not is_reading(sql) and current() is not None:
        raise SiteIsReadOnlyError("the site is read-only")
    return execute(sql, params, many, context)

"""Whether this process could answer readers now: database, migrations, cache and disk.

Asked by what stands in front of the site, every few seconds and from several places: so the answer
comes within a bounded time whatever hangs, is reused for a second, and tells names alone.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from functools import cache as remembered

from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

logger = logging.getLogger(__name__)

# How long to wait for all checks together, and how long an answer holds.
SECONDS = 3.0
SECONDS_TO_REUSE = 1.0
# Less is as good as nothing: SQLite alone writes its journal in files of this size.
LEAST_FREE_BYTES = 64 * 1024 * 1024


def database() -> bool:
    """Whether the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


@remembered
def _known() -> dict[tuple[str, str], frozenset[tuple[str, str]]]:
    """The migrations of this version, each with those that it replaces."""
    loader = MigrationLoader(None)
    return {key: frozenset(migration.replaces) for key, migration in loader.disk_migrations.items()}


def missing_migrations() -> list[tuple[str, str]]:
    """Migrations of this version that the database lacks, each as its app and its name."""
    applied = MigrationRecorder(connection).applied_migrations().keys()
    return sorted(
        key
        for key, replaced in _known().items()
        if key not in applied and not (replaced and replaced <= applied)
    )


def migrations() -> bool:
    """Whether the database has all tables of this version; those of a newer one do no harm."""
    return not missing_migrations()


def caching() -> bool:
    """Whether the cache gives back what it was given."""
    mark = str(time.time_ns())
    cache.set("ready", mark, 60)
    return cache.get("ready") is not None


def disk() -> bool:
    """Whether the data folder can be written to, and has room."""
    status = os.statvfs(settings.DATA_DIR)
    read_only = bool(status.f_flag & os.ST_RDONLY) or not os.access(settings.DATA_DIR, os.W_OK)
    return not read_only and status.f_bavail * status.f_frsize >= LEAST_FREE_BYTES


CHECKS: dict[str, Callable[[], bool]] = {
    "database": database,
    "migrations": migrations,
    "cache": caching,
    "disk": disk,
}

_turn = threading.Lock()
_last: tuple[float, dict[str, bool]] = (-SECONDS_TO_REUSE, {})
# Checks that hang, by name: they are not begun again until they end.
_running: dict[str, threading.Thread] = {}
# What the log was told of last, by name.
_failing: set[str] = set()


def readiness() -> dict[str, bool]:
    """The result of each check, within SECONDS; what did not answer by then is not ready."""
    global _last  # noqa: PLW0603 - one answer for all threads of the process
    if not _turn.acquire(timeout=SECONDS):
        return dict.fromkeys(CHECKS, False)
    try:
        asked, results = _last
        if time.monotonic() - asked >= SECONDS_TO_REUSE:
            results = _ask()
            _last = (time.monotonic(), results)
        return results
    finally:
        _turn.release()


def forget() -> None:
    """Ask anew at the next call."""
    global _last  # noqa: PLW0603
    _last = (-SECONDS_TO_REUSE, {})
    _running.clear()
    _failing.clear()


def _ask() -> dict[str, bool]:
    """Run the checks in threads that nobody waits for longer than SECONDS altogether."""
    results: dict[str, bool] = {}
    for name in [name for name, thread in _running.items() if not thread.is_alive()]:
        del _running[name]
    begun = {
        name: threading.Thread(target=_run, args=(name, check, results), daemon=True)
        for name, check in CHECKS.items()
        if name not in _running
    }
    _running.update(begun)
    deadline = time.monotonic() + SECONDS
    for thread in begun.values():
        thread.start()
    for thread in begun.values():
        thread.join(max(0.0, deadline - time.monotonic()))
    return {name: results.get(name, False) for name in CHECKS}


def _run(name: str, check: Callable[[], bool], results: dict[str, bool]) -> None:
    reason = ""
    try:
        results[name] = check()
    except Exception as error:  # noqa: BLE001 - whatever is wrong, the site is not ready
        results[name] = False
        reason = f" ({' '.join(str(error).split())})"
    finally:
        connections.close_all()
    # Once for each change: whoever asks does so every few seconds.
    if results[name] and name in _failing:
        _failing.discard(name)
        logger.warning("Ready again: %s", name)
    elif not results[name] and name not in _failing:
        _failing.add(name)
        logger.warning("Not ready: %s%s", name, reason)

"""One at a time: whoever changes the tables, restores, or writes backups into a folder."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from articles.upkeep.backup.archive import BackupError

type Say = Callable[[str], None]


def silently(_line: str) -> None:
    """Say nothing."""


@contextmanager
def alone(say: Say = silently) -> Iterator[None]:
    """Hold the data folder's lock, for whoever is about to change the tables.

    Waits, and says so, while another process of this host has it. The system takes it from a
    process that dies. Processes on other hosts are held off by `migrating.all_or_nothing`.
    """
    with _lock_file().open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another process is changing the database; waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def is_held() -> bool:
    """Whether a process of this host has that lock now. Raises OSError."""
    try:
        with _lock_file().open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _lock_file() -> Path:
    return Path(settings.DATA_DIR) / ".upkeep.lock"


@contextmanager
def writer_of(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder of backups. Raises BackupError when another process has it."""
    with (folder / ".milepost-backup.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(f"Another backup is being written into {folder}.") from error
        yield

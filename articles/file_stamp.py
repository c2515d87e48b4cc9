"""The part of the site's stamp that is one host's: a file. See `articles.stamp`."""

from __future__ import annotations

import fcntl
import logging
import os
import time
from contextlib import suppress
from pathlib import Path

logger = logging.getLogger(__name__)

SIZE = 16
SECONDS_BETWEEN_CHECKS = 1.0


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
            with suppress(OSError):
                # A process that was forked meanwhile has the file open, too.
                fcntl.flock(opened, fcntl.LOCK_UN)
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
        """Whether nobody, in any process, is between `begin` and `end` at this moment.

        Also False while another asks the same, for some microseconds. Raises OSError where there is
        no file, or no lock to be had.
        """
        opened = self._open()
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            return True
        finally:
            os.close(opened)

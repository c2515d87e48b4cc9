"""The folder of a copy: new files are written beside it and put in place when all are there.

Files that are right stay as they are, with their time. What belonged to the last copy and not to
this one goes; nothing else is ever deleted.
"""

from __future__ import annotations

import fcntl
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from articles.exporting.frontier import Frontier

# In the folder itself, and so on its disk. File servers do not list what begins with a dot.
OWN = ".milepost-export"
_FILES, _NEW, _FRONTIER, _LOCK = "files", "new", "frontier", "lock"


class ExportError(Exception):
    """A copy cannot be made; the text is one plain sentence."""


class Folder:
    """The folder of a copy, while one is made. Use it as a context; `finish` makes it count."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.own = path / OWN

    def __enter__(self) -> Self:
        """Raises ExportError for a folder with files of others, or in which a copy is made now."""
        try:
            is_foreign = not self.own.is_dir() and any(self.path.iterdir())
        except FileNotFoundError:
            is_foreign = False
        except NotADirectoryError as error:
            raise ExportError(f"{self.path} is not a folder.") from error
        except OSError as error:
            raise ExportError(f"{self.path} cannot be read: {error.strerror}.") from error
        if is_foreign:
            raise ExportError(
                f"{self.path} holds files that no export made; name an empty folder or a new one."
            )
        try:
            self.own.mkdir(parents=True, exist_ok=True)
            self._lock = (self.own / _LOCK).open("a")
        except OSError as error:
            raise ExportError(f"{self.path} cannot be written: {error.strerror}.") from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._lock.close()
            raise ExportError(f"Another export is being written into {self.path}.") from error
        self._clear()
        (self.own / _NEW).mkdir()
        self.frontier = Frontier(self.own / _FRONTIER)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.frontier.close()
        self._clear()
        self._lock.close()

    def _clear(self) -> None:
        shutil.rmtree(self.own / _NEW, ignore_errors=True)
        (self.own / _FRONTIER).unlink(missing_ok=True)

    def write(self, name: str, content: bytes) -> None:
        """Have a file in the copy; written down only when it is not there as it is."""
        is_new = not is_already(self.path / name, content)
        if is_new:
            path = self.own / _NEW / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        self.frontier.add_file(name, is_new=is_new)

    def finish(self) -> tuple[int, int]:
        """Put the new files in place and take away what is gone; how many these are.

        Files that pages need come before the pages. When it is broken off, the next export does the
        rest.
        """
        written = removed = 0
        with known_files(self.own / _FILES) as known:
            known.executemany(
                "INSERT OR IGNORE INTO file VALUES (?)", ((n,) for n in self.frontier.files())
            )
            known.commit()
            for name in self.frontier.files(only_new=True):
                there = self.path / name
                try:
                    there.parent.mkdir(parents=True, exist_ok=True)
                    (self.own / _NEW / name).replace(there)
                except OSError as error:
                    raise ExportError(f"{there} cannot be written: {error.strerror}.") from error
                written += 1
            gone = (
                name
                for (name,) in known.execute("SELECT name FROM file")
                if not self.frontier.has_file(name)
            )
            for name in list(gone):
                removed += self._remove(name)
                known.execute("DELETE FROM file WHERE name = ?", (name,))
            known.commit()
        return written, removed

    def _remove(self, name: str) -> int:
        path = self.path / name
        try:
            path.unlink()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            # Gone, or in its place is what its owner put there.
            return 0
        for folder in path.parents:
            if folder == self.path:
                break
            try:
                folder.rmdir()
            except OSError:
                break
        return 1


def is_already(path: Path, content: bytes) -> bool:
    """Whether a file says this."""
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False


@contextmanager
def known_files(path: Path) -> Iterator[sqlite3.Connection]:
    """The names of the files that exports have put into the folder."""
    connection = sqlite3.connect(path)
    try:
        connection.execute("CREATE TABLE IF NOT EXISTS file (name TEXT PRIMARY KEY) WITHOUT ROWID")
        yield connection
    finally:
        connection.close()

"""Which files of a folder of backups were read and found whole, and have not changed since.

A backup is read when it is made, and again by whoever thins out older ones if its size or its time
of change is another than then. That is a cheap test, and enough for what programs do: a copy that
was cut off, a disk that filled up, a file that was written over. What it does not notice is a disk
that returns other bytes by itself. To find that, each of some twenty files would be read each
night, which takes twenty times as long as making one; `restore_backup --dry-run` reads any of them.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from articles.upkeep.small_files import write_whole

NAME = ".milepost-verified.json"

type Mark = tuple[int, int]


def mark_of(path: Path) -> Mark:
    """Size and time of change of a file. Raises OSError."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns


class Folder:
    """What was written down in one folder. Whoever writes holds the folder's lock.

    Where nothing or nonsense stands there, or this user may not look, nothing is known: each file
    is read once more.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / NAME
        self.found: dict[str, tuple[Mark, str]] = {}
        with suppress(FileNotFoundError, PermissionError, ValueError, TypeError, AttributeError):
            said = json.loads(self.file.read_text(encoding="utf-8"))
            self.found = {
                str(name): ((int(size), int(changed)), str(why))
                for name, (size, changed, why) in said.items()
            }

    def knows(self, path: Path) -> bool:
        """Whether a file of this name was here and read."""
        return path.name in self.found

    def known(self, path: Path) -> str | None:
        """'' for a file that is whole, else why it is not; None for one that nobody has read.

        Raises OSError when the file is not there.
        """
        mark = mark_of(path)
        if path.name not in self.found:
            return None
        then, why = self.found[path.name]
        return why if mark == then else "it is not as it was when it was read"

    def must_read(self, path: Path) -> bool:
        """Whether the file was not read as it is now. Raises OSError when it is not there."""
        return path.name not in self.found or self.found[path.name][0] != mark_of(path)

    def note(self, path: Path, mark: Mark, why: str = "") -> None:
        """Write down how a file was found that had this mark before it was read."""
        self.found[path.name] = (mark, why)
        there = {path.name for path in self.file.parent.iterdir()}
        self.found = {name: each for name, each in self.found.items() if name in there}
        said = {name: (*mark, why) for name, (mark, why) in self.found.items()}
        # Where it cannot be written down, the file is read once more.
        with suppress(OSError):
            write_whole(self.file, json.dumps(said, indent=1))

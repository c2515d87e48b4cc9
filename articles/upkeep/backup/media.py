"""The files that people uploaded or the site drew, on their way into a backup and back."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage

from articles.media_files import UNFINISHED, is_local
from articles.upkeep.backup.archive import MEDIA, BackupError, Writer

_CHUNK = 1 << 20


def folder() -> Path:
    """Where the files lie."""
    return Path(settings.MEDIA_ROOT)


def files(root: Path) -> Iterator[tuple[str, Path]]:
    """Name and path of every file below a folder; none when the folder is not there.

    Raises BackupError for what is neither a file nor a folder, and OSError for a folder that may
    not be read: nothing is left out silently.
    """

    def refuse(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            raise error

    for parent, folders, names in root.walk(on_error=refuse):
        folders.sort()
        for name in folders:
            if (parent / name).is_symlink():
                raise BackupError(
                    f"{parent / name} is a link to a folder; let {root} be the link, or move the "
                    "files where they belong."
                )
        for name in sorted(names):
            path = parent / name
            if path.suffix == UNFINISHED:
                continue
            if path.exists() and not path.is_file():
                raise BackupError(f"{path} is not a file; move it out of {root}.")
            yield path.relative_to(root).as_posix(), path


def names_in_store(folder: str = "") -> Iterator[str]:
    """The names of all files in a store that is no folder of this machine."""
    folders, names = default_storage.listdir(folder)
    lead = f"{folder}/" if folder else ""
    # Some stores hold an empty object for a folder.
    yield from (f"{lead}{name}" for name in sorted(names) if name)
    for inner in sorted(folders):
        yield from names_in_store(f"{lead}{inner}")


def names_here() -> set[str]:
    """The names of all files of the site."""
    return {name for name, _path in files(folder())} if is_local() else set(names_in_store())


def add_new(writer: Writer, seen: dict[str, tuple[int, int]]) -> None:
    """Add every file that was not seen, or not as it is now, and note it in `seen`.

    Called before and after the database is read: what a row names was there at one of the times,
    unless it came after the first and went before the second. Rows name nothing but pictures of
    articles, which are drawn anew when somebody asks for one that is not there.
    """
    if not is_local():
        _add_new_of_store(writer, seen)
        return
    for name, path in files(folder()):
        try:
            with path.open("rb") as file:
                status = os.fstat(file.fileno())
                mark = (status.st_size, status.st_mtime_ns)
                if seen.get(name) != mark:
                    writer.add(f"{MEDIA}{name}", file, status.st_size)
                    seen[name] = mark
        except FileNotFoundError:
            continue


def _add_new_of_store(writer: Writer, seen: dict[str, tuple[int, int]]) -> None:
    for name in names_in_store():
        try:
            changed = default_storage.get_modified_time(name)
            with default_storage.open(name) as file:
                mark = (file.size, int(changed.timestamp() * 1000))
                if seen.get(name) != mark:
                    writer.add(f"{MEDIA}{name}", file, file.size)
                    seen[name] = mark
        except FileNotFoundError:
            continue


# Back -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class Exchange:
    """Puts the files of a backup in the place of those of the site, in steps that can be undone.

    First everything is added that the restored rows may name, then the rows are exchanged, and only
    then goes what they do not name: at every moment, even when the process is killed, the rows that
    are there find their files. What goes is what was there when this was made, so make it before
    the backup of what is there: a file that came since is in no backup, and stays.
    """

    incoming: Path
    aside: Path
    there: list[str] = field(init=False)
    added: list[Path] = field(default_factory=list)
    replaced: list[tuple[Path, Path]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.there = [name for name, _path in files(folder())]

    def add(self) -> None:
        """Bring in what is missing or different; what it replaces is kept aside."""
        for name, path in files(self.incoming):
            here = folder() / name
            if here.exists():
                if same(here, path):
                    continue
                kept = self.aside / name
                kept.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(here, kept)
                self.replaced.append((here, kept))
            else:
                here.parent.mkdir(parents=True, exist_ok=True)
                self.added.append(here)
            _move(path, here)

    def undo(self) -> None:
        """Everything as it was."""
        for here, kept in self.replaced:
            _move(kept, here)
        for here in self.added:
            here.unlink(missing_ok=True)

    def finish(self, names: set[str]) -> int:
        """Delete what was there and the backup does not have, by names; how many files that were.

        Not what came since: a site that goes on may have drawn it for the restored rows.
        """
        gone = [name for name in self.there if name not in names]
        for name in gone:
            (folder() / name).unlink(missing_ok=True)
        return len(gone)


@dataclass(slots=True)
class StoreExchange:
    """The same for files in a store: each is put there whole, and what it replaces kept aside."""

    incoming: Path
    aside: Path
    there: list[str] = field(init=False)
    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.there = list(names_in_store())

    def add(self) -> None:
        """Bring in what is missing or different; what it replaces is kept aside."""
        for name, path in files(self.incoming):
            if default_storage.exists(name):
                if same_here(name, path):
                    continue
                kept = self.aside / name
                kept.parent.mkdir(parents=True, exist_ok=True)
                with default_storage.open(name) as file, kept.open("wb") as copy:
                    shutil.copyfileobj(file, copy, _CHUNK)
                self.replaced.append(name)
            else:
                self.added.append(name)
            _put(path, name)

    def undo(self) -> None:
        """Everything as it was."""
        for name in self.replaced:
            _put(self.aside / name, name)
        for name in self.added:
            default_storage.delete(name)

    def finish(self, names: set[str]) -> int:
        """Delete what was there and the backup does not have, by names; how many files that were.

        Not what came since, as above.
        """
        gone = [name for name in self.there if name not in names]
        for name in gone:
            default_storage.delete(name)
        return len(gone)


def exchange(incoming: Path, aside: Path) -> Exchange | StoreExchange:
    """What puts the files of a backup in the place of those of the site, wherever these lie."""
    return Exchange(incoming, aside) if is_local() else StoreExchange(incoming, aside)


def _put(path: Path, name: str) -> None:
    with path.open("rb") as file:
        default_storage.save(name, File(file))


def _move(source: Path, target: Path) -> None:
    """Put a file in its place in one step, on whichever disk the place is."""
    try:
        source.replace(target)
    except OSError:
        draft = target.with_name(f"{target.name}{UNFINISHED}")
        try:
            shutil.copy2(source, draft)
            draft.replace(target)
        except OSError:
            draft.unlink(missing_ok=True)
            raise


def same(one: Path, other: Path) -> bool:
    """Whether two files hold the same bytes."""
    if one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as first, other.open("rb") as second:
        digests = [hashlib.file_digest(file, "sha256").digest() for file in (first, second)]
    return digests[0] == digests[1]


def same_here(name: str, path: Path) -> bool:
    """Whether the site's file of this name holds the bytes of a file of this machine."""
    if is_local():
        return same(folder() / name, path)
    if default_storage.size(name) != path.stat().st_size:
        return False
    digest = hashlib.sha256()
    with default_storage.open(name) as there, path.open("rb") as here:
        while data := there.read(_CHUNK):
            digest.update(data)
        return digest.digest() == hashlib.file_digest(here, "sha256").digest()

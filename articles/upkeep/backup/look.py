"""The owner's own stylesheet and templates, on their way into a backup and back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from articles import own_look
from articles.upkeep.backup.archive import LARGEST_LOOK, LOOK, BackupError, Writer
from articles.upkeep.backup.media import files

MOST_FILES = 5000


def here() -> Iterator[tuple[str, Path]]:
    """Name and path of each file of the look that the site has."""
    return _of(Path(settings.DATA_DIR))


def _of(root: Path) -> Iterator[tuple[str, Path]]:
    if (root / own_look.CSS).is_file():
        yield own_look.CSS, root / own_look.CSS
    for name, path in files(root / own_look.TEMPLATES):
        yield f"{own_look.TEMPLATES}/{name}", path


def add(writer: Writer) -> None:
    """Write it into a backup. Raises BackupError for a folder that is more than a look."""
    found = list(here())
    if len(found) > MOST_FILES or sum(path.stat().st_size for _name, path in found) > LARGEST_LOOK:
        raise BackupError(
            f"{Path(settings.DATA_DIR) / own_look.TEMPLATES} has more than {MOST_FILES} files or "
            f"{LARGEST_LOOK >> 20} MB: keep nothing but templates in it."
        )
    for name, path in found:
        with path.open("rb") as file:
            writer.add(LOOK + name, file, path.stat().st_size)


@dataclass
class LookExchange:
    """Puts the look of a backup into the place of the site's, file by file, and back again.

    Not by renaming a folder, which may be mounted from elsewhere; a file that is the same is left
    alone, as one may be that nobody may write.
    """

    incoming: Path
    aside: Path
    is_aside: bool = field(default=False, init=False)

    def add(self) -> None:
        """Take over what comes in; what is here is copied aside first."""
        for name, path in list(here()):
            _copy(path, self.aside / name)
        self.is_aside = True
        _mirror(self.incoming)

    def undo(self) -> None:
        """Have all as it was before `add`, as far as that came."""
        if self.is_aside:
            _mirror(self.aside)


def different(incoming: Path) -> int:
    """How many files are in one of the looks alone, or differ."""
    theirs, ours = dict(_of(incoming)), dict(here())
    both = theirs.keys() & ours.keys()
    return len(theirs.keys() ^ ours.keys()) + sum(
        theirs[name].read_bytes() != ours[name].read_bytes() for name in both
    )


def _mirror(source: Path) -> None:
    wanted = dict(_of(source))
    root = Path(settings.DATA_DIR)
    for name, path in list(here()):
        if name not in wanted:
            path.unlink()
    for name, path in wanted.items():
        target = root / name
        if not target.is_file() or target.read_bytes() != path.read_bytes():
            _copy(path, target)


def _copy(source: Path, target: Path) -> None:
    """Written whole under another name first: a running site may read it just now."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.restored")
    shutil.copyfile(source, draft)
    draft.replace(target)

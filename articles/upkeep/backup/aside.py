"""A database of SQLite that may be damaged, kept beside the one that takes its place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.utils import timezone

from articles.upkeep.backup.databases import site_connection

# A database, what is not in it yet, and who reads that.
_ENDS = ("", "-wal", "-shm")


@contextmanager
def rows_aside() -> Iterator[None]:
    """Rename the files of the database for good; back, when no new one takes its place."""
    site_connection().close()
    here = Path(site_connection().settings_dict["NAME"])
    aside = here.with_name(f"{here.name}.replaced-{timezone.now():%Y%m%d%H%M%S}")
    _rename(here, aside)
    try:
        yield
    except BaseException:
        _rename(aside, here)
        raise


def _rename(path: Path, target: Path) -> None:
    """With the files beside it, under the names by which SQLite finds what is not in it yet."""
    for end in _ENDS:
        target.with_name(target.name + end).unlink(missing_ok=True)
    for end in _ENDS:
        with suppress(FileNotFoundError):
            path.with_name(path.name + end).rename(target.with_name(target.name + end))

"""Whether the static files that are served are those of this version."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders

from articles.upkeep.small_files import write_whole


def are_collected() -> bool:
    """Whether `collectstatic` ran since the last change of a static file.

    With DEBUG the files are served from where they lie.
    """
    if settings.DEBUG:
        return True
    mark = _mark()
    return mark.exists() and mark.read_text() == _fingerprint()


def begin_collecting() -> bool:
    """Forget what was collected; whether a run before this one was cut off.

    What it left may be half a file, which `collectstatic` would take for a whole one by its time.
    """
    cut_off = not _mark().exists()
    _mark().unlink(missing_ok=True)
    return cut_off


def note_collected() -> None:
    """Write down that it ran just now."""
    write_whole(_mark(), _fingerprint())


def _mark() -> Path:
    return Path(settings.STATIC_ROOT) / ".fingerprint"


def _fingerprint() -> str:
    """A hash of the version and of every static file's name, size and time of change."""
    lines = [settings.VERSION, settings.STORAGES["staticfiles"]["BACKEND"]]
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            lines.append(f"{name} {status.st_size} {status.st_mtime_ns}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()

"""What a process notes down in a file of the data folder, for `doctor` to find in another process.

Only the last such thing counts, so the file holds one.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

# Whoever causes many of them writes few lines.
PAUSE = timedelta(minutes=1)
_noted: dict[Path, datetime] = {}


@dataclass(frozen=True, slots=True)
class Noted:
    """When it was, and what."""

    at: datetime
    what: str


def note(file: str, what: str) -> bool:
    """Write it down unless something was within the last minute; whether it was written down."""
    now, path = timezone.now(), _path(file)
    before = last(file)
    # Where the disk takes no file, this process at least knows.
    at = before.at if before else _noted.get(path)
    # One of the future is of a clock that was wrong.
    if at is not None and timedelta() <= now - at < PAUSE:
        return False
    _noted[path] = now
    # A disk that is full has its own check.
    with contextlib.suppress(OSError):
        found = {"at": now.isoformat(), "what": what}
        path.write_text(json.dumps(found), encoding="utf-8")
    return True


def last(file: str) -> Noted | None:
    """The last one; None when there was none."""
    try:
        found = json.loads(_path(file).read_text(encoding="utf-8"))
        return Noted(datetime.fromisoformat(found["at"]), str(found["what"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _path(file: str) -> Path:
    return Path(settings.DATA_DIR) / file

"""The secret key of a restored site, put into its file beside the rows that are sealed with it.

Rows and key cannot change in one step. So the key lies beside its file before the rows are
exchanged; when the process is killed in between, the next start looks which key opens the rows.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from django.conf import settings

from articles.accounts import factors
from articles.upkeep.backup.locks import Say, alone, silently
from articles.upkeep.small_files import write_whole

FILE = "secret_key.restored"


def key_file() -> Path:
    """Where the key of a site is that was given none."""
    return Path(settings.DATA_DIR) / "secret_key"


def lay_ready(key: str) -> None:
    """Write the key down, before the rows are exchanged. Raises OSError."""
    write_whole(_ready(), key)


def take_back() -> None:
    """The rows were not exchanged."""
    _ready().unlink(missing_ok=True)


def put_into_place() -> None:
    """Put the key that was laid ready into its file, in one step."""
    _ready().replace(key_file())


def finish_interrupted(say: Say = silently) -> bool:
    """After a restore that was killed: whether the file now has another key, which opens the rows.

    The process that asks still has the former one, and has to begin anew. Waits, and says so,
    while a restore is at work: it exchanges the rows and puts the key into place itself.
    """
    if not _ready().exists():
        return False
    was_from_file = _is_from_file()
    with alone(say), contextlib.suppress(FileNotFoundError):
        key = _ready().read_text(encoding="utf-8").strip()
        if was_from_file and factors.are_sealed_with(key):
            put_into_place()
        else:
            take_back()
    return was_from_file and not _is_from_file()


def _is_from_file() -> bool:
    with contextlib.suppress(FileNotFoundError):
        return key_file().read_text(encoding="utf-8").strip() == settings.SECRET_KEY
    return False


def _ready() -> Path:
    return key_file().with_name(FILE)

"""The secret key of a restored site, put into its file beside the rows that are sealed with it.

Rows and key cannot change in one step. So the key lies beside its file before the rows are
exchanged; when the process is killed in between, the next start looks which key opens the rows.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from articles.accounts import factors
from articles.upkeep.backup.locks import Say, alone, silently
from articles.upkeep.key_files import (
    former_file,
    is_made,
    key_file,
    read_former,
    write_former,
)
from articles.upkeep.small_files import write_whole

END = ".restored"


def fate_of(key: str) -> str:
    """What becomes of the key in a backup.

    `same`, `former` when the site had it before, `restored` when this site's comes from its file,
    `elsewhere` when the environment gives another.
    """
    if key == settings.SECRET_KEY:
        return "same"
    if key in settings.SECRET_KEY_FALLBACKS:
        return "former"
    return "restored" if _is_from_file() else "elsewhere"


def lay_ready(key: str, former: Sequence[str] = ()) -> None:
    """Write key and former keys down, before the rows are exchanged. Raises OSError."""
    write_former(_ready(former_file()), former)
    write_whole(_ready(key_file()), key)


def take_back() -> None:
    """The rows were not exchanged."""
    _ready(key_file()).unlink(missing_ok=True)
    _ready(former_file()).unlink(missing_ok=True)


def put_into_place() -> None:
    """Put what was laid ready into its files, each in one step that needs no room; the key last."""
    # Already there when this was cut off before.
    with contextlib.suppress(FileNotFoundError):
        _ready(former_file()).replace(former_file())
    _ready(key_file()).replace(key_file())


def finish_interrupted(say: Say = silently) -> bool:
    """After a restore that was killed: whether the file now has another key, which opens the rows.

    The process that asks still has the former one, and has to begin anew. Waits, and says so,
    while a restore is at work: it exchanges the rows and puts the key into place itself.
    """
    ready = _ready(key_file())
    if not ready.exists():
        return False
    was_from_file = _is_from_file()
    with alone(say), contextlib.suppress(FileNotFoundError):
        former = [*read_former(_ready(former_file())), *read_former(former_file())]
        keys = [ready.read_text(encoding="utf-8").strip(), *former]
        if was_from_file and factors.are_sealed_with(keys):
            put_into_place()
        else:
            take_back()
    return was_from_file and not _is_from_file()


def is_another() -> bool:
    """Whether the site's file has another key than this process was started with."""
    return _in_file() not in {None, settings.SECRET_KEY}


def _is_from_file() -> bool:
    return _in_file() == settings.SECRET_KEY


def _in_file() -> str | None:
    # Where the key is given, the file may still be there, even with the same one in it.
    if not is_made():
        return None
    with contextlib.suppress(FileNotFoundError):
        return key_file().read_text(encoding="utf-8").strip()
    return None


def _ready(path: Path) -> Path:
    return path.with_name(f"{path.name}{END}")

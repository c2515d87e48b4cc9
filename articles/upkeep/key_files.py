"""The files of a secret key that the site made itself: the key, and the ones that it had before.

Settings are read with the help of this module, so it imports no models.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from articles.upkeep.small_files import write_whole

KEY = "secret_key"
FORMER = "secret_key.former"


def key_file() -> Path:
    """Where the key of a site is that was given none."""
    return Path(settings.DATA_DIR) / KEY


def former_file() -> Path:
    """Where the keys are that it had before."""
    return Path(settings.DATA_DIR) / FORMER


def read_former(path: Path) -> list[str]:
    """The former keys in such a file, the last one first. Raises OSError and UnicodeDecodeError."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [line.strip() for line in lines if line.strip()]


def write_former(path: Path, keys: Sequence[str]) -> None:
    """Write former keys down, one a line, and wait until the disk has them. Raises OSError."""
    write_whole(path, "".join(f"{key}\n" for key in keys))


def is_made() -> bool:
    """Whether the site made its key itself, because it was given none."""
    return any(
        setting.name == "SECRET_KEY" and setting.origin == "made"
        for setting in settings.ENVIRONMENT
    )


def in_force() -> list[str]:
    """The secret key, and then the former ones, as they are now.

    The key that this process was started with may have been changed meanwhile. Raises OSError.
    """
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if is_made():
        with contextlib.suppress(FileNotFoundError):
            key = key_file().read_text(encoding="utf-8").strip()
            keys = [key, *read_former(former_file()), *keys]
    return list(dict.fromkeys(keys))

"""Where the site is served, written down for other commands, which make links to it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from articles.upkeep.small_files import write_whole


def note_address(say: Callable[[str], None]) -> int | None:
    """Write the address down, unless another `serve` that wrote its own there goes on.

    Then `say` gets a sentence, where that one has another address. Returns the descriptor of a lock
    that tells whose address it is: it is held until it is closed here and in what is forked, or
    these processes end; None where another has it. Raises OSError.
    """
    lock = os.open(Path(settings.DATA_DIR) / ".serving.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        with suppress(FileNotFoundError):
            first = settings.SERVED_FILE.read_text(encoding="utf-8").strip()
            if first != settings.SITE_URL:
                say(
                    f"Another “serve” has this data folder, at {first}: sign-in links and other "
                    "commands go on naming that address. For a site of its own set DATA_DIR."
                )
        return None
    write_whole(settings.SERVED_FILE, settings.SITE_URL)
    return lock

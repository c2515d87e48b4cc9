"""Where the site is served, written down for other commands, which make links to it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from articles.upkeep.small_files import write_whole


def note_address(say: Callable[[str], None]) -> int:
    """Write the address down, unless another `serve` with this data folder did and goes on.

    Then `say` gets a sentence, where that one has another address. Returns the descriptor of a lock
    that tells who is at work: it is held until it is closed here and in what is forked, or these
    processes end. Raises OSError.
    """
    lock = os.open(Path(settings.DATA_DIR) / ".serving.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        first = settings.SERVED_FILE.read_text(encoding="utf-8").strip()
        if first != settings.SITE_URL:
            say(
                f"Another “serve” has this data folder, at {first}: sign-in links and other "
                "commands go on naming that address. For a site of its own set DATA_DIR."
            )
    else:
        write_whole(settings.SERVED_FILE, settings.SITE_URL)
    fcntl.flock(lock, fcntl.LOCK_SH)
    return lock

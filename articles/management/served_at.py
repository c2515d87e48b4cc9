"""Where the site is served, written down for other commands, which make links to it."""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from pathlib import Path
from typing import IO

from django.conf import settings

from articles.upkeep.small_files import write_whole

# Open as long as this process lives, and what is forked from it: whose lock it is, is at work.
_at_work: list[IO[str]] = []


def note_address(say: Callable[[str], None]) -> None:
    """Write the address down, unless another `serve` with this data folder did and goes on.

    Then `say` gets a sentence, where that one has another address. Raises OSError.
    """
    lock = (Path(settings.DATA_DIR) / ".serving.lock").open("a")
    _at_work.append(lock)
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

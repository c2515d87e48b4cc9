"""What a command does when nobody reads its output any more, as behind `| head`."""

from __future__ import annotations

import contextlib
import os
import select
import sys
from typing import NoReturn

# What a shell shows for a program that SIGPIPE ended.
STATUS = 128 + 13


def is_unread() -> bool:
    """Whether it is the output that nobody reads, and not a connection that broke."""
    poll = select.poll()
    try:
        poll.register(sys.stdout.fileno(), 0)
    except (OSError, ValueError):
        return False
    return bool(poll.poll(0))


def end_quietly() -> NoReturn:
    """End the program without a word; what is still to be written goes nowhere."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise SystemExit(STATUS)

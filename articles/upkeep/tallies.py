"""What a process counts while it works, in plain numbers that cost next to nothing.

`config.metrics` makes figures for Prometheus of them, where somebody wants any. The page cache
counts here some hundred nanoseconds before it answers: no lock is taken. An addition calls nothing,
so that no other thread of CPython comes in between.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


def nobody() -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Tallies:
    """Since the start of the process, but for `pages` and `page_bytes`: those are of now.

    `publish` is called now and then by whoever counts.
    """

    hits: int = 0
    misses: int = 0
    stale: int = 0
    pages: int = 0
    page_bytes: int = 0
    database_errors: int = 0
    publish: Callable[[], None] = nobody


tallies = Tallies()

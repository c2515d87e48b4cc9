"""How a site that is served uses memory: little, and for years the same.

Three allocators share a process: Python's own for small objects, the C library's for large ones,
and jemalloc, which granian brings for what it receives and sends. The first two keep most of what
they ever gave out, so what counts is how much is wanted at one moment. `tests.withstand.soak`
measures it.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import sys
from typing import Any

from django.core.signals import request_finished
from django.urls import get_resolver

# Of malloc.h.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
LARGE = 128 * 1024
# One arena, where jemalloc makes four for each core, and pages given back after half a second.
JEMALLOC = "narenas:1,dirty_decay_ms:500,muzzy_decay_ms:0"
# Small objects, of some 90 bytes each: what a hundred pages leave, or one form of the admin.
MOST_LEFT = 20_000


def prepare() -> None:
    """Set the allocators. Call it before granian is loaded, and before there are threads.

    A process of four threads had 115 MB of its own after 50,000 requests of all kinds before
    anything here was done, and has 92 now. C libraries other than glibc have no mallopt(3), and
    nothing is done in its place.
    """
    # Read when granian's library is loaded. Whoever set it has their reasons.
    os.environ.setdefault("_RJEM_MALLOC_CONF", JEMALLOC)
    with contextlib.suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        # The threads of a process share a heap: else each has one of its own.
        library.mallopt(M_ARENA_MAX, 1)
        # Large pieces are given back at once.
        library.mallopt(M_MMAP_THRESHOLD, LARGE)
        library.mallopt(M_TRIM_THRESHOLD, LARGE)


def share() -> None:
    """Load what every worker needs, and take it out of garbage collection, before they are forked.

    More of what is not looked at stays shared by all processes, and it makes no collection slower.
    """
    # The views of all addresses, with what they import: the first reader would wait for them.
    _ = get_resolver().url_patterns
    renew_table_of_names()
    gc.collect()
    gc.freeze()


def collect_early() -> None:
    """Have this process collect its garbage before there is much of it.

    A page leaves some hundred objects that refer to each other in circles, a form of the admin ten
    thousand. Python looks for those that grew old only after 200,000 further objects, and memory
    that was needed once is seldom given back.
    """
    least = sys.getallocatedblocks()

    def collect(**_kwargs: Any) -> None:
        nonlocal least
        now = sys.getallocatedblocks()
        # Others may have been at work on much when it was counted the last time.
        least = min(least, now)
        if now - least > MOST_LEFT:
            gc.collect()
            least = sys.getallocatedblocks()

    request_finished.connect(collect, weak=False, dispatch_uid=__name__)


def renew_table_of_names() -> None:
    """Use up the places that are left in Python's table of interned strings.

    Every request takes two that are not given back when the string is gone, and when the last is
    taken a table of up to six times as many places as there are strings is made, of 4 MB here. Each
    worker would do so after some 10,000 requests. One that is made before the fork is shared, less
    and less of it, and lasts about five times as long. See `insertion_resize` and `GROWTH_RATE` in
    CPython's Objects/dictobject.c.
    """
    strings = sys.getunicodeinternedsize()
    # A table is a power of two, of which two thirds may be taken.
    slots = 1 << (strings * 3 // 2).bit_length()
    places = slots * 2 // 3 - strings
    # Some are counted that are kept elsewhere: those that Python itself is built with.
    for number in range(places + 5000):
        sys.intern(f"a name that is gone {number}")

"""A value that is worked out from what readers may see, and remembered until that changes.

For numbers of the whole site, which take as long as the site is large. They are as true as a page
of the page cache is: see `articles.stamp`.
"""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable

from django.db import connection
from django.utils import timezone

from articles.models import Article
from articles.stamp import Stamp, site_stamp

# What is written past Django is not seen: as long as that may stay unseen.
LONGEST = datetime.timedelta(minutes=5)
# Seconds that others wait for one who works it out.
PATIENCE = 5.0


class UntilWritten[Value]:
    """One value of this process. It is the same object for all who ask: nobody may change it."""

    def __init__(self) -> None:
        self._kept: tuple[Stamp, datetime.datetime, Value] | None = None
        self._turn = threading.Lock()

    def get(self, make: Callable[[], Value]) -> Value:
        """What `make` gives, now or since the last write.

        Worked out anew in a transaction, which sees what it wrote itself, while somebody commits,
        after five minutes, and when a scheduled article came to be live. One thread does so, and
        others wait for it. Costs one query beside those of `make` when it is remembered.
        """
        if connection.in_atomic_block:
            return make()
        if kept := self._still_right():
            return kept[2]
        has_turn = self._turn.acquire(timeout=PATIENCE)
        try:
            if kept := self._still_right():
                return kept[2]
            return self._work_out(make)
        finally:
            if has_turn:
                self._turn.release()

    def _still_right(self) -> tuple[Stamp, datetime.datetime, Value] | None:
        kept = self._kept
        right = kept and kept[0] == site_stamp.current() and timezone.now() < kept[1]
        return kept if right else None

    def _work_out(self, make: Callable[[], Value]) -> Value:
        now = timezone.now()
        # Before anything is read, so that a write meanwhile makes another stamp.
        stamp = site_stamp.before_making()
        value = make()
        if stamp is not None:
            due = Article.objects.next_due(now)
            until = now + LONGEST
            self._kept = (stamp, min(until, due) if due else until, value)
        return value

"""A value that is worked out from what readers may see, and remembered until that changes.

For numbers of the whole site, which take as long as the site is large. They are as true as a page
of the page cache is: see `articles.stamp`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.db import connection
from django.utils import timezone

from articles.models import Article
from articles.stamp import Stamp, site_stamp

# What is written past Django is not seen: as long as that may stay unseen.
LONGEST = datetime.timedelta(minutes=5)


class UntilWritten[Value]:
    """One value of this process. It is the same object for all who ask: nobody may change it."""

    def __init__(self) -> None:
        self._kept: tuple[Stamp, datetime.datetime, Value] | None = None

    def get(self, make: Callable[[], Value]) -> Value:
        """What `make` gives, now or since the last write.

        Worked out anew in a transaction, which sees what it wrote itself, while somebody commits,
        after five minutes, and when a scheduled article came to be live. Costs one query beside
        those of `make` when it is remembered.
        """
        if connection.in_atomic_block:
            return make()
        now = timezone.now()
        if (kept := self._kept) and kept[0] == site_stamp.current() and now < kept[1]:
            return kept[2]
        # Before anything is read, so that a write meanwhile makes another stamp.
        stamp = site_stamp.before_making()
        value = make()
        if stamp is not None:
            due = Article.objects.next_due(now)
            until = now + LONGEST
            self._kept = (stamp, min(until, due) if due else until, value)
        return value

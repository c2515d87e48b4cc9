"""The pages that one process keeps for the page cache."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections import OrderedDict

from articles.stamp import SiteStamp, Stamp
from articles.upkeep.tallies import tallies
from config.keepable import SECONDS_TO_KEEP
from config.kept_page import KeptPage

logger = logging.getLogger(__name__)

# Scheme, host and path.
type Key = tuple[str, str, str]

# Of one process. A compressed page is 5 to 20 KB.
MOST_BYTES = 16 * 1024 * 1024
MOST_PAGES = 2000
# How long others get the former page while it is made anew only because of its age.
SECONDS_OF_GRACE = 10
# While the site answers "not available" (503: its database is gone), a page that nothing changed
# since is shown for an hour beyond its time; and is tried again after so long.
SECONDS_WITHOUT_DATABASE = 3600
SECONDS_BEFORE_NEXT_TRY = 5
# How long, and of how many addresses, it is remembered that what they answer is not kept.
SECONDS_UNKEPT = 10
MOST_UNKEPT = 1000


class KeptPages:
    """Pages by their keys, within bounds; those that were asked for last stay."""

    def __init__(self, stamp: SiteStamp) -> None:
        self.stamp = stamp
        self.pages: OrderedDict[Key, KeptPage] = OrderedDict()
        self.size = 0
        self.lock = threading.Lock()
        # By hashes: addresses may be long, and what is wrongly thought of one costs little.
        self._unkept: dict[int, tuple[Stamp, float]] = {}

    def fresh(self, key: Key, stamp: Stamp) -> KeptPage | None:
        """The page, when it is right under this stamp."""
        page = self.pages.get(key)
        if page is None or page.stamp != stamp or time.monotonic() >= page.until:
            return None
        # One that was dropped just now is right all the same.
        with contextlib.suppress(KeyError):
            self.pages.move_to_end(key)
        return page

    def only_old(self, key: Key, stamp: Stamp) -> KeptPage | None:
        """The former page, when nothing but its age is against it, for a little while."""
        page = self.pages.get(key)
        if page and page.aged and page.stamp == stamp:
            return page if time.monotonic() < page.until + SECONDS_OF_GRACE else None
        return None

    def outlived(self, key: Key, *, only_old: bool = False) -> KeptPage | None:
        """The page as it was last made, for a while in which no newer one can be.

        Only when nothing was written since: what was withdrawn does not come back. With `only_old`
        also not when a moment came at which it is another, as when a scheduled article is due.
        """
        page, now = self.pages.get(key), time.monotonic()
        if page is None or page.stamp != self.stamp.current() or (only_old and not page.aged):
            return None
        if now > page.made + SECONDS_TO_KEEP + SECONDS_WITHOUT_DATABASE:
            return None
        logger.warning(
            "%s cannot be made anew: it is shown as it was %d seconds ago.",
            key[2],
            now - page.made,
        )
        page.outlived = True
        page.until = now + SECONDS_BEFORE_NEXT_TRY
        tallies.stale += 1
        return page

    def keep(self, key: Key, page: KeptPage) -> None:
        """Keep a page in the place of its former one."""
        with self.lock:
            former = self.pages.pop(key, None)
            self.size += page.size - (former.size if former else 0)
            self.pages[key] = page
            while self.size > MOST_BYTES or len(self.pages) > MOST_PAGES:
                _key, dropped = self.pages.popitem(last=False)
                self.size -= dropped.size
            tallies.pages, tallies.page_bytes = len(self.pages), self.size

    def note_unkept(self, key: Key, stamp: Stamp) -> None:
        """Remember for a while that what this address answers under this stamp is not kept."""
        if len(self._unkept) >= MOST_UNKEPT:
            self._unkept.clear()
        self._unkept[hash(key)] = stamp, time.monotonic() + SECONDS_UNKEPT

    def is_unkept(self, key: Key, stamp: Stamp) -> bool:
        """Whether nobody need wait for another who makes this page."""
        known = self._unkept.get(hash(key))
        return known is not None and known[0] == stamp and time.monotonic() < known[1]

"""Which answers the page cache may keep, what ends that, and what caches of others are told."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from django.db import Error as DatabaseError
from django.utils import timezone

from articles.models import Article, SiteSettings
from articles.public import PUBLIC
from articles.stamp import SiteStamp, Stamp
from config.kept_page import Headers

LARGEST = 1024 * 1024
SECONDS_TO_KEEP = 300


def may_be_kept(status: str, headers: Headers) -> bool:
    """Whether an answer says that it is the same for everybody, and nothing speaks against it."""
    if not status.startswith("200"):
        return False
    named = {name.lower(): value.lower() for name, value in headers}
    directives = {part.strip() for part in named.get("cache-control", "").split(",")}
    varies = {name.strip() for name in named.get("vary", "").split(",") if name}
    length = named.get("content-length", "")
    return (
        "public" in directives
        and directives.isdisjoint({"private", "no-store"})
        and varies <= {"accept-encoding", "hx-request"}
        and named.keys().isdisjoint({"set-cookie", "content-encoding", "content-range"})
        # What has no length is streamed.
        and length.isdigit()
        and int(length) <= LARGEST
    )


def next_due(after: datetime.datetime) -> datetime.datetime | None:
    """When the next article becomes live by itself."""
    due: datetime.datetime | None = Article.objects.next_due(after)
    return due


def shared_seconds() -> int:
    """For how long the owner lets caches of others show a page without asking."""
    return int(SiteSettings.current().shared_cache_seconds)


def with_shared_seconds(headers: Headers, seconds: int) -> Headers:
    """The headers that let caches of others show a page so long.

    Not where HTMX may ask for a piece of it: several of these caches heed no `Vary`.
    """
    named = {name.lower(): value for name, value in headers}
    if (
        not seconds
        or named["cache-control"] != PUBLIC
        or "hx-request" in named.get("vary", "").lower()
    ):
        return headers
    changed = ("Cache-Control", f"{PUBLIC}, s-maxage={seconds}")
    return [
        changed if name.lower() == "cache-control" else (name, value) for name, value in headers
    ]


class Plan(NamedTuple):
    """What ends all pages that are made under a stamp, as it was asked for at a moment."""

    stamp: Stamp
    asked: datetime.datetime
    due: datetime.datetime | None
    shared_seconds: int

    def holds(self, stamp: Stamp | None, began: datetime.datetime) -> bool:
        """Whether it is true for a page of this stamp that was begun then."""
        return self.stamp == stamp and self.asked <= began and not (self.due and self.due <= began)


class Planner:
    """Says what ends pages, and asks the database once for each stamp."""

    def __init__(self, stamp: SiteStamp) -> None:
        self.stamp = stamp
        # The next scheduled article and the owner's seconds for other caches, by the stamp.
        # And from which moment on that article is the next.
        self.plan: Plan | None = None

    def seconds(self, stamp: Stamp | None, began: datetime.datetime) -> tuple[float, bool, int]:
        """For how many seconds what was made from `began` on is right; whether age alone ends it.

        And for how many the owner lets caches of others show it without asking.
        """
        plan = self.plan
        if plan is None or not plan.holds(stamp, began):
            try:
                plan = Plan(stamp or self.stamp.current(), began, next_due(began), shared_seconds())
            except DatabaseError:
                return 0, False, 0
            # One that took longer does not bring back what is over.
            former = self.plan
            if stamp and not (former and former.stamp == stamp and former.asked > began):
                self.plan = plan
        local = timezone.localtime(began, timezone.get_default_timezone())
        tomorrow = local.replace(hour=0, minute=0, second=0, microsecond=0)
        moments = [tomorrow + datetime.timedelta(days=1), *([plan.due] if plan.due else [])]
        left = (min(moments) - timezone.now()).total_seconds()
        return min(left, SECONDS_TO_KEEP), left > SECONDS_TO_KEEP, plan.shared_seconds

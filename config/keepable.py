"""Which answers the page cache may keep, what ends that, and what caches of others are told."""

from __future__ import annotations

import datetime

from articles.models import Article, SiteSettings
from articles.public import PUBLIC
from config.kept_page import Headers

LARGEST = 1024 * 1024


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

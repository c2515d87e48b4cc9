"""How much one person and one network may say in an hour, counted from the comments themselves."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from articles.discussion.guests import Writer
from articles.discussion.models import Comment
from articles.models import SiteSettings

WINDOW = datetime.timedelta(hours=1)


class TooMany(Exception):
    """A limit is reached; in `seconds` the next comment is welcome."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(seconds)

    @property
    def minutes(self) -> int:
        """The wait in whole minutes, at least one."""
        return max(1, -(-self.seconds // 60))


def check(writer: Writer, site: SiteSettings) -> None:
    """Raise TooMany when this writer has to wait. Editors never have to. Two queries at most."""
    if writer.is_editor:
        return
    limits: list[tuple[dict[str, Any], int]] = []
    if writer.user:
        limits.append(({"user": writer.user}, site.comments_per_person))
    else:
        if not writer.is_new:
            limits.append(({"person": writer.person}, site.comments_per_person))
        limits.append(({"network": writer.network}, site.comments_per_network))
    now = timezone.now()
    waits = [_wait(now, most, **whose) for whose, most in limits]
    if max(waits) > 0:
        raise TooMany(max(waits))


def _wait(now: datetime.datetime, most: int, **whose: Any) -> int:
    """Seconds until fewer than `most` comments of theirs are younger than the window.

    What was written in the future, before the clock was set back, makes nobody wait for that day.
    """
    recent = Comment.objects.filter(created_at__gt=now - WINDOW, created_at__lte=now, **whose)
    rows = recent.order_by("-created_at")
    oldest = rows.values_list("created_at", flat=True)[most - 1 : most].first()
    return int((oldest + WINDOW - now).total_seconds()) + 1 if oldest else 0

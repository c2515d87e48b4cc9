"""Figures of the site that only its database knows, for whoever watches over it."""

from __future__ import annotations

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.discussion.models import Comment
from articles.models import Backup
from articles.upkeep import read_only


def figures() -> dict[str, tuple[str, float]]:
    """Each by its name, with one line about it. Raises DatabaseError.

    The age of the last backup is missing where there never was one.
    """
    now = timezone.now()
    ready = DBTaskResult.objects.ready()
    oldest = ready.order_by("enqueued_at").first()
    waiting = 0.0
    if oldest is not None:
        due = oldest.enqueued_at if oldest.run_after.year > 9000 else oldest.run_after
        waiting = max(0.0, (now - due).total_seconds())
    found = {
        "tasks_waiting": ("Tasks that are due and were not begun", float(ready.count())),
        "tasks_oldest_seconds": ("For how long the oldest of them has waited", waiting),
        "tasks_failed": (
            "Tasks that failed for good and are still listed",
            float(DBTaskResult.objects.failed().count()),
        ),
        "comments_waiting": (
            "Comments that wait for a decision",
            float(Comment.objects.held().count()),
        ),
        "read_only": (
            "Whether the site is read-only for maintenance",
            float(read_only.current() is not None),
        ),
    }
    if backup := Backup.objects.until_now().first():
        age = max(0.0, (now - backup.made_at).total_seconds())
        found["backup_age_seconds"] = ("How old the last good backup is", age)
    return found

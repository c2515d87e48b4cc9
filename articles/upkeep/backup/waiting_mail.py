"""Mail that waited when a backup was made: the site went on, and has sent it since.

Unless it was stopped, as one is that moves to another database or machine; then the backup is
restored soon, and the mail has to come along. So the age of the backup decides.
"""

from __future__ import annotations

import datetime

from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles import mail
from articles.accounts import notices

# Each of them writes to somebody. What other tasks do twice does no harm.
_TASKS = (mail.send, notices.send_reset_link)
_UNFINISHED = (TaskResultStatus.READY, TaskResultStatus.RUNNING)
# A move takes an evening; the last try of a mail comes a day after the one before.
SENT_SINCE = datetime.timedelta(days=1)


def drop_sent_since(made_at: str, *, using: str) -> int:
    """Delete the mail that waits in a copy of that time, if it is old; how many there were."""
    if _age(made_at) < SENT_SINCE:
        return 0
    waiting = DBTaskResult.objects.using(using).filter(
        task_path__in=[task.module_path for task in _TASKS], status__in=_UNFINISHED
    )
    count: int = waiting.delete()[0]
    return count


def _age(made_at: str) -> datetime.timedelta:
    try:
        return timezone.now() - datetime.datetime.fromisoformat(made_at)
    except (TypeError, ValueError):
        # Of a file that somebody put together by hand.
        return datetime.timedelta.max

"""What is kept about people for a while, and deleting what is older than the settings say.

The task worker does it every hour and `manage.py retention` by hand, so that no cron is needed.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.accounts.models import Allowance
from articles.discussion import moderation
from articles.discussion.models import Comment
from articles.models import SiteSettings

# So many rows in one transaction, so that whoever writes meanwhile waits for a moment only.
CHUNK = 500
# Mail holds addresses: what was sent is forgotten soon; what failed, when somebody has noticed.
TASK_DAYS = 1
FAILED_TASK_DAYS = 30
REFUSED = (Comment.Status.REJECTED, Comment.Status.SPAM)


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of thing that gets old: what it is called, which rows are, what is done to them."""

    name: str
    due: Callable[[SiteSettings, datetime.datetime], QuerySet]
    forget: Callable[[list[Any]], object]


def _emails(site: SiteSettings, now: datetime.datetime) -> QuerySet:
    before = now - datetime.timedelta(days=site.keep_email_days)
    found: QuerySet = Comment.objects.filter(created_at__lt=before).exclude(email="")
    return found


def _networks(site: SiteSettings, now: datetime.datetime) -> QuerySet:
    before = now - datetime.timedelta(days=site.keep_network_days)
    found: QuerySet = Comment.objects.filter(created_at__lt=before).exclude(network="")
    return found


def _refused(site: SiteSettings, now: datetime.datetime) -> QuerySet:
    """What a moderator, or the trap for programs, kept off the site.

    One that others have answered is a bare row afterwards, as ever.
    """
    before = now - datetime.timedelta(days=site.keep_refused_days)
    dated: Any = Comment.objects.annotate(refused_at=Coalesce("decided_at", "created_at"))
    found: QuerySet = dated.filter(status__in=REFUSED, refused_at__lt=before)
    return found


def _sessions(site: SiteSettings, now: datetime.datetime) -> QuerySet:
    return Session.objects.filter(expire_date__lt=now)


def _log(site: SiteSettings, now: datetime.datetime) -> QuerySet:
    before = now - datetime.timedelta(days=site.keep_log_days)
    return LogEntry.objects.filter(action_time__lt=before)


def _guesses(site: SiteSettings, now: datetime.datetime) -> QuerySet:
    allowances: Any = Allowance.objects
    found: QuerySet = allowances.forgotten(now)
    return found


def _tasks(site: SiteSettings, now: datetime.datetime) -> QuerySet:
    """Tasks that are over; what a task was given, a mail and its address say, goes with its row."""
    done, failed = (now - datetime.timedelta(days=days) for days in (TASK_DAYS, FAILED_TASK_DAYS))
    old = Q(status=TaskResultStatus.SUCCESSFUL, finished_at__lt=done)
    old |= Q(status=TaskResultStatus.FAILED, finished_at__lt=failed)
    found: QuerySet = DBTaskResult.objects.filter(old)
    return found


STEPS = (
    Step(
        "e-mail addresses of guests",
        _emails,
        lambda keys: Comment.objects.filter(pk__in=keys).update(email=""),
    ),
    Step(
        "hashes of networks",
        _networks,
        lambda keys: Comment.objects.filter(pk__in=keys).update(network=""),
    ),
    Step(
        "rejected comments and spam",
        _refused,
        lambda keys: moderation.delete(comments=keys, only=REFUSED),
    ),
    Step(
        "sessions that have ended",
        _sessions,
        lambda keys: Session.objects.filter(pk__in=keys).delete(),
    ),
    Step(
        "counts of wrong guesses",
        _guesses,
        lambda keys: Allowance.objects.filter(pk__in=keys).delete(),
    ),
    Step(
        "entries of the log of editing",
        _log,
        lambda keys: LogEntry.objects.filter(pk__in=keys).delete(),
    ),
    Step(
        "mails and other tasks that are over",
        _tasks,
        lambda keys: DBTaskResult.objects.filter(pk__in=keys).delete(),
    ),
)


def count_due() -> dict[str, int]:
    """How much of each kind is older than it should get; nothing is changed."""
    site, now = SiteSettings.current(), timezone.now()
    return {step.name: step.due(site, now).count() for step in STEPS}


def forget_due() -> dict[str, int]:
    """Delete what is older than it should get; how much of each kind.

    What is written or decided about while it runs is left to the next time.
    """
    site, now = SiteSettings.current(), timezone.now()
    done = {}
    for step in STEPS:
        keys = list(step.due(site, now).order_by("pk").values_list("pk", flat=True))
        for chunk in batched(keys, CHUNK, strict=False):
            step.forget(list(chunk))
        done[step.name] = len(keys)
    return done

"""Whether somebody showed of late who they are: by signing in, or by confirming it since."""

from __future__ import annotations

import datetime
import time
from typing import Any

from allauth.account.signals import authentication_step_completed
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from articles.models import User

SESSION_KEY = "confirmed_at"
RECENT = datetime.timedelta(minutes=10)
# A form that was asked for in time may be filled in slowly.
WHILE_WRITING = datetime.timedelta(hours=1)
LINK_KEY = "came_by_link"


def note(request: HttpRequest) -> None:
    """Remember that whoever this session belongs to has just shown who they are."""
    request.session[SESSION_KEY] = time.time()


def is_recent(request: HttpRequest, within: datetime.timedelta = RECENT) -> bool:
    """Whether that was so shortly before that nothing needs to be confirmed again."""
    at = request.session.get(SESSION_KEY)
    return isinstance(at, int | float) and 0 <= time.time() - at < within.total_seconds()


def note_link(request: HttpRequest, user: User) -> None:
    """Remember that this session begins by a one-time sign-in link of this person."""
    request.session[LINK_KEY] = {"user": user.pk, "at": time.time()}


def came_by_link(request: HttpRequest) -> bool:
    """Whether whoever is signed in came by a link of their own less than RECENT ago.

    Then the link stands for a password that they forgot. Somebody else who signed in after them in
    the same browser has nothing of it.
    """
    link = request.session.get(LINK_KEY)
    if not (request.user.is_authenticated and link and link["user"] == request.user.pk):
        return False
    return bool(0 <= time.time() - link["at"] < RECENT.total_seconds())


def forget_link(request: HttpRequest) -> None:
    """Have the link stand for a password no longer: it did so once."""
    request.session.pop(LINK_KEY, None)


def connect() -> None:
    """Have Django and django-allauth tell of each sign-in and confirmation."""
    user_logged_in.connect(_signed_in, dispatch_uid="articles.accounts.recency")
    authentication_step_completed.connect(_confirmed, dispatch_uid="articles.accounts.recency")


def _signed_in(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    note(request)


def _confirmed(
    sender: Any, request: HttpRequest, reauthenticated: bool = False, **kwargs: Any
) -> None:
    # Steps of a sign-in that is not complete confirm nothing yet.
    if reauthenticated:
        note(request)

"""Where somebody is signed in: their sessions, and ending them.

Whose a session is, is sealed within it: all that count are read to find those of one person. That
is done where people ask for it, never to answer any other page. A session begins where somebody
signs in or tries to, by a passkey or a mailed link, say, and counts for a week after it last
changed, at most. Nothing else is written down for this list but the kind of browser: neither its
full name for itself nor where it was.
"""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass
from typing import Any, cast

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from articles.accounts.sealing import site_keys
from articles.models import User

NOTE = "signed_in"
# What browsers and systems call themselves, the first that is found; many name others as well.
BROWSERS = {
    "Edg": "Edge", "OPR/": "Opera", "Firefox": "Firefox", "FxiOS": "Firefox", "CriOS": "Chrome",
    "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
SYSTEMS = {
    "Android": "Android", "iPhone": "iOS", "iPad": "iPadOS", "Windows": "Windows",
    "CrOS": "ChromeOS", "Mac OS": "macOS", "Linux": "Linux",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """One session, as its owner sees it; '' and None for what was not written down.

    `name` is what a page may call it by: who has read it has not got the session.
    """

    name: str
    is_here: bool
    browser: str
    system: str
    since: datetime.datetime | None


def sessions_of(user: User) -> list[Session]:
    """All rows in which this person is signed in, also those that count no more."""
    return _of(user, Session.objects.all())


def _current(user: User) -> list[Session]:
    return _of(user, Session.objects.filter(expire_date__gt=timezone.now()))


def _of(user: User, rows: QuerySet[Session]) -> list[Session]:
    return [
        session
        for session in rows.order_by("pk").iterator(chunk_size=500)
        if str(session.get_decoded().get(SESSION_KEY)) == str(user.pk)
    ]


def places(request: HttpRequest) -> list[Place]:
    """Where whoever asks is signed in: here first, then the newest."""
    user = cast("User", request.user)
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    found = []
    for session in _current(user):
        data = session.get_decoded()
        # A new password ends sessions whose rows are still there.
        sealed = str(data.get(HASH_SESSION_KEY, ""))
        if not any(constant_time_compare(sealed, each) for each in hashes):
            continue
        is_here = session.pk == request.session.session_key
        found.append(_place(_name(session), data.get(NOTE), is_here=is_here))
    oldest = datetime.datetime.min.replace(tzinfo=datetime.UTC)
    found.sort(key=lambda place: (place.is_here, place.since or oldest), reverse=True)
    return found


def end_others(request: HttpRequest, name: str | None = None) -> int:
    """Sign whoever asks out everywhere but here, or in one place; of how many sessions.

    It may be over by itself meanwhile. The one from which they ask is never ended.
    """
    others = [
        session.pk
        for session in _current(cast("User", request.user))
        if session.pk != request.session.session_key and (name is None or _is_called(session, name))
    ]
    Session.objects.filter(pk__in=others).delete()
    return len(others)


def connect() -> None:
    """Have it written down where a session begins."""
    user_logged_in.connect(_signed_in, dispatch_uid="articles.accounts.sessions")


def _signed_in(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    agent = request.headers.get("User-Agent", "")
    request.session[NOTE] = {
        "at": int(time.time()),
        "browser": _first(BROWSERS, agent),
        "system": _first(SYSTEMS, agent),
    }


def _first(names: dict[str, str], agent: str) -> str:
    return next((name for sign, name in names.items() if sign in agent), "")


def _name(session: Session, key: str | bytes | None = None) -> str:
    salt = "articles.accounts.sessions"
    return salted_hmac(salt, session.pk, secret=key, algorithm="sha256").hexdigest()


def _is_called(session: Session, name: str) -> bool:
    """Also by a page that was made under a former secret key."""
    return any(constant_time_compare(_name(session, key), name) for key in site_keys())


def _place(name: str, note: dict[str, Any] | None, *, is_here: bool) -> Place:
    if note is None:
        return Place(name, is_here, "", "", None)
    since = datetime.datetime.fromtimestamp(note["at"], datetime.UTC)
    return Place(name, is_here, note["browser"], note["system"], since)

"""Errors are mailed to the superusers: what failed and where, and nothing of who asked.

A handler of the log. It neither raises nor waits, whatever is away: the mail is written down by a
thread of its own, as a task that is tried for days, or sent by it when the database is what failed.

The parent of a server's processes must not do that. Whoever is forked while a connection of SQLite
is open believes that it holds locks which it does not hold, and the file is soon damaged: two
processes then write over each other (https://sqlite.org/howtocorrupt.html, section 2.6). What such
a parent has to tell is told by the next process that it forks.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
import time
import traceback
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import connections
from django.utils import translation
from django.utils.translation import gettext as _

from articles.upkeep.logs import request_id, scrubbed, shown_path

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_SAME = 3600
# Whoever finds many ways to break the site fills no inbox.
MOST_AN_HOUR = 10
LONGEST = 20_000
THREAD = "error-mail"
# What these say would come of a mail that could not be sent.
SILENT = ("articles.mail", "articles.upkeep.error_mail", "django.core.mail")


# Mails of a process that only forks others; None in every other process.
_held: list[Callable[[], None]] | None = None


def hold_back() -> None:
    """From now on this process only forks others: let them mail what it would have mailed."""
    global _held  # noqa: PLW0603 - the process is one or it is not
    _held = []
    for thread in threading.enumerate():
        if thread.name == THREAD:
            thread.join()


def take_over() -> None:
    """In a process that was forked just now: mail what its parent held back, and one's own."""
    global _held
    held, _held = _held or [], None
    for work in held:
        threading.Thread(target=work, daemon=True, name=THREAD).start()


def _forget_what_was_taken_over() -> None:
    if _held:
        _held.clear()


os.register_at_fork(after_in_parent=_forget_what_was_taken_over)


class ErrorMail(logging.Handler):
    """Mails each error once an hour, and no more than ten in an hour from one process."""

    def __init__(self, level: int | str = logging.ERROR) -> None:
        super().__init__(level)
        self.turn = threading.Lock()
        self.sent: dict[str, float] = {}
        # Who got the last one: the database may be what fails.
        self.known: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Leave the mail to a thread; nothing is done where the site sends no mail."""
        if "default" not in settings.MAILERS or record.name.startswith(SILENT):
            return
        try:
            name = fingerprint(record)
            if not self.is_due(name):
                return
            subject, body = write(record)
            self.begin(lambda: self.deliver(name, subject, body))
        except Exception:  # noqa: BLE001 - as every handler of the log must
            self.handleError(record)

    def is_due(self, name: str) -> bool:
        """Whether this process may mail the error now; if so, it counts as mailed."""
        now = time.monotonic()
        with self.turn:
            recent = {key: at for key, at in self.sent.items() if now - at < SECONDS_BETWEEN_SAME}
            due = name not in recent and len(recent) < MOST_AN_HOUR
            self.sent = {**recent, name: now} if due else recent
        return due

    def begin(self, work: Callable[[], None]) -> None:
        """Run it beside what is going on, or leave it to the next process."""
        if _held is not None:
            _held.append(work)
            return
        threading.Thread(target=work, daemon=True, name=THREAD).start()

    def deliver(self, name: str, subject: str, body: str) -> None:
        """Write the mail down or send it, unless another process of the site did already."""
        try:
            if _is_first(name):
                self._deliver(subject, body)
        except Exception as error:  # noqa: BLE001 - nobody is there to catch it
            logger.warning("An error was not mailed: %s", " ".join(str(error).split()))
        finally:
            connections.close_all()

    def _deliver(self, subject: str, body: str) -> None:
        from articles import mail
        from articles.models import User

        try:
            people = User.objects.filter(is_superuser=True, is_active=True).exclude(email="")
            self.known = list(people.values_list("email", flat=True))
            mail.send_later(subject=subject, body=body, to=self.known)
        except Exception:  # noqa: BLE001 - of the database; what failed is in the mail itself
            for address in self.known:
                EmailMessage(subject=subject, body=body, to=[address]).send()


def _is_first(name: str) -> bool:
    try:
        return bool(cache.add(f"error-mail:{name}", 1, SECONDS_BETWEEN_SAME))
    except Exception:  # noqa: BLE001 - each kind of cache raises its own; two mails beat none
        return True


def fingerprint(record: logging.LogRecord) -> str:
    """The same for the same error: where it was raised, else what the line is made from."""
    parts = [record.name, str(record.msg)]
    if record.exc_info and record.exc_info[1] is not None:
        error = record.exc_info[1]
        frames = traceback.extract_tb(error.__traceback__)
        parts = [type(error).__qualname__, *(f"{each.filename}:{each.name}" for each in frames)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def named(name: str, value: str) -> str:
    """A line of the mail that says what its value is."""
    return f"{name}: {value}"


def write(record: logging.LogRecord) -> tuple[str, str]:
    """Subject and body: method, path and id of the request, and the traceback without values.

    Neither addresses nor headers, cookies, form data, settings or variables are in it.
    """
    with translation.override(settings.LANGUAGE_CODE):
        request = getattr(record, "request", None)
        what = record.getMessage()
        if record.exc_info and record.exc_info[1] is not None:
            what = "".join(traceback.format_exception_only(record.exc_info[1])).strip()
        lines = [named(_("Time"), time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime()))]
        if request is not None:
            lines.append(named(_("Request"), f"{request.method} {shown_path(request.path)}"))
        if name := request_id.get():
            lines.append(named(_("Id of the request"), name))
        lines += [named(_("Logger"), record.name), "", what]
        if record.exc_info:
            lines += ["", *traceback.format_exception(*record.exc_info)]
        lines += [
            "",
            _("The same error is mailed once an hour at most; the log has each of them."),
        ]
        subject = _("Error at %(site)s: %(what)s") % {
            "site": settings.SITE_URL,
            "what": what.splitlines()[0] if what else record.name,
        }
    return scrubbed(subject), scrubbed("\n".join(lines))[:LONGEST]

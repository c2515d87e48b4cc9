"""Checks of what works beside the site: cache, mail, tasks, and of who would hear of errors."""

from __future__ import annotations

import smtplib
import time
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage, mailers
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_tasks_db.models import DBTaskResult

from articles import mail
from articles.media_files import is_local
from articles.models import User
from articles.upkeep import read_only
from articles.upkeep.backup import quiet
from articles.upkeep.checks.findings import Check, Finding, fine, look, wrong
from articles.upkeep.logs import scrubbed

LONGEST_WAIT = timedelta(minutes=5)


def _said(error: Exception) -> str:
    return scrubbed(f"{type(error).__name__}: {' '.join(str(error).split())}")[:300]


def cached() -> Finding:
    """Whether the cache gives back what it is given."""
    mark = str(time.time_ns())
    try:
        cache.set("doctor", mark, 60)
        right = cache.get("doctor") == mark
    except Exception as error:  # noqa: BLE001 - each kind of cache raises its own
        return wrong(
            _("The cache does not answer: %(reason)s") % {"reason": _said(error)},
            _("Start the cache server, or mend CACHE_URL. The site goes on meanwhile, slower."),
        )
    if not right:
        return wrong(
            _("The cache forgets at once what it is given."),
            _("Give the cache server more memory (maxmemory), or look what empties it."),
        )
    if "locmem" in settings.CACHES["default"]["BACKEND"]:
        return fine(_("Each process of the site has its own cache."))
    return fine(_("The cache answers."))


def media_store() -> Finding:
    """Whether the store of uploads and pictures gives back what it is given."""
    if is_local():
        return fine(_("Uploads and pictures lie in the data folder."))
    name, mark = f".doctor-{time.time_ns()}", str(time.time_ns()).encode()
    try:
        default_storage.save(name, ContentFile(mark))
        with default_storage.open(name) as file:
            right = file.read() == mark
        default_storage.delete(name)
    except Exception as error:  # noqa: BLE001 - each kind of store raises its own
        return wrong(
            _("The store of uploads and pictures cannot be used: %(reason)s")
            % {"reason": _said(error)},
            _("Mend MEDIA_STORE: key, secret, host, bucket, and what the key may do there."),
        )
    if not right:
        return wrong(
            _("The store of uploads and pictures does not give back what it is given."),
            _("Look whether something else writes into the bucket of MEDIA_STORE."),
        )
    return fine(_("The store of uploads and pictures can be written to and read."))


def sign_in_to_mail() -> Finding:
    """Whether the mail server can be reached and lets the site in; nothing is sent."""
    if not mail.is_configured():
        return look(
            _("The site sends no mail: nobody hears of replies, of comments that wait, of errors."),
            _("Set EMAIL_URL; README shows how."),
        )
    try:
        mailer = mailers.default
    except ImproperlyConfigured as error:
        # Of a folder that cannot be made or written to.
        return wrong(
            _("No mail can be sent: %(reason)s") % {"reason": _said(error)},
            _("Mend EMAIL_URL, or give the folder in it to the user that runs the site."),
        )
    if folder := getattr(mailer, "file_path", None):
        return fine(_("Mail is written into %(path)s.") % {"path": folder})
    try:
        try:
            mailer.open()
        finally:
            mailer.close()
    except (OSError, smtplib.SMTPException, ImproperlyConfigured) as error:
        refused = isinstance(error, smtplib.SMTPAuthenticationError)
        return wrong(
            _("The mail server does not let the site in: %(reason)s") % {"reason": _said(error)}
            if refused
            else _("The mail server cannot be reached: %(reason)s") % {"reason": _said(error)},
            _("Mend user and password in EMAIL_URL.")
            if refused
            else _("Mend EMAIL_URL: host, port and kind of encryption. Mail waits for three days."),
        )
    return fine(_("The mail server lets the site in."))


def send_to(address: str) -> Finding:
    """Send one mail to this address, now and past the queue."""
    if not mail.is_configured():
        return wrong(_("No mail was sent: there is no mail server."), _("Set EMAIL_URL."))
    message = EmailMessage(
        subject=_("A test from %(url)s") % {"url": settings.SITE_URL},
        body=_("This site can send mail. “manage.py doctor --send-to” sent this one."),
        to=[address],
    )
    try:
        message.send()
    except (OSError, ValueError, ImproperlyConfigured) as error:
        return wrong(
            _("The mail was not sent: %(reason)s") % {"reason": _said(error)},
            _("See “Mail server”, and whether the server may send for the address in EMAIL_URL."),
        )
    return fine(_("A mail was sent. If it does not arrive, look among the unwanted ones."))


def tasks() -> Finding:
    """Whether somebody does what waits."""
    oldest = DBTaskResult.objects.ready().order_by("enqueued_at").first()
    if oldest is not None:
        due = oldest.enqueued_at if oldest.run_after.year > 9000 else oldest.run_after
        wait = timezone.now() - due
        if wait > LONGEST_WAIT:
            return wrong(
                _("No task worker runs: a task has been waiting for %(n)d minutes.")
                % {"n": wait.total_seconds() // 60},
                _("Start one: “serve” without --no-worker, or manage.py worker."),
            )
    return fine(_("No task waits for long."))


def failed_tasks() -> Finding:
    """Whether tasks failed for good."""
    if count := DBTaskResult.objects.failed().count():
        return look(
            ngettext(
                "%(n)d task failed in the last month.",
                "%(n)d tasks failed in the last month.",
                count,
            )
            % {"n": count},
            _("The admin says which and why, under “Task Results”; delete those you have seen."),
        )
    return fine(_("No task failed."))


def superusers() -> Finding:
    """Whether somebody can repair the site from within, and hears of its errors."""
    people = User.objects.filter(is_superuser=True, is_active=True)
    if not people.exists():
        return wrong(
            _("Nobody has all rights: no settings can be changed."),
            _("Run: manage.py createsuperuser"),
        )
    if mail.is_configured() and not people.exclude(email="").exists():
        return look(
            _("Errors are mailed to nobody: no superuser has an address."),
            _("Enter one in the admin, under “Users”."),
        )
    return fine(_("Somebody has all rights."))


def writing() -> Finding:
    """Whether the site was made read-only, and if so, since when."""
    state = read_only.current()
    if state is None:
        return fine(_("The site is not read-only."))
    since = date_format(timezone.localtime(state.since), "DATETIME_FORMAT")
    if quiet.was_cut_off():
        return wrong(
            _("A restore was cut off, and the site is read-only since %(since)s.")
            % {"since": since},
            _("Start the site again, or run: manage.py read_only --off"),
        )
    reason = f" {state.reason}" if state.reason else ""
    return look(
        _("The site is read-only since %(since)s.%(reason)s") % {"since": since, "reason": reason},
        _("When the maintenance is over, run: manage.py read_only --off"),
    )


CHECKS = [
    Check("writing", gettext_lazy("Maintenance"), writing),
    Check("cache", gettext_lazy("Cache"), cached),
    Check("media_store", gettext_lazy("Uploads and pictures"), media_store, slow=True),
    Check("mail", gettext_lazy("Mail server"), sign_in_to_mail, slow=True),
    Check("tasks", gettext_lazy("Task worker"), tasks, needs_database=True),
    Check("failed_tasks", gettext_lazy("Failed tasks"), failed_tasks, needs_database=True),
    Check("superusers", gettext_lazy("Superusers"), superusers, needs_database=True),
]

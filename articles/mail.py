"""Mail that waits: written down with what caused it, sent by the task worker, tried again for days.

`send_later` adds a row for each recipient in the current transaction, so a write that is rolled
back sends nothing and one that is committed loses nothing. Without a worker the rows wait.
"""

from __future__ import annotations

import logging
import smtplib
from datetime import timedelta
from email.utils import make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.tasks import TaskResultStatus, task
from django.utils import timezone
from django.utils.encoding import punycode
from django_tasks_db.models import DBTaskResult, get_date_max

from articles.markup import clean_line
from articles.markup.characters import clean_lines

logger = logging.getLogger(__name__)

SUBJECT_LENGTH = 200

# How many minutes to wait after the first try that failed, after the second, and so on: a server
# that restarts costs minutes, and one that is away over a long weekend loses nothing.
PAUSES = [2, 10, 30, 60, 180, 360, 720, 1440, 1440]

# A try takes seconds. One that has not ended after so long was cut off with its worker.
CUT_OFF = timedelta(minutes=10)
# Other tasks may draw thousands of pictures. To do them twice does no harm.
OTHERS_CUT_OFF = timedelta(hours=1)


def is_configured() -> bool:
    """Whether this site can send mail at all: `EMAIL_URL` says through what."""
    return "default" in settings.MAILERS


def send_later(*, subject: str, body: str, to: list[str]) -> bool:
    """Write down a mail for each recipient, in the current transaction; whether there is any.

    False where the site cannot send mail, so that nobody is promised one. Recipients do not see
    each other. An address that is none gets no mail, and the log says so. A subject of several
    lines becomes one: no text can add a header.
    """
    if not is_configured():
        return False
    subject, body = clean_line(subject)[:SUBJECT_LENGTH], clean_lines(body)
    host = punycode(urlsplit(settings.SITE_URL).hostname or "localhost")
    count = 0
    with transaction.atomic():
        for address in dict.fromkeys(to):
            if not _is_address(address):
                logger.warning("No mail was written to %r: that is no address.", address)
                continue
            send.enqueue(subject=subject, body=body, to=address, name=make_msgid(domain=host))
            count += 1
    return count > 0


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


# Rows that wait name this function and its arguments: both can only be added to.
@task
def send(*, subject: str, body: str, to: str, name: str, tries: int = 1) -> None:
    """Send one mail; when that fails, write down the next try, or raise after the last.

    `name` is the Message-ID and stays the same in every try, so that a mail that arrived although
    nobody heard of it is known as the same one. What no later try could change raises at once:
    a failed task is kept and logged as an error.
    """
    message = EmailMessage(
        subject=subject,
        body=body,
        to=[to],
        headers={"Message-ID": name, "Auto-Submitted": "auto-generated"},
    )
    try:
        message.send()
    except (OSError, ImproperlyConfigured) as error:
        if tries > len(PAUSES) or _is_final(error):
            raise
        pause = timedelta(minutes=PAUSES[tries - 1])
        logger.warning("Mail %s was not sent, next try in %s: %s", name, pause, _explain(error))
        send.using(run_after=timezone.now() + pause).enqueue(
            subject=subject, body=body, to=to, name=name, tries=tries + 1
        )
    else:
        logger.info("Mail %s was sent.", name)


def _is_final(error: Exception) -> bool:
    """Whether the server said that it will never take this mail: it has no such mailbox, say."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _reason in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


def _explain(error: Exception) -> str:
    """The error in one line, without its traceback: it is not this site's mistake."""
    return " ".join(f"{type(error).__name__}: {error}".split())


def take_up_cut_off() -> int:
    """Let tasks wait again whose worker was killed while it had them; how many mails there were."""
    now = timezone.now()
    # One that was begun in the future was begun before the clock was set back.
    over = Q(started_at__lt=now - CUT_OFF) | Q(started_at__gt=now + CUT_OFF)
    running = DBTaskResult.objects.running()
    again = {"status": TaskResultStatus.READY, "started_at": None}
    count = int(running.filter(over, task_path=send.module_path).update(**again))
    others = running.exclude(task_path=send.module_path)
    long_over = Q(started_at__lt=now - OTHERS_CUT_OFF) | Q(started_at__gt=now + OTHERS_CUT_OFF)
    others.filter(long_over).update(**again)
    if count:
        logger.warning("%d mails were cut off while being sent and are tried again.", count)
    return count


def take_up_from_the_future() -> int:
    """Let tasks be due that were written down before the clock was set back; how many there were.

    The next try of a mail would else wait until that day comes again.
    """
    now = timezone.now()
    waiting = DBTaskResult.objects.filter(
        status=TaskResultStatus.READY,
        enqueued_at__gt=now + CUT_OFF,
        run_after__gt=now,
        run_after__lt=get_date_max(),
    )
    count = waiting.update(run_after=now)
    if count:
        logger.warning("%d tasks were written down in the future and are due now.", count)
    return count

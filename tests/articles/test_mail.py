"""Mail is written down with what causes it, sent by a worker, and not lost on the way."""

import logging
import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail as django_mail
from django.db import connection, transaction
from django_tasks_db.models import DBTaskResult

from articles import mail
from articles.cards import draw_card
from articles.management.task_worker import make_worker, run_next, tidy
from articles.privacy.retention import FAILED_TASK_DAYS, TASK_DAYS, count_due, forget_due
from tests.mail_server import mail_server
from tests.mailing import IN_MEMORY, run_what_waits

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def mailbox(settings, db):
    """What has arrived, on a site that sends mail."""
    settings.MAILERS = IN_MEMORY
    django_mail.outbox = []
    return django_mail.outbox


@pytest.fixture
def server(settings, db):
    with mail_server() as running:
        settings.MAILERS = running.mailers()
        yield running


@pytest.fixture
def clock(db):
    """Time stands still until a test moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def write(**changes):
    message = {
        "subject": "A reply",
        "body": "Somebody answered.\n",
        "to": ["ann@example.org"],
    }
    return mail.send_later(**{**message, **changes})


def waiting():
    return DBTaskResult.objects.filter(status="READY").count()


def failed():
    return [
        (row.args_kwargs["kwargs"]["to"], row.exception_class_path)
        for row in DBTaskResult.objects.failed()
    ]


def test_mail_waits_for_a_worker_and_is_then_sent(mailbox, settings):
    settings.DEFAULT_FROM_EMAIL = "milepost@example.org"
    assert write() is True
    assert mailbox == []
    assert run_what_waits() == 1
    [arrived] = mailbox
    assert (arrived.subject, arrived.body) == ("A reply", "Somebody answered.\n")
    assert (arrived.from_email, arrived.recipients()) == (
        "milepost@example.org",
        ["ann@example.org"],
    )
    assert run_what_waits() == 0


def test_a_site_without_a_mailer_says_so_and_writes_nothing_down(settings, db):
    settings.MAILERS = {}
    assert mail.is_configured() is False
    assert write() is False
    assert DBTaskResult.objects.count() == 0


def test_a_write_that_is_rolled_back_sends_no_mail(mailbox):
    def fail():
        write()
        raise RuntimeError

    with pytest.raises(RuntimeError), transaction.atomic():
        fail()
    assert run_what_waits() == 0
    assert mailbox == []


@pytest.mark.django_db(transaction=True)
def test_a_worker_sees_mail_only_after_the_commit(mailbox):
    def look():
        try:
            seen.append(run_next(make_worker()))
        finally:
            connection.close()

    def look_from_another_connection():
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    seen = []
    with transaction.atomic():
        write()
        look_from_another_connection()
    look_from_another_connection()
    assert seen == [False, True]
    assert len(mailbox) == 1


def test_each_recipient_gets_a_mail_alone_and_only_once(mailbox):
    write(to=["ann@example.org", "bob@example.org", "ann@example.org"])
    run_what_waits()
    assert [arrived.recipients() for arrived in mailbox] == [
        ["ann@example.org"],
        ["bob@example.org"],
    ]


@pytest.mark.parametrize(
    "subject",
    ["A reply\nBcc: eve@example.org", "A reply\r\nBcc: eve@example.org", "A\x00 reply\u2028Bcc:"],
    ids=["newline", "CRLF", "control characters"],
)
def test_a_subject_cannot_add_a_header(server, subject):
    assert write(subject=subject) is True
    run_what_waits()
    [arrived] = server.mails
    assert arrived["Bcc"] is None
    assert arrived["Subject"].startswith("A reply Bcc:")
    assert server.recipients == ["rcpt to:<ann@example.org>"]


def test_a_site_with_a_host_of_other_letters_sends_mail_too(server, settings):
    settings.SITE_URL = "https://bücher.example"
    settings.DEFAULT_FROM_EMAIL = "milepost@bücher.example"
    write()
    assert run_what_waits() == 1
    [arrived] = server.mails
    assert arrived["Message-ID"].endswith("@xn--bcher-kva.example>")
    assert arrived["From"] == "milepost@xn--bcher-kva.example"


def test_a_long_subject_is_cut_and_a_body_stays_a_body(server):
    write(subject="é" * 1000, body="\x00Bcc: eve@example.org\n\n.\nDATA\nZoë\n")
    run_what_waits()
    [arrived] = server.mails
    assert arrived["Subject"] == "é" * mail.SUBJECT_LENGTH
    assert arrived["Bcc"] is None
    assert arrived["Auto-Submitted"] == "auto-generated"
    # The dot that would end the message is doubled on the way.
    assert arrived.get_content().splitlines() == ["Bcc: eve@example.org", "", "..", "DATA", "Zoë"]


@pytest.mark.parametrize(
    "address",
    ["", "ann", "ann@example.org\nBcc: eve@example.org", "a@example.org, b@example.org"],
    ids=["empty", "name", "header", "two"],
)
def test_an_address_that_is_none_gets_no_mail_and_the_log_says_so(mailbox, caplog, address):
    assert write(to=[address]) is False
    assert write(to=[address, "bob@example.org"]) is True
    run_what_waits()
    assert [arrived.recipients() for arrived in mailbox] == [["bob@example.org"]]
    assert f"No mail was written to {address!r}: that is no address." in caplog.messages


def test_while_the_server_is_down_mail_waits_and_then_arrives_once(server, clock, settings, caplog):
    nobody = {"host": "127.0.0.1", "port": 1, "timeout": 5}
    settings.MAILERS = {"default": {**server.mailers()["default"], "OPTIONS": nobody}}
    write()
    assert run_what_waits() == 1
    assert waiting() == 1
    assert failed() == []
    [line] = [message for message in caplog.messages if "was not sent" in message]
    assert "next try in 0:02:00: ConnectionRefusedError" in line

    settings.MAILERS = server.mailers()
    clock.shift(timedelta(minutes=1, seconds=59))
    assert run_what_waits() == 0
    clock.shift(timedelta(seconds=2))
    assert run_what_waits() == 1
    [arrived] = server.mails
    assert arrived["Subject"] == "A reply"
    assert arrived["Message-ID"] in line
    clock.shift(timedelta(days=30))
    assert run_what_waits() == 0


def test_pauses_grow_over_days_and_the_last_failure_is_kept_and_logged(server, clock, caplog):
    server.answers["RCPT"] = "450 later"
    write()
    tries = []
    while waiting():
        assert run_what_waits() == 1
        tries.append(mail.timezone.now())
        clock.shift(timedelta(days=1))
    assert len(tries) == 1 + len(mail.PAUSES)
    assert sorted(mail.PAUSES) == mail.PAUSES
    assert timedelta(days=2) < timedelta(minutes=sum(mail.PAUSES)) < timedelta(days=4)
    assert failed() == [("ann@example.org", "smtplib.SMTPRecipientsRefused")]
    assert server.mails == []
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [record.name for record in errors] == ["django.tasks"]


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"RCPT": "550 no such mailbox"}, "smtplib.SMTPRecipientsRefused"),
        ({"DATA": "554 no spam"}, "smtplib.SMTPDataError"),
    ],
    ids=["mailbox", "content"],
)
def test_what_a_server_refuses_for_good_is_not_tried_again(server, answers, error):
    server.answers.update(answers)
    write()
    assert run_what_waits() == 1
    assert waiting() == 0
    assert failed() == [("ann@example.org", error)]


def test_one_refused_recipient_does_not_keep_the_mail_from_others(server):
    server.answers["RCPT"] = "550 no such mailbox"
    write(to=["ann@example.org"])
    assert run_what_waits() == 1
    server.answers.clear()
    write(to=["bob@example.org"])
    assert run_what_waits() == 1
    assert [arrived["To"] for arrived in server.mails] == ["bob@example.org"]


def test_mail_waits_while_the_mailer_is_gone(mailbox, settings, clock):
    write()
    settings.MAILERS = {}
    assert run_what_waits() == 1
    settings.MAILERS = IN_MEMORY
    clock.shift(timedelta(minutes=3))
    assert run_what_waits() == 1
    assert len(mailbox) == 1


def test_a_mail_whose_worker_was_killed_is_sent_by_the_next(mailbox, clock):
    write()
    DBTaskResult.objects.get().claim("a worker that is killed now")
    clock.shift(mail.CUT_OFF - timedelta(seconds=1))
    assert mail.take_up_cut_off() == 0
    assert run_what_waits() == 0
    clock.shift(timedelta(seconds=2))
    tidy()
    assert run_what_waits() == 1
    assert len(mailbox) == 1


def test_what_is_done_is_deleted_soon_and_what_failed_later(server, clock):
    write()
    run_what_waits()
    server.answers["RCPT"] = "550 no such mailbox"
    write()
    run_what_waits()
    server.answers.clear()
    write(to=["waits@example.org"])
    forget_due()
    assert DBTaskResult.objects.count() == 3
    clock.shift(timedelta(days=TASK_DAYS, seconds=1))
    assert count_due()["mails and other tasks that are over"] == 1
    forget_due()
    assert (DBTaskResult.objects.successful().count(), len(failed())) == (0, 1)
    clock.shift(timedelta(days=FAILED_TASK_DAYS))
    forget_due()
    assert (len(failed()), waiting()) == (0, 1)


def test_what_was_written_before_the_clock_was_set_back_does_not_wait_for_that_day(server, clock):
    clock.shift(timedelta(days=365))
    server.answers["RCPT"] = "451 later"
    write()
    write(to=["cut@example.org"])
    assert run_what_waits() == 2
    DBTaskResult.objects.filter(status="READY").first().claim("a worker that is killed now")
    server.answers.clear()
    clock.shift(timedelta(days=-365))
    tidy()
    assert run_what_waits() == 2
    assert len(server.mails) == 2


def test_any_other_task_whose_worker_was_killed_is_done_by_the_next(db, clock):
    draw_card.enqueue(article=1)
    DBTaskResult.objects.get().claim("a worker that is killed now")
    clock.shift(mail.OTHERS_CUT_OFF - timedelta(seconds=1))
    tidy()
    assert run_what_waits() == 0
    clock.shift(timedelta(seconds=2))
    tidy()
    assert run_what_waits() == 1

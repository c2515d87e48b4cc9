"""What the doctor says of cache, mail and tasks."""

import os
import smtplib
import socket
import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core import mail as outgoing
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from articles.models import User
from articles.upkeep.checks import service_checks
from articles.upkeep.checks.findings import State
from config.mail_setting import read_mail
from tests.factories import make_user
from tests.mailing import IN_MEMORY
from tests.serving import free_port


def by_url(settings, url):
    settings.MAILERS = read_mail(url, "example.org")[0]


def test_a_cache_that_answers_is_fine():
    assert service_checks.cached().state is State.FINE


def test_a_cache_that_is_gone(monkeypatch):
    def refuse(*_):
        raise ConnectionRefusedError("Error 111 connecting to 127.0.0.1:6379")

    monkeypatch.setattr(service_checks, "cache", SimpleNamespace(set=refuse))
    finding = service_checks.cached()
    assert finding.state is State.WRONG
    assert "The cache does not answer: ConnectionRefusedError: Error 111" in finding.what


def test_a_cache_that_forgets(monkeypatch):
    forgetful = SimpleNamespace(set=lambda *_: None, get=lambda _: None)
    monkeypatch.setattr(service_checks, "cache", forgetful)
    assert "forgets" in service_checks.cached().what


def test_no_mail_at_all(settings):
    settings.MAILERS = {}
    finding = service_checks.sign_in_to_mail()
    assert (finding.state, "EMAIL_URL" in finding.how) == (State.LOOK, True)
    assert service_checks.send_to("ann@example.org").state is State.WRONG


def test_a_folder_for_mail(settings, tmp_path, monkeypatch):
    by_url(settings, f"file://{tmp_path}/mail")
    assert service_checks.sign_in_to_mail().state is State.FINE
    by_url(settings, f"file://{tmp_path}/other")
    monkeypatch.setattr(os, "access", lambda *_: False)
    finding = service_checks.sign_in_to_mail()
    assert finding.state is State.WRONG
    assert "is not writable" in finding.what


def test_a_mail_server_that_is_away(settings):
    by_url(settings, f"smtp://user:hush-hush@127.0.0.1:{free_port()}")
    finding = service_checks.sign_in_to_mail()
    assert finding.state is State.WRONG
    assert "cannot be reached: ConnectionRefusedError" in finding.what
    assert "hush" not in finding.what + finding.how


@pytest.fixture
def refusing_server():
    """A mail server that lets nobody in."""

    def talk(listening):
        connection, _address = listening.accept()
        with connection, connection.makefile("rb") as heard:
            connection.sendall(b"220 here\r\n")
            for line in heard:
                word = line.split()[0].upper()
                answers = {b"EHLO": b"250-here\r\n250 AUTH PLAIN\r\n", b"QUIT": b"221 bye\r\n"}
                connection.sendall(answers.get(word, b"535 5.7.8 not you, ann@example.org\r\n"))

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=talk, args=(listening,), daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(5)


def test_a_mail_server_that_does_not_let_the_site_in(settings, refusing_server):
    by_url(settings, f"smtp://user:hush-hush@127.0.0.1:{refusing_server}")
    finding = service_checks.sign_in_to_mail()
    assert finding.state is State.WRONG
    assert finding.what.startswith("The mail server does not let the site in: ")
    assert "ann@example.org" not in finding.what
    assert finding.how == "Mend user and password in EMAIL_URL."


def test_one_mail_is_sent_on_demand(settings):
    settings.MAILERS = IN_MEMORY
    assert service_checks.send_to("ann@example.org").state is State.FINE
    [sent] = outgoing.outbox
    assert sent.to == ["ann@example.org"]


def test_a_mail_that_cannot_be_sent(monkeypatch, settings):
    settings.MAILERS = IN_MEMORY

    def refuse(_message):
        raise smtplib.SMTPRecipientsRefused({"ann@example.org": (550, b"no")})

    monkeypatch.setattr(service_checks.EmailMessage, "send", refuse)
    finding = service_checks.send_to("ann@example.org")
    assert finding.state is State.WRONG
    assert "SMTPRecipientsRefused" in finding.what


def add_task(*, minutes, status=TaskResultStatus.READY, run_after=None):
    task = DBTaskResult.objects.create(
        status=status,
        args_kwargs={"args": [], "kwargs": {}},
        task_path="articles.mail.send",
        backend_name="default",
        run_after=run_after or get_date_max(),
        exception_class_path="",
        traceback="",
    )
    enqueued = timezone.now() - timedelta(minutes=minutes)
    DBTaskResult.objects.filter(pk=task.pk).update(enqueued_at=enqueued)


@pytest.mark.django_db
def test_a_task_that_nobody_does():
    add_task(minutes=2)
    add_task(minutes=90, run_after=timezone.now() + timedelta(minutes=1))
    assert service_checks.tasks().state is State.FINE
    add_task(minutes=42)
    finding = service_checks.tasks()
    assert finding.state is State.WRONG
    assert "has been waiting for 42 minutes" in finding.what
    assert "manage.py worker" in finding.how


@pytest.mark.django_db
def test_a_task_that_waited_on_purpose_is_counted_from_when_it_was_due():
    add_task(minutes=600, run_after=timezone.now() - timedelta(minutes=1))
    assert service_checks.tasks().state is State.FINE


@pytest.mark.django_db
def test_tasks_that_failed():
    assert service_checks.failed_tasks().state is State.FINE
    add_task(minutes=1, status=TaskResultStatus.FAILED)
    finding = service_checks.failed_tasks()
    assert (finding.state, finding.what) == (State.LOOK, "1 task failed in the last month.")


@pytest.mark.django_db
def test_nobody_with_all_rights_and_nobody_who_hears_of_errors(settings):
    settings.MAILERS = IN_MEMORY
    assert service_checks.superusers().state is State.WRONG
    make_user("owner", email="")
    assert "Errors are mailed to nobody" in service_checks.superusers().what
    User.objects.update(email="ann@example.org")
    assert service_checks.superusers().state is State.FINE
    User.objects.update(is_active=False)
    assert service_checks.superusers().state is State.WRONG

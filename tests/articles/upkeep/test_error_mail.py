"""Errors reach the superusers, seldom, and without anything of who asked."""

import logging
import os
import sys
import threading

import pytest
from django.core import mail as outgoing
from django.db import OperationalError
from django.test import RequestFactory
from django_tasks_db.models import DBTaskResult

from articles import mail
from articles.upkeep import error_mail
from articles.upkeep.error_mail import ErrorMail
from tests.factories import make_user
from tests.mailing import IN_MEMORY, run_what_waits

pytestmark = pytest.mark.django_db
VARIABLE = "hush-variable"


@pytest.fixture(autouse=True)
def people(settings):
    settings.MAILERS = IN_MEMORY
    settings.SITE_URL = "https://example.org"
    error_mail.cache.clear()
    make_user("owner", email="owner@example.org")
    make_user("owner", email="")
    make_user("owner", email="gone@example.org", is_active=False)
    make_user("Editor", email="editor@example.org")


class Here(ErrorMail):
    """Delivers at once, in the connection of the test."""

    def begin(self, work):
        work()


@pytest.fixture(autouse=True)
def one_connection(monkeypatch):
    monkeypatch.setattr(error_mail.connections, "close_all", lambda: None)


def failed(error=None, path="/articles/stone-bridges/", **more):
    """The record that Django writes of a request that failed."""
    request = RequestFactory().post(
        path + "?q=private",
        {"body": "what they typed", "password": "hush-hush"},
        headers={"cookie": "sessionid=hush-cookie", "authorization": "hush-header"},
    )

    def view(password):
        raise error or ValueError("no such part, said ann@example.org")

    try:
        view(VARIABLE)
    except (LookupError, ValueError):
        record = logging.LogRecord(
            "django.request", logging.ERROR, "", 1, "Server Error: %s", (path,), sys.exc_info()
        )
    record.request = request
    vars(record).update(more)
    return record


def test_superusers_with_an_address_get_what_failed_and_where():
    token = error_mail.request_id.set("0123456789abcdef")
    Here().handle(failed())
    error_mail.request_id.reset(token)
    assert run_what_waits() == 1
    [sent] = outgoing.outbox
    assert sent.to == ["owner@example.org"]
    assert sent.subject == (
        "Error at https://example.org: ValueError: no such part, said [address]"
    )
    assert "Request: POST /articles/stone-bridges/\n" in sent.body
    assert "Id of the request: 0123456789abcdef" in sent.body
    assert "in view" in sent.body


def test_nothing_of_who_asked_is_in_it(settings):
    Here().handle(failed(ValueError(f"key {settings.SECRET_KEY}")))
    run_what_waits()
    [sent] = outgoing.outbox
    text = sent.subject + sent.body
    for secret in ("private", "typed", "hush", "sessionid", "127.0.0.1", settings.SECRET_KEY):
        assert secret not in text


def test_a_token_in_the_address_is_left_out():
    Here().handle(failed(path="/comments/manage/0123456789abcdefghijklmnop/"))
    run_what_waits()
    assert "/comments/manage/…/" in outgoing.outbox[0].body
    assert "abcdefghijklmnop" not in outgoing.outbox[0].body


def test_the_same_error_is_mailed_once_an_hour_in_all_processes(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(error_mail.time, "monotonic", lambda: now[0])
    first, second = Here(), Here()
    for handler in (first, first, second):
        handler.handle(failed())
    assert run_what_waits() == 1
    now[0] += 3601
    error_mail.cache.clear()
    first.handle(failed())
    assert run_what_waits() == 1


def test_other_errors_are_mailed_too_but_not_more_than_ten():
    handler = Here()
    for number in range(20):
        record = logging.LogRecord("x", logging.ERROR, "", 1, f"Error {number}", (), None)
        handler.handle(record)
    assert run_what_waits() == 10


def test_when_the_database_is_away_the_mail_is_sent_to_who_got_the_last_one(monkeypatch):
    handler = Here()
    handler.handle(failed())
    run_what_waits()
    outgoing.outbox.clear()

    def away(**_more):
        raise OperationalError("gone")

    monkeypatch.setattr(mail, "send_later", away)
    handler.handle(failed(KeyError("other")))
    [sent] = outgoing.outbox
    assert sent.to == ["owner@example.org"]
    assert "KeyError" in sent.subject


def test_when_everything_is_away_nothing_is_raised_and_no_circle_begins(monkeypatch, caplog):
    def away(*_, **__):
        raise OSError("mail server is gone")

    handler = Here()
    handler.known = ["owner@example.org"]
    monkeypatch.setattr(mail, "send_later", away)
    monkeypatch.setattr(error_mail.EmailMessage, "send", away)
    monkeypatch.setattr(error_mail, "cache", None)
    handler.handle(failed())
    [line] = [record for record in caplog.records if record.name == error_mail.__name__]
    assert (line.levelname, line.getMessage()) == (
        "WARNING",
        "An error was not mailed: mail server is gone",
    )
    line.levelno = logging.ERROR
    handler.handle(line)
    assert DBTaskResult.objects.count() == 0


def test_a_site_without_mail_does_nothing(settings):
    settings.MAILERS = {}
    Here().handle(failed())
    assert DBTaskResult.objects.count() == 0


def test_the_request_does_not_wait():
    begun, go_on = threading.Event(), threading.Event()

    class Slow(ErrorMail):
        def deliver(self, *_):
            begun.set()
            go_on.wait(20)

    Slow().handle(failed())
    assert begun.wait(20)
    go_on.set()


def test_the_site_has_it_for_what_it_logs():
    handlers = logging.getLogger().handlers
    assert [type(handler) for handler in handlers].count(ErrorMail) == 1


def test_a_process_that_only_forks_opens_no_connection_and_leaves_its_mail_to_the_next(monkeypatch):
    begun = []

    def begin(thread):
        begun.append(thread)

    monkeypatch.setattr(error_mail.threading.Thread, "start", begin)
    monkeypatch.setattr(error_mail, "_held", None)
    error_mail.hold_back()
    ErrorMail().handle(failed())
    assert begun == []
    error_mail.take_over()
    [thread] = begun
    thread.run()
    assert run_what_waits() == 1
    [sent] = outgoing.outbox
    assert sent.to == ["owner@example.org"]
    # It is a process like any other now.
    ErrorMail().handle(failed(KeyError("another")))
    assert len(begun) == 2


def test_what_one_process_took_over_is_left_to_no_second_one(monkeypatch):
    monkeypatch.setattr(error_mail, "_held", None)
    error_mail.hold_back()
    ErrorMail().handle(failed())
    assert len(error_mail._held) == 1
    pid = os.fork()
    if not pid:
        os._exit(len(error_mail._held))
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1
    assert error_mail._held == []

"""/healthz is answered while there is a process, /readyz only when everything it needs is there."""

import json
import os
import threading
import time
from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from articles.upkeep import readiness
from articles.upkeep.checks import echo


@pytest.fixture(autouse=True)
def asked_anew():
    readiness.forget()
    yield
    readiness.forget()


@pytest.fixture
def foreign_client(settings):
    """Somebody who asks the machine past its proxy, by another name and without TLS."""
    settings.SECURE_SSL_REDIRECT = True
    return Client(headers={"host": "10.0.0.7:8000"})


def refuse(*_arguments, **_more):
    raise OSError("gone")


def all_ok(**changes):
    return {"database": "ok", "migrations": "ok", "cache": "ok", "disk": "ok"} | changes


def test_a_process_that_runs_is_alive_whatever_it_is_called(foreign_client):
    # No database: this test asked for none, and would fail.
    answer = foreign_client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert foreign_client.post("/healthz").status_code == 405


@pytest.mark.django_db(transaction=True)
def test_a_site_with_everything_is_ready(foreign_client):
    answer = foreign_client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, all_ok())
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_is_missing_makes_it_unready(client):
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("timeline", "0001_initial")
    try:
        assert readiness.missing_migrations() == [("timeline", "0001_initial")]
        answer = client.get("/readyz")
    finally:
        recorder.record_applied("timeline", "0001_initial")
    assert (answer.status_code, answer.json()) == (503, all_ok(migrations="not ok"))


@pytest.mark.django_db(transaction=True)
def test_a_migration_of_a_newer_version_does_not(client):
    recorder = MigrationRecorder(connection)
    recorder.record_applied("timeline", "9999_of_tomorrow")
    try:
        assert client.get("/readyz").json() == all_ok()
    finally:
        recorder.record_unapplied("timeline", "9999_of_tomorrow")


@pytest.mark.django_db(transaction=True)
def test_a_cache_that_is_gone_makes_it_unready_and_says_no_more(client, monkeypatch, caplog):
    monkeypatch.setattr(readiness, "cache", SimpleNamespace(set=refuse))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, all_ok(cache="not ok"))
    assert "Not ready: cache (gone)" in caplog.text


def test_the_log_is_told_of_changes_alone(client, monkeypatch, caplog):
    there = [False, False, True, True, False]
    monkeypatch.setattr(readiness, "SECONDS_TO_REUSE", 0)
    monkeypatch.setattr(readiness, "CHECKS", {"disk": lambda: there.pop(0)})
    answers = [client.get("/readyz").status_code for _ in range(5)]
    assert answers == [503, 503, 200, 200, 503]
    told = [line.getMessage() for line in caplog.records if line.name == readiness.__name__]
    assert told == ["Not ready: disk", "Ready again: disk", "Not ready: disk"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("status", [{"f_bavail": 10}, {"f_flag": os.ST_RDONLY}], ids=str)
def test_a_full_disk_or_one_that_cannot_be_written_makes_it_unready(client, monkeypatch, status):
    healthy = {"f_flag": 0, "f_bavail": 10_000_000, "f_frsize": 4096}
    monkeypatch.setattr(os, "statvfs", lambda _path: SimpleNamespace(**healthy | status))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, all_ok(disk="not ok"))


@pytest.mark.django_db(transaction=True)
def test_a_database_that_hangs_is_not_waited_for(client, monkeypatch):
    released = threading.Event()
    monkeypatch.setattr(readiness, "SECONDS", 0.3)
    monkeypatch.setitem(readiness.CHECKS, "database", lambda: released.wait(20))
    started = time.monotonic()
    answer = client.get("/readyz")
    assert time.monotonic() - started < 5
    released.set()
    assert answer.status_code == 503
    assert answer.json()["database"] == "not ok"


def test_a_check_that_hangs_is_begun_once_however_often_somebody_asks(client, monkeypatch):
    released, begun = threading.Event(), []

    def hang():
        begun.append(threading.current_thread())
        return released.wait(20)

    monkeypatch.setattr(readiness, "SECONDS", 0.05)
    monkeypatch.setattr(readiness, "SECONDS_TO_REUSE", 0)
    monkeypatch.setattr(readiness, "CHECKS", {"disk": hang})
    assert [client.get("/readyz").status_code for _ in range(3)] == [503, 503, 503]
    assert len(begun) == 1
    released.set()
    begun[0].join()
    monkeypatch.setattr(readiness, "SECONDS", 5)
    assert client.get("/readyz").status_code == 200
    assert len(begun) == 2


@pytest.mark.django_db(transaction=True)
def test_many_questions_in_a_second_are_one(client, monkeypatch):
    asked = []
    monkeypatch.setattr(readiness, "CHECKS", {"disk": lambda: not asked.append(1)})
    assert [client.get("/readyz").json() for _ in range(3)] == [{"disk": "ok"}] * 3
    assert len(asked) == 1


def test_only_who_knows_the_secret_key_is_told_what_arrives(foreign_client):
    forwarded = {"x-forwarded-proto": "https", "x-forwarded-for": "192.0.2.1"}
    answer = foreign_client.get("/healthz", headers={echo.HEADER: echo.question(), **forwarded})
    assert json.loads(answer.content) == {
        "host": "10.0.0.7:8000",
        "secure": False,
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "192.0.2.1",
    }
    for forged in ("", "echo", echo.question() + "x"):
        answer = foreign_client.get("/healthz", headers={echo.HEADER: forged, **forwarded})
        assert answer.content == b"ok\n"

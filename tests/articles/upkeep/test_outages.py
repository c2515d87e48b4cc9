"""What is away is told from what is wrong, and readers are told to come again."""

import errno
import logging
import sqlite3

import pytest
from django.db import IntegrityError, InternalError, OperationalError, ProgrammingError, connection
from django.test import Client

from articles import cards
from articles.upkeep.outages import Shortened, is_full, outage
from tests.articles.bridges import make_article

psycopg = pytest.importorskip("psycopg")
redis = pytest.importorskip("redis")


def raised_from(error, cause):
    error.__cause__ = cause
    return error


def of_sqlite(code, text="database or disk is full"):
    cause = sqlite3.OperationalError(text)
    cause.sqlite_errorcode = code
    return raised_from(OperationalError(text), cause)


def of_postgresql(state, kind=OperationalError):
    cause = psycopg.OperationalError("terminating connection")
    cause.sqlstate = state
    return raised_from(kind("terminating connection"), cause)


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (of_sqlite(sqlite3.SQLITE_FULL), "database: database or disk is full"),
        (of_sqlite(sqlite3.SQLITE_BUSY), "database: database or disk is full"),
        (of_sqlite(sqlite3.SQLITE_READONLY), "database: database or disk is full"),
        (of_sqlite(sqlite3.SQLITE_IOERR_WRITE), "database: database or disk is full"),
        (of_postgresql(None), "database: terminating connection"),
        (of_postgresql("57P01"), "database: terminating connection"),
        (of_postgresql("53300"), "database: terminating connection"),
        (of_postgresql("25006", InternalError), "database: terminating connection"),
        (redis.exceptions.ConnectionError("refused"), "cache: refused"),
        (OSError(errno.ENOSPC, "No space left"), "disk: [Errno 28] No space left"),
        (raised_from(ValueError("x"), OSError(errno.EROFS, "ro")), "disk: [Errno 30] ro"),
        # Mistakes of ours.
        (of_sqlite(sqlite3.SQLITE_ERROR, "no such table: x"), ""),
        (of_postgresql("42P01", ProgrammingError), ""),
        (OperationalError("too many terms"), ""),
        (IntegrityError("UNIQUE"), ""),
        (FileNotFoundError(errno.ENOENT, "x"), ""),
        (ValueError("x"), ""),
        (None, ""),
    ],
    ids=[
        *("full", "busy", "read only", "input", "connection lost", "shut down", "too many"),
        *("only reads", "cache", "disk full", "disk read only behind it", "no table"),
        *("no table either", "too long", "integrity", "no file", "value", "nothing"),
    ],
)
def test_only_what_comes_back_by_itself_is_an_outage(error, away):
    assert outage(error) == away


@pytest.mark.parametrize(
    ("error", "full"),
    [
        (of_sqlite(sqlite3.SQLITE_FULL), True),
        (of_postgresql("53100"), True),
        (raised_from(ValueError("x"), OSError(errno.ENOSPC, "No space left")), True),
        (of_sqlite(sqlite3.SQLITE_BUSY), False),
        (of_postgresql("53300"), False),
        (OSError(errno.EROFS, "ro"), False),
        (None, False),
    ],
)
def test_a_disk_without_room_is_told_from_what_comes_back_by_itself(error, full):
    assert is_full(error) is full


@pytest.mark.parametrize("header", [{}, {"hx-request": "true"}])
def test_on_a_full_disk_nobody_is_told_to_try_again_in_a_minute(monkeypatch, header):
    def full(*_arguments, **_more):
        raise of_sqlite(sqlite3.SQLITE_FULL)

    monkeypatch.setattr("django.db.models.sql.compiler.SQLCompiler.execute_sql", full)
    sent = {"body": "Arches need no mortar."}
    answer = Client(raise_request_exception=False).post(
        "/articles/any/discussion/new/", sent, headers=header
    )
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "has no room left" in page
    assert "minute" not in page
    assert "by itself" not in page


def test_what_the_database_says_of_a_wrong_statement_is_no_outage(db):
    with pytest.raises((OperationalError, ProgrammingError)) as refused:
        connection.cursor().execute("SELECT * FROM no_such_table")
    assert outage(refused.value) == ""


@pytest.fixture
def broken(monkeypatch):
    """A client of a site whose database went away while it answers."""

    def away(*_arguments, **_more):
        raise of_postgresql("57P01")

    monkeypatch.setattr("django.db.models.sql.compiler.SQLCompiler.execute_sql", away)
    return Client(raise_request_exception=False)


def test_a_reader_is_told_to_come_again_without_the_database(broken, caplog):
    answer = broken.get("/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert answer.headers["Cache-Control"] == "no-store"
    page = answer.content.decode()
    assert "<h1" in page
    assert "The site is resting for a moment" in page
    assert "What you sent" not in page
    [line] = [record for record in caplog.records if record.name == "django.request"]
    assert line.getMessage() == "Not available: database: terminating connection"
    assert line.exc_info is None


def test_a_line_that_was_shortened_is_written_by_a_logger_with_two_filters_too():
    error = of_postgresql("57P01")
    line = logging.LogRecord("", logging.ERROR, "", 1, "%s", ("x",), (type(error), error, None))
    line.status_code = 503
    for _turn in range(2):
        assert Shortened().filter(line)
    planned = logging.LogRecord("", logging.ERROR, "", 1, "%s", ("x",), None)
    planned.status_code = 503
    assert not Shortened().filter(planned)


def test_who_sent_a_comment_gets_back_what_they_wrote(broken):
    text = "<b>Arches</b> need no mortar."
    answer = broken.post("/articles/any/discussion/new/", {"body": text})
    assert answer.status_code == 503
    page = answer.content.decode()
    assert "&lt;b&gt;Arches&lt;/b&gt; need no mortar.</textarea>" in page
    assert "was not saved, and is not lost" in page


def test_who_sent_another_form_is_told_of_the_button_back(broken):
    page = broken.post("/articles/any/discussion/new/", {"other": "x"}).content.decode()
    assert "brings back the form with all you typed" in page
    assert "<textarea" not in page


def test_a_form_that_htmx_sent_stays_and_says_why(broken):
    answer = broken.post(
        "/articles/any/discussion/new/", {"body": "x"}, headers={"hx-request": "true"}
    )
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (503, "find .problems-slot")
    assert answer.content.decode().startswith('<p class="problems">')
    answer = broken.get("/articles/any/", headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["HX-Reswap"]) == (503, "none")


def test_a_mistake_of_ours_stays_a_500_with_its_traceback(monkeypatch, caplog):
    monkeypatch.setattr("articles.views.machines.HttpResponse", lambda *_, **__: 1 / 0)
    client = Client(raise_request_exception=False)
    with caplog.at_level(logging.ERROR):
        assert client.get("/robots.txt").status_code == 500
    [line] = [record for record in caplog.records if record.name == "django.request"]
    assert line.exc_info[0] is ZeroDivisionError


@pytest.mark.django_db
def test_it_is_over_when_it_is_over(broken, monkeypatch):
    assert broken.get("/").status_code == 503
    monkeypatch.undo()
    make_article()
    assert broken.get("/").status_code == 200


@pytest.mark.django_db
def test_a_store_of_files_that_is_away_is_no_mistake_of_the_site(client, monkeypatch):
    botocore = pytest.importorskip("botocore.exceptions")

    def away(_name):
        raise botocore.EndpointConnectionError(endpoint_url="http://127.0.0.1:1/")

    monkeypatch.setattr(cards, "read", away)
    client.raise_request_exception = False
    response = client.get(f"/media/cards/{'0' * 32}.png")
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert "public" not in response.headers["Cache-Control"]

"""What a line of the log says, and what it never says."""

import json
import logging
import re
import sys
from datetime import UTC, datetime

import pytest
from django.db import connection

from articles.upkeep import logs, slow_queries
from articles.upkeep.logs import HumanLines, JsonLines, scrubbed, shown_path


def record(message, *arguments, **more):
    made = logging.LogRecord("articles.mail", logging.INFO, "mail.py", 1, message, arguments, None)
    made.created = datetime(2026, 1, 2, 3, 4, 5, 678000, UTC).timestamp()
    vars(made).update(more)
    return made


@pytest.fixture
def within_request():
    token = logs.request_id.set("0123456789abcdef")
    yield
    logs.request_id.reset(token)


def test_a_program_gets_one_object_a_line(within_request):
    line = JsonLines().format(record("Two\nlines, %d", 2, fields={"status": 200, "user": 7}))
    assert "\n" not in line
    assert json.loads(line) == {
        "time": "2026-01-02T03:04:05.678+00:00",
        "level": "info",
        "logger": "articles.mail",
        "message": "Two\nlines, 2",
        "request_id": "0123456789abcdef",
        "status": 200,
        "user": 7,
    }


def test_outside_of_a_request_there_is_no_id():
    assert "request_id" not in json.loads(JsonLines().format(record("Started")))


def test_people_get_a_line_to_read(within_request):
    line = HumanLines().format(record("Started"))
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z ", line), "in UTC, and says so"
    assert line.endswith(" INFO articles.mail: Started [0123456789abcdef]")


@pytest.mark.parametrize(("terminal", "kind"), [(True, HumanLines), (False, JsonLines)])
def test_who_reads_decides_about_the_form(monkeypatch, terminal, kind):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)
    assert type(logs.formatter()) is kind


def test_a_traceback_names_no_local_variable_and_no_person():
    def deliver(password):
        raise ValueError("no such mailbox: ann@example.org")

    try:
        deliver(f"hush-{'hush'}")
    except ValueError:
        line = JsonLines().format(record("Failed", exc_info=sys.exc_info()))
    error = json.loads(line)["error"]
    assert "in deliver" in error
    assert error.endswith("ValueError: no such mailbox: [address]")
    assert "hush-hush" not in error


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("to ann+site@mail.example.org, again", "to [address], again"),
        ("Ann <ann@localhost>", "Ann <[address]>"),
        ("Mail <176416.1234.5678@example.org>", "Mail <176416.1234.5678@example.org>"),
        ("[@key] is a citation", "[@key] is a citation"),
    ],
)
def test_addresses_of_mail_are_left_out(text, said):
    assert scrubbed(text) == said


def test_no_secret_of_the_settings_comes_through(settings, monkeypatch):
    settings.SECRET_KEY = "key-of-the-site"
    monkeypatch.setitem(settings.DATABASES["default"], "PASSWORD", "p@ss/word")
    settings.MAILERS = {"default": {"BACKEND": "", "OPTIONS": {"password": "mail-hush"}}}
    own = settings.STORAGES["default"]
    monkeypatch.setitem(settings.STORAGES, "default", own | {"OPTIONS": {"secret_key": "s3-hush"}})
    logs._secrets.cache_clear()
    try:
        text = "postgres://ann:p%40ss%2Fword@h p@ss/word mail-hush s3-hush key-of-the-site"
        assert scrubbed(text) == "postgres://ann:[secret]@h [secret] [secret] [secret] [secret]"
    finally:
        logs._secrets.cache_clear()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/articles/stone-bridges-of-the-old-world/", "/articles/stone-bridges-of-the-old-world/"),
        ("/accounts/sign-in/Mg:1abcde:0123456789abcdefghij/", "/accounts/sign-in/…/"),
        ("/comments/manage/0123456789abcdefghijklmn/", "/comments/manage/…/"),
        ("/a\nb\x1b[31m", "/a?b?[31m"),
        ("/" + "x" * 1000, "/" + "x" * 299),
    ],
)
def test_a_path_is_one_line_without_tokens(path, said):
    assert shown_path(path) == said


@pytest.mark.django_db
def test_a_slow_query_is_logged_without_its_parameters(settings, caplog):
    settings.SLOW_QUERY_MILLISECONDS = 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT\n  %s", ["ann@example.org"])
    [line] = [line for line in caplog.records if line.name == slow_queries.__name__]
    assert line.levelname == "WARNING"
    assert line.getMessage().endswith(" ms: SELECT %s")
    assert "ann" not in line.getMessage()


@pytest.mark.django_db
def test_a_quick_query_is_not_logged(settings, caplog):
    settings.SLOW_QUERY_MILLISECONDS = 60_000
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert [line for line in caplog.records if line.name == slow_queries.__name__] == []

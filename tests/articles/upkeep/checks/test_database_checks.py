"""What the doctor says of the database."""

from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from articles.upkeep.checks import database_checks
from articles.upkeep.checks.doctor import examine
from articles.upkeep.checks.findings import State
from tests.serving import free_port

pytestmark = pytest.mark.django_db
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="about PostgreSQL")


@pytest.fixture
def answers(monkeypatch):
    """Have the database give this answer to the statement that begins so."""

    def to(beginning, answer):
        ask = database_checks._ask
        monkeypatch.setattr(
            database_checks,
            "_ask",
            lambda statement: answer if statement.startswith(beginning) else ask(statement),
        )

    return to


def test_all_is_well():
    results = [check.function() for check in [database_checks.REACHABLE, *database_checks.CHECKS]]
    assert [result.what for result in results if result.state is not State.FINE] == []


def test_a_database_that_does_not_answer(monkeypatch):
    def away(_statement):
        raise OperationalError("server closed the\nconnection")

    monkeypatch.setattr(database_checks, "_ask", away)
    finding = database_checks.reachable()
    assert finding.state is State.WRONG
    assert finding.what == "The database does not answer: server closed the connection"


def test_a_database_without_a_site(monkeypatch):
    monkeypatch.setattr(connection.introspection, "table_names", list)
    said = [result.finding for result in examine(slow=False)]
    no_site = "There is no site in this database yet."
    assert no_site in [finding.what for finding in said if finding.state is State.WRONG]
    assert not any("no such table" in finding.what for finding in said)


def test_a_server_that_is_not_there(monkeypatch):
    port = free_port()
    away = SimpleNamespace(
        vendor="postgresql", settings_dict={"HOST": "127.0.0.1", "PORT": str(port)}
    )
    monkeypatch.setattr(database_checks, "connection", away)
    finding = database_checks.reachable()
    assert finding.state is State.WRONG
    assert finding.what == (
        f"The database server on 127.0.0.1, port {port} does not answer: Connection refused."
    )
    assert "DATABASE_URL" in finding.how


@on_sqlite
def test_a_journal_of_another_kind(answers):
    answers("PRAGMA journal_mode", "delete")
    assert database_checks.form().state is State.WRONG


@on_sqlite
def test_a_damaged_file(answers):
    answers("PRAGMA quick_check", "*** in database main ***\nPage 7 is never used")
    finding = database_checks.whole()
    assert finding.state is State.WRONG
    assert "Page 7" in finding.what
    assert "restore the last good backup" in finding.how


@on_sqlite
def test_a_journal_that_has_grown(monkeypatch, tmp_path):
    database = tmp_path / "x.sqlite3"
    with (tmp_path / "x.sqlite3-wal").open("wb") as journal:
        journal.truncate(600 * 1024 * 1024)
    monkeypatch.setitem(connection.settings_dict, "NAME", str(database))
    finding = database_checks.journal()
    assert finding.state is State.LOOK
    assert "600 MB" in finding.what


@on_postgresql
def test_text_in_another_encoding(answers):
    answers("SHOW server_encoding", "LATIN1")
    assert database_checks.form().state is State.WRONG


@on_postgresql
def test_a_missing_extension(answers):
    answers("SELECT count(*) FROM pg_extension", 0)
    finding = database_checks.form()
    assert finding.state is State.LOOK
    assert "CREATE EXTENSION pg_trgm" in finding.how


@on_postgresql
def test_tables_that_were_never_counted(answers):
    answers("SELECT min(relname)", "search_searchdocument")
    finding = database_checks.statistics()
    assert finding.state is State.LOOK
    assert "search_searchdocument" in finding.what


def test_a_migration_that_is_missing():
    MigrationRecorder(connection).record_unapplied("timeline", "0001_initial")
    finding = database_checks.migrations()
    assert finding.state is State.WRONG
    assert "lacks what this version needs (timeline.0001_initial)" in finding.what


def test_a_migration_of_a_newer_version():
    MigrationRecorder(connection).record_applied("timeline", "9999_of_tomorrow")
    finding = database_checks.migrations()
    assert finding.state is State.WRONG
    assert "A newer version of Milepost" in finding.what

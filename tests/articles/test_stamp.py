"""The stamp changes with every write that readers may see, around its commit, and with no other."""

from __future__ import annotations

import errno
import fcntl
import multiprocessing
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import update_last_login
from django.db import OperationalError, connection, connections, transaction

from articles import stamp
from articles.file_stamp import SIZE, FileStamp
from articles.models import SiteSettings, Tag, User
from articles.public_writes import PRIVATE, PRIVATE_PREFIXES, is_public_write, only_writes
from articles.stamp import SiteStamp, site_stamp
from tests.serving import eventually

COMMITTED = pytest.mark.django_db(transaction=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "stamp"


@pytest.fixture(autouse=True)
def unmarked() -> None:
    """No other test's transaction, rolled back, has the first one here tell for nothing."""
    stamp._changed.discard(connections["default"])


@pytest.mark.parametrize(
    "sql",
    [
        'INSERT INTO "articles_tag" ("name") VALUES (%s)',
        'INSERT OR IGNORE INTO "articles_article_tags" VALUES (%s)',
        'UPDATE "discussion_comment" SET "status" = %s',
        "update articles_sitesettings set name = 'x'",
        'DELETE FROM "timeline_track" WHERE "id" = %s',
        "\n  DELETE FROM timeline_track",
        'UPDATE "articles_user" SET "public_name" = %s, "last_login" = %s WHERE "id" = %s',
        'UPDATE "articles_user" SET "last_login" = %s, "public_name" = %s WHERE "id" = %s',
        'WITH "old" AS (DELETE FROM "articles_tag" RETURNING "id") SELECT * FROM "old"',
        'ALTER TABLE "articles_tag" ADD COLUMN "x" integer',
        'TRUNCATE "articles_tag"',
        "something that nobody thought of",
        'UPDATE ONLY "articles_tag" SET "name" = %s',
        'INSERT INTO "django_session_of_another_app"."articles_tag" VALUES (1)',
        object(),
    ],
)
def test_what_writes_is_seen_and_so_is_what_nobody_knows(sql: Any) -> None:
    assert is_public_write(sql)


def test_what_surely_returns_nothing_is_known() -> None:
    assert only_writes('DELETE FROM "articles_tag" WHERE "id" = %s')
    assert only_writes('INSERT INTO "articles_tag" ("name") VALUES (%s)')
    assert not only_writes('INSERT INTO "articles_tag" ("name") VALUES (%s) RETURNING "id"')
    assert not only_writes('DELETE FROM "articles_tag" returning "id"')
    assert not only_writes("CREATE INDEX CONCURRENTLY x ON articles_tag (name)")
    assert not only_writes(object())


@pytest.mark.parametrize(
    "sql",
    [
        'SELECT "name" FROM "articles_tag" FOR UPDATE',
        "(SELECT 1) UNION (SELECT 2)",
        "\n    SELECT 1",
        "WITH RECURSIVE words AS (SELECT 1) SELECT * FROM words",
        'SAVEPOINT "s1"',
        'RELEASE SAVEPOINT "s1"',
        "BEGIN IMMEDIATE",
        "PRAGMA foreign_keys",
        "EXPLAIN SELECT 1",
        'INSERT INTO "django_session" ("session_key") VALUES (%s)',
        'UPDATE "django_tasks_database_dbtaskresult" SET "status" = %s',
        'DELETE FROM "django_admin_log"',
        'INSERT INTO "accounts_allowance" VALUES (%s)',
        'INSERT INTO "mfa_authenticator" VALUES (%s)',
        'UPDATE "articles_user" SET "last_login" = %s WHERE "articles_user"."id" = %s',
    ],
)
def test_what_reads_or_writes_for_nobodys_eyes_is_not_seen(sql: str) -> None:
    assert not is_public_write(sql)


def test_every_private_table_is_one_and_nothing_public_is_called_like_them() -> None:
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert tables >= PRIVATE
    hidden = {table for table in tables if table.startswith(PRIVATE_PREFIXES)}
    assert {table.partition("_")[0] for table in hidden} == {
        prefix.rstrip("_") for prefix in PRIVATE_PREFIXES
    }
    shown = tables - hidden - PRIVATE
    assert {"articles_user", "articles_page", "timeline_milestone_tracks"} <= shown


class TestWrites:
    """What Django writes, in each way it can."""

    pytestmark = COMMITTED

    def test_a_write_of_its_own(self) -> None:
        before = site_stamp.current()
        Tag.objects.create(name="arches", slug="arches")
        assert site_stamp.current() != before

    def test_a_write_that_fails_changes_it_for_nothing(self) -> None:
        Tag.objects.create(name="arches", slug="arches")
        before = site_stamp.current()
        with pytest.raises(Exception, match=r"(?i)unique"):
            Tag.objects.create(name="arches", slug="arches")
        assert site_stamp.current() != before
        assert site_stamp.before_making() is not None

    def test_a_write_of_many_rows_holds_nobody_up_before_its_commit(self) -> None:
        Tag.objects.create(name="arches", slug="arches")
        before = site_stamp.current()
        seen = []

        def look(execute: Any, sql: str, *more: Any) -> Any:
            done = execute(sql, *more)
            if sql.startswith("UPDATE"):
                seen.append(site_stamp.before_making())
            return done

        # Innermost: it looks while the statement runs.
        with connection.execute_wrapper(look):
            assert Tag.objects.update(name="vaults") == 1
        assert seen == [before]
        assert site_stamp.before_making() not in {None, before}
        assert not connection.in_atomic_block
        assert Tag.objects.get().name == "vaults"

    def test_a_write_on_a_connection_that_is_not_the_threads_own(self) -> None:
        Tag.objects.create(name="arches", slug="arches")
        before = site_stamp.current()
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("UPDATE articles_tag SET name = 'vaults'")
        other.close()
        assert site_stamp.current() != before
        assert Tag.objects.get().name == "vaults"

    def test_writes_of_a_transaction_at_its_commit(self) -> None:
        before = site_stamp.current()
        with transaction.atomic():
            Tag.objects.create(name="arches", slug="arches")
            with transaction.atomic():
                Tag.objects.bulk_create([Tag(name="vaults", slug="vaults")])
            assert site_stamp.current() == before
        assert site_stamp.current() != before

    def test_what_a_savepoint_gave_up_is_not_looked_at_further(self) -> None:
        before = site_stamp.current()
        with transaction.atomic():
            with transaction.atomic():
                Tag.objects.create(name="arches", slug="arches")
                transaction.set_rollback(True)
            assert not Tag.objects.exists()
        assert site_stamp.current() != before

    def test_a_transaction_that_only_reads(self) -> None:
        before = site_stamp.current()
        with transaction.atomic():
            list(Tag.objects.select_for_update())
        assert site_stamp.current() == before

    def test_who_signs_in(self) -> None:
        user = User.objects.create_user("ann")
        before = site_stamp.current()
        update_last_login(User, user)
        assert site_stamp.current() == before

    def test_a_connection_that_was_opened_again(self) -> None:
        connection.close()
        before = site_stamp.current()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        SiteSettings.objects.update_or_create(pk=1, defaults={"name": "X"})
        assert site_stamp.current() != before

    def test_without_autocommit(self) -> None:
        before = site_stamp.current()
        transaction.set_autocommit(False)
        try:
            Tag.objects.create(name="arches", slug="arches")
            transaction.commit()
        finally:
            transaction.set_autocommit(True)
        assert site_stamp.current() != before

    def test_hooks_that_run_after_a_commit_see_the_new_stamp(self) -> None:
        seen = []
        with transaction.atomic():
            Tag.objects.create(name="arches", slug="arches")
            transaction.on_commit(lambda: seen.append(site_stamp.before_making()))
        assert seen == [site_stamp.current()]


class TestTheFile:
    def test_every_process_reads_the_same_until_one_changes_it(self, path: Path) -> None:
        one, other = FileStamp(path), FileStamp(path)
        first = one.read()
        assert other.read() == first
        opened = one.begin()
        second = other.read()
        one.end(opened)
        third = other.read()
        assert len({first, second, third}) == 3
        assert one.read() == third
        assert path.stat().st_mode & 0o777 == 0o600

    def test_nothing_is_kept_that_is_made_while_somebody_commits(self, path: Path) -> None:
        writer, reader = FileStamp(path), SiteStamp(FileStamp(path), None)
        one, two = writer.begin(), writer.begin()
        assert reader.before_making() is None
        writer.end(one)
        assert reader.before_making() is None
        writer.end(two)
        assert reader.before_making() == reader.current()

    def test_who_wants_to_make_a_page_waits_for_a_commit_but_not_for_a_long_one(
        self, path: Path
    ) -> None:
        writer, reader = FileStamp(path), SiteStamp(FileStamp(path), None)
        opened = writer.begin()
        threading.Timer(0.03, writer.end, (opened,)).start()
        assert reader.before_making() == reader.current()
        opened = writer.begin()
        assert reader.before_making() is None
        began = time.monotonic()
        assert reader.before_making() is None
        assert time.monotonic() - began < min(0.05, sum(stamp.PAUSES))
        writer.end(opened)
        assert reader.before_making() == reader.current()

    def test_a_write_is_no_worse_where_files_cannot_be_locked(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        site = SiteStamp(FileStamp(path), None)
        before = site.current()

        def refuse(_file: int, _how: int) -> None:
            raise OSError(errno.ENOLCK, "No locks available")

        monkeypatch.setattr(fcntl, "flock", refuse)
        with site.changing():
            assert site.current() != before
        assert site.before_making() is None

    def test_a_writer_that_is_killed_before_the_second_change_leaves_no_old_page(
        self, path: Path
    ) -> None:
        reader = SiteStamp(FileStamp(path), None)
        before = reader.before_making()
        context = multiprocessing.get_context("fork")
        begun = context.Event()

        def commit_for_ever() -> None:
            FileStamp(path).begin()
            begun.set()
            signal.pause()

        writer = context.Process(target=commit_for_ever)
        writer.start()
        assert writer.pid is not None
        try:
            assert begun.wait(20)
            # What was made before is out of date, what is made now is not kept …
            assert reader.current() != before
            assert reader.before_making() is None
        finally:
            os.kill(writer.pid, signal.SIGKILL)
            writer.join()
        # … and then everything goes on by itself.
        assert reader.before_making() == reader.current()

    def test_a_file_that_is_taken_away_or_changed_for_another_is_noticed(
        self, path: Path, monkeypatch: Any
    ) -> None:
        monkeypatch.setattr("articles.file_stamp.SECONDS_BETWEEN_CHECKS", 0)
        reader = FileStamp(path)
        first = reader.read()
        path.unlink()
        second = reader.read()
        other = path.with_name("other")
        other.write_bytes(b"x" * SIZE)
        other.rename(path)
        assert reader.read() == b"x" * SIZE
        assert len({first, second, b"x" * SIZE}) == 3
        path.write_bytes(b"")
        assert len(reader.read()) == SIZE

    def test_without_a_file_nothing_is_kept_and_writes_go_on(
        self, tmp_path: Path, caplog: Any
    ) -> None:
        stamp = SiteStamp(FileStamp(tmp_path / "gone" / "stamp"), None)
        assert stamp.current() != stamp.current()
        assert stamp.before_making() is None
        with stamp.changing():
            pass
        assert "cannot be written" in caplog.text


class TestDoubt:
    """The connection is lost in a commit: the server may do it, at once, later, or never."""

    pytestmark = COMMITTED

    @pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is always there.")
    def test_nothing_is_kept_for_a_while_and_nothing_made_before(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(stamp, "SECONDS_OF_DOUBT", 1.0)
        other = connection.copy()
        before = site_stamp.current()

        def lose_in_commit() -> None:
            with transaction.atomic():
                Tag.objects.create(name="arches", slug="arches")
                with other.cursor() as cursor:
                    backend = connection.connection.info.backend_pid
                    cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])

        with pytest.raises(OperationalError):
            lose_in_commit()
        other.close()
        between = site_stamp.current()
        assert between != before
        assert site_stamp.before_making() is None
        after = eventually(site_stamp.before_making)
        assert after not in {before, between}

    def test_what_surely_failed_holds_nobody_up(self, path: Path) -> None:
        site = SiteStamp(FileStamp(path), None)
        before = site.current()
        with pytest.raises(ZeroDivisionError), site.changing(lambda: False):
            raise ZeroDivisionError
        assert site.before_making() not in {None, before}

    def test_it_ends_at_once_where_no_thread_is_to_be_had(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(_thread: threading.Thread) -> None:
            raise RuntimeError("can't create new thread at interpreter shutdown")

        monkeypatch.setattr(threading.Thread, "start", refuse)
        site = SiteStamp(FileStamp(path), None)
        with pytest.raises(ZeroDivisionError), site.changing(lambda: True):
            raise ZeroDivisionError
        assert site.before_making() == site.current()

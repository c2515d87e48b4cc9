"""An upgrade is done wholly or leaves the site as it was."""

import threading
import time

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, migrations
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from articles.management import first_start
from articles.models import Article, Backup
from articles.upkeep.backup import locks, migrating
from articles.upkeep.backup.archive import BackupError
from articles.upkeep.backup.databases import (
    SITE,
    another_connection,
    applied,
    known_as,
    missing_migrations,
    newer_than_code,
    table_names,
)
from articles.upkeep.backup.upgrading import upgrade
from articles.views import front


def backups_of(site):
    return sorted(site.backups.glob("milepost-*")) if site.backups.exists() else []


def test_every_migration_can_be_undone_with_the_others():
    """One outside of a transaction could not, so `upgrade` may count on there being none."""
    loader = MigrationLoader(None)
    assert [
        name for name, migration in loader.disk_migrations.items() if not migration.atomic
    ] == []


def test_an_upgrade_makes_a_backup_migrates_and_looks_at_the_site(old):
    said = []
    done = upgrade(said.append)
    assert missing_migrations(applied(connections[SITE])) == []
    assert backups_of(old) == [done.backup.path]
    assert [row.path for row in Backup.objects.all()] == [str(done.backup.path)]
    assert done.backup.reason == "before upgrading"
    assert said[0] == f"Migrations to apply: {done.migrations}. Making a backup first"
    assert said[-1] == "Shown without mistakes: /, /articles/antikythera-mechanism/"


def test_a_second_time_it_changes_nothing(old):
    upgrade(locks.silently)
    done = upgrade(locks.silently)
    assert (done.migrations, done.backup) == (0, None)
    assert len(backups_of(old)) == 1


@pytest.mark.parametrize("netloc", ["[::1]:8000", "[2001:db8::1]"])
def test_a_site_whose_address_is_a_number_is_upgraded_too(old, settings, netloc):
    settings.SITE_URL = f"http://{netloc}"
    settings.ALLOWED_HOSTS = [netloc.partition("]")[0] + "]"]
    assert upgrade(locks.silently).migrations


def test_an_empty_database_is_only_migrated(new_site):
    with new_site(empty=True) as site:
        assert upgrade(locks.silently).backup is None
        assert missing_migrations(applied(connections[SITE])) == []
        assert backups_of(site) == []


def undone(site, match):
    """Upgrade, and look that the site is as it was before."""
    before = applied(connections[SITE]), table_names(connections[SITE]), site.documents()
    with pytest.raises(BackupError, match=match) as found:
        upgrade(locks.silently)
    assert (applied(connections[SITE]), table_names(connections[SITE]), site.documents()) == before
    [backup] = backups_of(site)
    assert str(found.value).endswith(f"The backup is {backup}.")


def test_a_migration_that_fails_undoes_those_before_it(old, monkeypatch):
    apply = migrations.Migration.apply

    def spoil(self, *args, **options):
        state = apply(self, *args, **options)
        if self.app_label == "articles" and self.name == "0014_backup":
            Article.objects.all().update(title="spoilt")
            raise ValueError("cannot be done")
        return state

    monkeypatch.setattr(migrations.Migration, "apply", spoil)
    undone(old, "as it was before: ValueError: cannot be done")
    monkeypatch.undo()
    assert upgrade(locks.silently).migrations > 0


def test_a_page_that_cannot_be_shown_afterwards_undoes_it(old, monkeypatch):
    def fail(*args, **options):
        raise ValueError("no such page")

    monkeypatch.setattr(front, "render", fail)
    undone(old, "ValueError: no such page")


def test_an_article_that_is_gone_afterwards_undoes_it(old, monkeypatch):
    real = migrating.call_command

    def lose(*args, **options):
        real(*args, **options)
        Article.objects.first().delete()

    monkeypatch.setattr(migrating, "call_command", lose)
    undone(old, "articles_article had 3 rows and would have 2")


def test_a_backup_that_cannot_be_made_stops_it_before_anything_is_changed(old):
    old.backups.write_text("a file where the folder should be")
    before = applied(connections[SITE])
    with pytest.raises(CommandError, match="backups cannot be used"):
        call_command("upgrade")
    assert applied(connections[SITE]) == before


# Two at once, and the wrong one -------------------------------------------------------------------


def test_of_two_that_migrate_at_once_one_waits_and_says_so(old):
    said, numbers = [], []
    connection = another_connection(SITE)

    def second():
        connection.inc_thread_sharing()
        with known_as(SITE, connection):
            numbers.append(migrating.migrate(said.append))

    thread = threading.Thread(target=second)
    with locks.alone(), migrating.all_or_nothing():
        thread.start()
        while not said:
            time.sleep(0.01)
        assert migrating.apply_missing() > 0
    thread.join()
    assert said == ["Another process is changing the database; waiting for it."]
    assert numbers == [0]


def test_a_host_waits_for_another_one(old):
    if connections[SITE].vendor == "sqlite":
        pytest.skip("SQLite is on one host")
    said, numbers = [], []
    connection = another_connection(SITE)

    def second():
        connection.inc_thread_sharing()
        with known_as(SITE, connection), migrating.all_or_nothing(said.append):
            numbers.append(migrating.apply_missing())

    thread = threading.Thread(target=second)
    with migrating.all_or_nothing():
        thread.start()
        while not said:
            time.sleep(0.01)
        assert migrating.apply_missing() > 0
    thread.join()
    assert said == ["Another host is changing the database; waiting for it."]
    assert numbers == [0]


def test_a_database_of_a_newer_version_stops_serve_and_upgrade(site):
    assert newer_than_code(connections[SITE]) == ""
    with connections[SITE].cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)",
            ["discussion", "9999_from_the_future", timezone.now()],
        )
    for begin in (first_start.migrate, lambda: call_command("upgrade")):
        with pytest.raises(CommandError, match=r"^The database was changed by a newer version of"):
            begin()
    assert backups_of(site) == []


def test_rows_that_a_migration_wrote_do_not_keep_the_next_from_changing_their_table(site):
    """PostgreSQL would refuse, because Django leaves the check of a foreign key for later."""
    with migrating.all_or_nothing():
        article = Article.objects.select_related(None).first()
        article.pk, article.slug = None, "another"
        article.save(force_insert=True)
        with connections[SITE].schema_editor() as editor:
            field = Article._meta.get_field("title")
            longer = field.clone()
            longer.max_length = 999
            longer.set_attributes_from_name("title")
            longer.model = Article
            editor.alter_field(Article, field, longer)
    assert Article.objects.count() == 4

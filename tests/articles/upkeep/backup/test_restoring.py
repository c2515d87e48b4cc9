"""A backup gives a site back what it had, wholly or not at all."""

import datetime
import io
import sqlite3
import threading
from contextlib import closing

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from articles import sign_in
from articles.accounts.sealing import unseal
from articles.discussion.models import Comment
from articles.models import Article, Backup, Tag, User
from articles.search.models import SearchDocument
from articles.upkeep.backup import copies, restoring
from articles.upkeep.backup.archive import BackupError
from articles.upkeep.backup.backups import last_good_backup, make_backup
from articles.upkeep.backup.databases import (
    SITE,
    another_connection,
    copied_models,
    count_rows,
    known_as,
    last_keys,
)
from articles.upkeep.backup.restoring import restore
from tests.accounts.signing_in import SECRET, make_person, recovery_codes


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def counts():
    return count_rows(connections[SITE], sorted(model._meta.db_table for model in copied_models()))


def test_a_whole_site_comes_back_in_an_empty_folder_byte_for_byte(new_site, settings):
    with new_site("first") as first:
        (first.media / "cards" / "a.png").write_bytes(b"a picture")
        stop = threading.Event()
        connection = another_connection("writer")

        def write():
            connection.inc_thread_sharing()
            with known_as("writer", connection):
                number = 0
                while not stop.is_set():
                    number += 1
                    Tag.objects.using("writer").create(name=f"t{number}", slug=f"t{number}")

        thread = threading.Thread(target=write)
        thread.start()
        try:
            made = make_backup()
        finally:
            stop.set()
            thread.join()
        documents, media, key = first.documents(), files(first.media), settings.SECRET_KEY
        rows = {**counts(), "articles_tag": made.manifest.rows["articles_tag"]}
        keys = last_keys(connections[SITE], copied_models())
    with new_site("second", empty=True, key="another-key-that-this-site-had-long-enough") as second:
        done = restore(made.path)
        assert (done.safety, done.secret, done.files) == (None, "restored", 1)
        assert second.documents() == documents
        assert len(documents) == 3
        assert files(second.media) == media
        assert (second.data / "secret_key").read_text() == key
        assert (second.data / "secret_key").stat().st_mode & 0o777 == 0o600
        assert counts() == rows
        now = last_keys(connections[SITE], copied_models())
        assert {table: now[table] for table in keys if table != "articles_tag"} == {
            table: keys[table] for table in keys if table != "articles_tag"
        }
        # It goes on living: keys, search and what migrations made.
        Article.objects.create(title="New", slug="new", short_answer="New")
        assert SearchDocument.objects.exists()
        call_command("check")
        assert not list(second.data.glob(".milepost-restore-*"))


def test_a_search_finds_after_restoring_what_it_found_before(new_site, client):
    with new_site("first"):
        before = client.get("/search/", {"q": "gear"}).content
        made = make_backup()
    with new_site("second", empty=True):
        restore(made.path)
        assert client.get("/search/", {"q": "gear"}).content == before
        assert b"antikythera" in before


def test_the_key_of_a_deleted_row_is_not_given_again(new_site):
    with new_site("first"):
        gone = Tag.objects.create(name="gone", slug="gone")
        gone_key = gone.pk
        gone.delete()
        made = make_backup()
    with new_site("second", empty=True):
        restore(made.path)
        assert Tag.objects.create(name="new", slug="new").pk > gone_key


def test_what_is_there_is_kept_in_a_backup_that_leads_back(site):
    made = make_backup()
    Article.objects.all().delete()
    Comment.objects.all().delete()
    (site.media / "cards" / "a.png").write_bytes(b"another picture")
    (site.media / "ünïcode name.txt").unlink()
    (site.media / "later.txt").write_text("came later")
    changed, media = counts(), files(site.media)
    done = restore(made.path)
    assert done.deleted == 1
    assert done.secret == "same"
    assert files(site.media) == {"cards/a.png": b"a picture", "ünïcode name.txt": b"an upload"}
    assert Article.objects.count() == 3
    assert last_good_backup().path == str(done.safety.path)
    assert last_good_backup().reason == "before restoring"
    restore(done.safety.path)
    assert counts() == changed
    assert files(site.media) == media


def test_the_site_still_knows_the_backups_it_made_since(site):
    made = make_backup()
    call_command("backup", stdout=io.StringIO())
    [known] = Backup.objects.values_list("path", flat=True)
    done = restore(made.path)
    assert set(Backup.objects.values_list("path", flat=True)) == {known, str(done.safety.path)}


def test_links_that_signed_somebody_in_or_would_are_over(site):
    owner = User.objects.get(username="owner")
    owner.last_login = timezone.now() - datetime.timedelta(days=1)
    owner.save()
    token = sign_in.sign_in_link(owner, "").rsplit("/", 2)[1]
    made = make_backup()
    sign_in.claim(sign_in.person_of(token))
    restore(made.path)
    with pytest.raises(sign_in.SpentLink):
        sign_in.person_of(token)


@pytest.mark.parametrize("where", ["prepare", "exchange", "rows"])
def test_whatever_fails_on_the_way_leaves_the_site_as_it_was(site, monkeypatch, where):
    made = make_backup()
    Article.objects.all().delete()
    (site.media / "cards" / "a.png").write_bytes(b"another picture")
    (site.media / "ünïcode name.txt").unlink()
    (site.media / "later.txt").write_text("came later")
    before, media = counts(), files(site.media)
    key = (site.data / "secret_key").read_text()

    def fail(*args, **options):
        raise BackupError("It is to fail here.")

    if where == "prepare":
        monkeypatch.setattr(copies, "prepare", fail)
    elif where == "exchange":
        monkeypatch.setattr(restoring.Exchange, "add", fail)
    elif connections[SITE].vendor == "sqlite":
        monkeypatch.setattr(restoring, "_into_sqlite", fail)
    else:
        monkeypatch.setattr(restoring.tables, "mend", fail)
    with pytest.raises(BackupError, match="It is to fail here"):
        restore(made.path)
    assert counts() == before
    assert files(site.media) == media
    assert (site.data / "secret_key").read_text() == key
    monkeypatch.undo()
    restore(made.path)
    assert Article.objects.count() == 3


def test_a_damaged_backup_changes_nothing(site):
    made = make_backup()
    content = bytearray(made.path.read_bytes())
    content[len(content) // 2] ^= 1
    made.path.write_bytes(content)
    before = counts()
    with pytest.raises(BackupError, match="is damaged"):
        restore(made.path)
    assert counts() == before
    assert len(list(site.backups.glob("milepost-*"))) == 1, "no safety backup of it"


def test_a_backup_of_a_newer_version_is_refused(site, monkeypatch):
    with connections[SITE].cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)",
            ["articles", "9999_from_the_future", timezone.now()],
        )
    if connections[SITE].vendor == "sqlite":
        with pytest.raises(BackupError, match=r"newer version .*9999_from_the_future"):
            restore(make_backup().path)
    else:
        with pytest.raises(BackupError, match=r"newer version .*9999_from_the_future"):
            make_backup()


def test_an_older_backup_is_brought_to_this_version(new_site):
    with new_site("old") as old:
        call_command("migrate", "articles", "0012", verbosity=0)
        documents = len(list(Article.objects.values("slug")))
        made = make_backup()
        assert "articles_backup" not in made.manifest.rows
        assert old.backups.exists()
    with new_site("new", empty=True) as new:
        restore(made.path)
        assert len(new.documents()) == documents == 3
        assert Backup.objects.count() == 0


def test_a_key_from_the_environment_is_left_and_said(site, settings, capsys):
    made = make_backup()
    settings.SECRET_KEY = "given-by-the-environment-and-not-by-the-file"
    call_command("restore_backup", str(made.path), yes=True)
    assert "was not restored" in capsys.readouterr().out
    assert (site.data / "secret_key").read_text() != settings.SECRET_KEY


def test_the_key_can_be_kept(site, settings, capsys):
    made = make_backup()
    settings.SECRET_KEY = "one-that-was-made-since-and-is-long-enough"
    (site.data / "secret_key").write_text(settings.SECRET_KEY)
    call_command("restore_backup", str(made.path), yes=True, keep_secret=True)
    assert "was kept" in capsys.readouterr().out
    assert (site.data / "secret_key").read_text() == settings.SECRET_KEY


@pytest.mark.parametrize("keep_secret", [True, False], ids=["kept", "elsewhere"])
def test_second_factors_work_on_where_the_key_is_another(new_site, keep_secret):
    with new_site("first"):
        codes = recovery_codes(make_person(app=True))
        made = make_backup()
    with new_site("second", empty=True, key="another-key-that-this-site-had-long-enough") as second:
        if not keep_secret:
            (second.data / "secret_key").unlink()
        assert restore(made.path, keep_secret=keep_secret).secret != "restored"
        person = Authenticator.objects.get(type="totp").user
        assert recovery_codes(person) == codes
        assert unseal(Authenticator.objects.get(type="totp").data["secret"]) == SECRET


def test_a_picture_that_is_drawn_for_the_restored_rows_stays(site, monkeypatch):
    made = make_backup()
    (site.media / "later.txt").write_text("came later")
    into = restoring._exchange

    def exchange_and_draw(*arguments, **options):
        into(*arguments, **options)
        (site.media / "cards" / "new.png").write_bytes(b"drawn by the task worker")

    monkeypatch.setattr(restoring, "_exchange", exchange_and_draw)
    assert restore(made.path).deleted == 1
    assert sorted(files(site.media)) == ["cards/a.png", "cards/new.png", "ünïcode name.txt"]


def test_a_dry_run_says_what_would_change_and_changes_nothing(site, capsys):
    made = make_backup()
    Article.objects.first().delete()
    (site.media / "later.txt").write_text("came later")
    before, media = counts(), files(site.media)
    call_command("restore_backup", str(made.path), dry_run=True)
    said = capsys.readouterr().out
    assert "Articles: 3 in the backup, now 2\n" in said
    assert "People: 2 in the backup, the same number\n" in said
    assert "Files: 2 in the backup, now 3; 0 would be added, 0 replaced, 1 deleted\n" in said
    assert said.endswith("Nothing was changed; --yes restores it, after a backup of what is here\n")
    assert (counts(), files(site.media)) == (before, media)


def test_a_damaged_file_ends_the_command_with_one_sentence(site, tmp_path):
    path = tmp_path / "a.tar.gz"
    path.write_bytes(b"nothing")
    for options in ({"dry_run": True}, {"yes": True}):
        with pytest.raises(CommandError, match="is damaged or no backup"):
            call_command("restore_backup", str(path), **options)


# Django forgets to close a connection whose first statement fails.
@pytest.mark.filterwarnings("ignore:unclosed database:ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_database_that_cannot_be_read_is_set_aside(site):
    if connections[SITE].vendor != "sqlite":
        pytest.skip("PostgreSQL keeps its own files")
    made = make_backup()
    connections[SITE].close()
    path = site.data.parent / connections[SITE].settings_dict["NAME"]
    path.write_bytes(b"not a database at all, " * 1000)
    for end in ("-wal", "-shm"):
        path.with_name(f"{path.name}{end}").unlink(missing_ok=True)
    with pytest.raises(BackupError, match="cannot be"):
        restore(made.path)
    restore(made.path, safety=False)
    assert Article.objects.count() == 3
    [aside] = path.parent.glob(f"{path.name}.replaced-*")
    assert aside.read_bytes().startswith(b"not a database")


def test_a_database_that_was_set_aside_comes_back_when_none_takes_its_place(site, monkeypatch):
    if connections[SITE].vendor != "sqlite":
        pytest.skip("PostgreSQL keeps its own files")
    made = make_backup()
    Article.objects.first().delete()
    before = counts()
    path = site.data.parent / connections[SITE].settings_dict["NAME"]

    def fail(_copy):
        path.write_bytes(b"half a database")
        path.with_name(f"{path.name}-wal").write_bytes(b"of another")
        raise BackupError("It is to fail here.")

    monkeypatch.setattr(restoring, "_into_sqlite", fail)
    with pytest.raises(BackupError, match="It is to fail here"):
        restore(made.path, safety=False)
    assert counts() == before
    assert not list(path.parent.glob(f"{path.name}.replaced-*"))


def test_what_is_not_in_a_database_yet_is_set_aside_with_it(site, monkeypatch):
    if connections[SITE].vendor != "sqlite":
        pytest.skip("PostgreSQL keeps its own files")
    made = make_backup()
    path = site.data.parent / connections[SITE].settings_dict["NAME"]
    # Somebody has it open, so that closing the other connection leaves the journal.
    with closing(sqlite3.connect(path)) as other:
        Tag.objects.create(name="written at last", slug="last")
        other.execute("SELECT count(*) FROM articles_tag").fetchall()
        restore(made.path, safety=False)
    [aside] = path.parent.glob(f"{path.name}.replaced-*[0-9]")
    with closing(sqlite3.connect(aside)) as kept:
        [(found,)] = kept.execute("SELECT count(*) FROM articles_tag WHERE slug = 'last'")
    assert found == 1


# Between the two databases ------------------------------------------------------------------------


def test_rows_come_back_from_a_copy_of_a_copy_without_a_change(new_site):
    with new_site("first") as first:
        documents, before = first.documents(), counts()
        made = make_backup()
    with new_site("second", empty=True) as second:
        restore(made.path)
        again = make_backup()
        assert again.manifest.rows == made.manifest.rows
        assert second.documents() == documents
    with new_site("third", empty=True) as third:
        restore(again.path)
        assert third.documents() == documents
        assert counts() == before

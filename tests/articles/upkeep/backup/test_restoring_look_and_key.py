"""The owner's look comes along in a backup, and a restore that is killed leaves no orphaned key."""

import sys
import threading

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings

from articles.accounts.sealing import unseal
from articles.management import first_start
from articles.upkeep.backup import archive, look, media, quiet, restored_key, restoring
from articles.upkeep.backup.archive import BackupError
from articles.upkeep.backup.backups import make_backup
from articles.upkeep.backup.comparing import describe
from articles.upkeep.backup.locks import alone
from articles.upkeep.backup.restoring import opened, restore
from tests.accounts.signing_in import SECRET, make_person


def lay_look(data, css, **templates):
    (data / "templates" / "includes").mkdir(parents=True, exist_ok=True)
    (data / "custom.css").write_text(css)
    for name, text in templates.items():
        (data / "templates" / "includes" / f"{name}.html").write_text(text)


def look_of(data):
    found = {path.name: path.read_text() for path in (data / "templates").rglob("*.html")}
    return (data / "custom.css").read_text(), found


def said_of(made):
    with opened(made.path) as backup:
        lines = list(describe(backup.manifest, backup.folder))
    return next(line for line in lines if line.startswith("Own stylesheet"))


def test_the_look_comes_back_and_what_was_not_in_it_goes(site):
    lay_look(site.data, "p {}", footer="<p>Ours</p>")
    made = make_backup()
    assert "no files would change" in said_of(made)
    lay_look(site.data, "q {}", masthead="<p>Later</p>")
    assert "2 files would change" in said_of(made)
    restore(made.path)
    assert look_of(site.data) == ("p {}", {"footer.html": "<p>Ours</p>"})
    (site.data / "custom.css").unlink()
    bare = make_backup()
    lay_look(site.data, "q {}")
    restore(bare.path)
    assert not (site.data / "custom.css").exists()


def test_an_older_backup_leaves_the_look_that_is_here(site, monkeypatch):
    with monkeypatch.context() as older:
        older.setattr(archive, "FORMAT", 1)
        made = make_backup()
    lay_look(site.data, "p {}", footer="<p>Ours</p>")
    assert "left as they are" in said_of(made)
    restore(made.path)
    assert look_of(site.data) == ("p {}", {"footer.html": "<p>Ours</p>"})


@pytest.mark.parametrize("where", [(media.Exchange, "add"), (look, "_copy")])
def test_a_failure_before_the_look_is_exchanged_leaves_it_alone(site, monkeypatch, where):
    lay_look(site.data, "p {}", footer="<p>Ours</p>")
    made = make_backup()
    lay_look(site.data, "q {}", footer="<p>Later</p>", masthead="")
    before = look_of(site.data)

    def fail(*_args):
        raise OSError("No space left on device")

    monkeypatch.setattr(*where, fail)
    with pytest.raises(BackupError, match="No space"):
        restore(made.path)
    assert look_of(site.data) == before


def test_after_a_failure_the_look_is_as_it_was(site, monkeypatch):
    lay_look(site.data, "p {}", footer="<p>Ours</p>")
    made = make_backup()
    lay_look(site.data, "q {}", footer="<p>Later</p>", masthead="")
    before = look_of(site.data)

    def refuse(_copy):
        assert look_of(site.data)[0] == "p {}"
        raise BackupError("The database cannot be restored: no.")

    monkeypatch.setattr(restoring, "_into_sqlite", refuse)
    monkeypatch.setattr(restoring, "_into_postgresql", refuse)
    with pytest.raises(BackupError):
        restore(made.path)
    assert look_of(site.data) == before


def test_a_folder_that_is_more_than_a_look_is_named(site, monkeypatch):
    monkeypatch.setattr("articles.upkeep.backup.look.MOST_FILES", 0)
    lay_look(site.data, "p {}")
    with pytest.raises(BackupError, match="keep nothing but templates"):
        make_backup()


OTHER = "another-key-that-this-site-had-long-enough"


def test_a_restore_that_was_killed_before_its_key_was_written_is_finished(
    new_site, settings, monkeypatch
):
    with new_site("first"):
        make_person(app=True)
        made = make_backup()
        key = settings.SECRET_KEY
    with new_site("second", empty=True, key=OTHER) as second:
        with monkeypatch.context() as killed:
            killed.setattr(restored_key, "put_into_place", lambda: None)
            restore(made.path)
        assert (second.data / "secret_key").read_text() == OTHER
        assert restored_key.finish_interrupted()
        assert (second.data / "secret_key").read_text() == key
        settings.SECRET_KEY = key
        assert unseal(Authenticator.objects.get(type="totp").data["secret"]) == SECRET
        assert not restored_key.finish_interrupted()


def test_a_restore_that_was_killed_before_the_rows_came_leaves_the_key(new_site):
    with new_site("first") as first:
        make_person(app=True)
        restored_key.lay_ready(OTHER)
        assert not restored_key.finish_interrupted()
        assert not (first.data / "secret_key.restored").exists()


def test_a_start_during_a_restore_waits_for_it_and_takes_its_key(new_site):
    with new_site("first") as first:
        (first.data / "secret_key").write_text(settings.SECRET_KEY)
        said, results = [], []
        with alone():
            restored_key.lay_ready(OTHER)
            start = threading.Thread(
                target=lambda: results.append(restored_key.finish_interrupted(said.append))
            )
            start.start()
            start.join(0.3)
            assert not results
            restored_key.put_into_place()
        start.join(20)
        assert results == [True]
        assert said
        assert (first.data / "secret_key").read_text() == OTHER


class BegunAnew(BaseException):
    """In the place of a process that is another one from there on."""


@pytest.fixture
def begun(monkeypatch):
    """The commands that a process began anew with."""
    commands = []

    def begin(*command):
        commands.append(command)
        raise BegunAnew

    monkeypatch.setattr(first_start.os, "execv", begin)
    return commands


def test_a_start_before_a_restore_lays_its_key_ready_takes_the_key_too(new_site, begun):
    with new_site() as site:
        said = []

        def start():
            try:
                first_start.finish_restore(said.append)
            except BegunAnew:
                said.append("begun anew")

        with alone(), quiet.nothing_written():
            thread = threading.Thread(target=start)
            thread.start()
            thread.join(0.3)
            assert said == ["Another process is changing the database; waiting for it."]
            restored_key.lay_ready(OTHER)
            restored_key.put_into_place()
        thread.join(20)
        assert (site.data / "secret_key").read_text() == OTHER
        assert said[1:] == [
            "The secret key was exchanged at this moment; starting with the new one",
            "begun anew",
        ]
        assert begun == [(sys.executable, sys.orig_argv)]


@pytest.mark.parametrize("origin", ["made", "environment"])
def test_a_start_with_the_key_that_the_site_has_goes_on(new_site, begun, key_is, origin):
    with new_site() as site:
        key_is(origin)
        if origin == "environment":
            (site.data / "secret_key").write_text(OTHER)
        first_start.finish_restore()
        (site.data / "secret_key").unlink()
        first_start.finish_restore()
    assert begun == []

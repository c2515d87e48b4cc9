"""Backups made while former secret keys are accepted: all that they sealed can be opened again."""

import datetime

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.management import call_command

from articles.accounts.sealing import unseal
from articles.upkeep.backup import archive, restored_key
from articles.upkeep.backup.backups import make_backup
from articles.upkeep.backup.restoring import opened, restore
from articles.upkeep.backup.rotation import Keep
from articles.upkeep.backup.thinning import rotate
from articles.upkeep.key_files import read_former
from tests.accounts.signing_in import SECRET, make_person

NEW = "the-present-secret-key-0123456789-0123456789"
OTHER = "another-key-that-this-site-had-long-enough"


@pytest.fixture
def changed(settings):
    """A function that changes the key of a site, with what is sealed still sealed by the old."""

    def changing(site, new=NEW):
        old, settings.SECRET_KEY = settings.SECRET_KEY, new
        settings.SECRET_KEY_FALLBACKS = [old, *settings.SECRET_KEY_FALLBACKS]
        (site.data / "secret_key").write_text(new)
        (site.data / "secret_key.former").write_text(f"{old}\n")
        return old

    settings.SECRET_KEY_FALLBACKS = []
    return changing


def secret():
    return unseal(Authenticator.objects.get(type="totp").data["secret"])


def test_both_keys_come_back_on_an_empty_machine(new_site, changed, settings):
    with new_site("first") as first:
        make_person(app=True)
        old = changed(first)
        made = make_backup()
    settings.SECRET_KEY_FALLBACKS = []
    with new_site("second", empty=True, key=OTHER) as second:
        (second.data / "secret_key.former").write_text("of the site that was here before\n")
        assert restore(made.path).secret == "restored"
        names = sorted(path.name for path in second.data.glob("secret_key*"))
        assert names == ["secret_key", "secret_key.former"]
        settings.SECRET_KEY = (second.data / "secret_key").read_text()
        settings.SECRET_KEY_FALLBACKS = read_former(second.data / "secret_key.former")
        assert [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS] == [NEW, old]
        assert (second.data / "secret_key.former").stat().st_mode & 0o777 == 0o600
        assert secret() == SECRET


@pytest.mark.parametrize("origin", ["kept", "environment", "file"])
def test_where_the_key_is_another_all_is_sealed_with_that(
    new_site, changed, settings, key_is, origin, capsys
):
    with new_site("first") as first:
        make_person(app=True)
        changed(first)
        made = make_backup()
    settings.SECRET_KEY_FALLBACKS = []
    with new_site("second", empty=True, key=OTHER) as second:
        # The file may still be there, with the key that is given now.
        if origin != "kept":
            key_is(origin)
            call_command("restore_backup", str(made.path), dry_run=True)
            assert "another than SECRET_KEY or SECRET_KEY_FILE gives, which stays" in (
                capsys.readouterr().out
            )
        fate = restore(made.path, keep_secret=origin == "kept").secret
        assert fate == ("kept" if origin == "kept" else "elsewhere")
        assert (second.data / "secret_key").read_text() == OTHER
        assert not list(second.data.glob("*.restored"))
        assert secret() == SECRET


@pytest.mark.parametrize("origin", ["environment", "file"])
def test_a_start_with_a_key_that_is_given_leaves_the_file(new_site, settings, key_is, origin):
    with new_site() as site:
        key_is(origin)
        restored_key.lay_ready(OTHER)
        before, settings.SECRET_KEY = settings.SECRET_KEY, OTHER
        make_person(app=True)
        settings.SECRET_KEY = before
        assert not restored_key.finish_interrupted()
        assert (site.data / "secret_key").read_text() == before


def test_a_backup_from_before_leaves_the_present_key(new_site, changed, settings, capsys):
    with new_site() as site:
        make_person(app=True)
        made = make_backup()
        changed(site)
        call_command("restore_backup", str(made.path), dry_run=True)
        assert "a former one of this site, whose present one would stay" in capsys.readouterr().out
        call_command("restore_backup", str(made.path), yes=True)
        assert "is a former one of this site and still accepted" in capsys.readouterr().out
        assert (site.data / "secret_key").read_text() == NEW
        settings.SECRET_KEY_FALLBACKS = []
        assert secret() == SECRET


def test_a_key_that_was_forgotten_since_is_not_needed(new_site, changed, settings):
    with new_site() as site:
        make_person(app=True)
        changed(site)
        made = make_backup()
        settings.SECRET_KEY_FALLBACKS = []
        (site.data / "secret_key.former").unlink()
        assert restore(made.path).secret == "same"
        assert secret() == SECRET
        assert not (site.data / "secret_key.former").exists()


def test_an_older_form_has_no_former_keys(new_site, settings, monkeypatch):
    settings.SECRET_KEY_FALLBACKS = []
    with new_site():
        with monkeypatch.context() as older:
            older.setattr(archive, "FORMAT", 2)
            made = make_backup()
        with opened(made.path) as backup:
            assert (backup.manifest.format, backup.former) == (2, [])
        assert archive.FORMER_SECRETS not in made.manifest.members


@pytest.mark.parametrize("done", [0, 1], ids=["nothing in place", "the former in place"])
def test_a_restore_that_was_killed_before_its_keys_were_written_is_finished(
    new_site, changed, settings, monkeypatch, done
):
    with new_site("first") as first:
        make_person(app=True)
        old = changed(first)
        made = make_backup()
    settings.SECRET_KEY_FALLBACKS = []
    with new_site("second", empty=True, key=OTHER) as second:
        with monkeypatch.context() as killed:
            killed.setattr(restored_key, "put_into_place", lambda: None)
            restore(made.path)
        if done:
            ready = second.data / "secret_key.former.restored"
            ready.replace(second.data / "secret_key.former")
        assert restored_key.finish_interrupted()
        assert (second.data / "secret_key").read_text() == NEW
        assert read_former(second.data / "secret_key.former") == [old]
        assert not list(second.data.glob("*.restored"))


def test_backups_from_before_are_thinned_out_as_the_sites_own(site, changed):
    now = datetime.datetime(2026, 6, 30, 12, tzinfo=datetime.UTC)
    with time_machine.travel(now - datetime.timedelta(days=20), tick=False):
        early = make_backup()
    changed(site)
    for hour in range(3):
        with time_machine.travel(now - datetime.timedelta(hours=hour), tick=False):
            make_backup()
    with time_machine.travel(now, tick=False):
        assert rotate(site.backups, Keep(daily=1, weekly=0, monthly=0)) == [early.path]

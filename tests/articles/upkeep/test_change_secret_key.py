"""`manage.py change_secret_key`: a new key, the former one accepted, and that one forgotten."""

import errno
import os
import stat
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections

from articles.accounts.sealing import opens, unseal
from articles.management.commands.serve import Command as Serve
from articles.upkeep import key_files, secret_keys
from articles.upkeep.key_files import read_former
from config import environment
from config.known_settings import variables
from config.secret_setting import read_former_keys, read_secret_key
from tests.accounts.signing_in import SECRET, make_person

OLDER = "older-0123456789-0123456789-0123456789"


@pytest.fixture
def start(settings, tmp_path, monkeypatch):
    """A function that reads the keys anew, as a start of the site does."""
    monkeypatch.setattr(environment, "SETTINGS", {})
    for name in variables():
        monkeypatch.delenv(name, raising=False)

    def starting(**given):
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        settings.SECRET_KEY = read_secret_key(tmp_path)
        settings.SECRET_KEY_FALLBACKS = read_former_keys(tmp_path, settings.SECRET_KEY)
        settings.ENVIRONMENT = tuple(environment.SETTINGS.values())
        return settings.SECRET_KEY

    settings.DATA_DIR = tmp_path
    starting()
    return starting


def run(capsys, *arguments):
    call_command("change_secret_key", *arguments)
    return capsys.readouterr().out


def sealed():
    return [
        row.data[name]
        for row in Authenticator.objects.all()
        for name in ("secret", "seed")
        if name in row.data
    ]


def test_a_new_key_is_made_and_the_former_one_is_still_accepted(settings, tmp_path, start, capsys):
    settings.SITE_URL = "https://milepost.example"
    old = settings.SECRET_KEY
    assert run(capsys) == (
        f"A new secret key is in {tmp_path}/secret_key.\n"
        "Former keys that are still accepted: 1\n"
        "Now restart the site if it runs (https://milepost.example).\n"
    )
    new = start()
    assert new != old
    assert len(new) >= 50
    assert list(settings.SECRET_KEY_FALLBACKS) == [old]
    for name in ("secret_key", "secret_key.former"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    assert "Former keys that are still accepted: 2\n" in run(capsys)
    start()
    assert list(settings.SECRET_KEY_FALLBACKS) == [new, old]


@pytest.mark.django_db
def test_what_runs_goes_on_until_it_is_restarted_and_then_too(settings, start, capsys):
    make_person(app=True)
    old, before = settings.SECRET_KEY, sealed()
    run(capsys)
    assert all(opens([old], each) for each in sealed())
    assert sealed() == before, "so that processes with the former key open it"
    new = start()
    assert secret_keys.reseal() == 2
    assert all(opens([new], each) for each in sealed())


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["write_former", "write_whole"])
def test_cut_off_anywhere_either_key_is_there_and_opens_all(
    settings, start, capsys, monkeypatch, place
):
    make_person(app=True)
    old = settings.SECRET_KEY
    write = getattr(secret_keys, place)

    def cut_off(path, content):
        write(path, content)
        raise KeyboardInterrupt

    monkeypatch.setattr(secret_keys, place, cut_off)
    with pytest.raises(KeyboardInterrupt):
        run(capsys)
    assert old in (start(), *settings.SECRET_KEY_FALLBACKS)
    assert unseal(Authenticator.objects.get(type="totp").data["secret"]) == SECRET
    monkeypatch.setattr(secret_keys, place, write)
    run(capsys)
    before, after = settings.SECRET_KEY, start()
    assert before != after
    assert old in settings.SECRET_KEY_FALLBACKS
    assert unseal(Authenticator.objects.get(type="totp").data["secret"]) == SECRET


def test_a_key_from_the_environment_is_changed_there(settings, tmp_path, start):
    start(SECRET_KEY="given-0123456789-0123456789-0123456789")
    with pytest.raises(CommandError) as refused:
        call_command("change_secret_key")
    assert str(refused.value) == (
        "The secret key of this site is set by SECRET_KEY or SECRET_KEY_FILE: set a new one there, "
        "set SECRET_KEY_FALLBACKS to the one that is there now, and start the site again."
    )
    assert not (tmp_path / "secret_key.former").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("arguments", [(), ("--forget-former",)])
def test_a_key_that_another_process_changed_is_left(settings, tmp_path, start, capsys, arguments):
    run(capsys)
    with pytest.raises(CommandError, match="changed at this moment"):
        run(capsys, *arguments)
    assert (tmp_path / "secret_key.former").read_text() == f"{settings.SECRET_KEY}\n"


@pytest.mark.django_db
def test_former_keys_are_forgotten_once_nothing_needs_them(settings, tmp_path, start, capsys):
    settings.SITE_URL = "https://milepost.example"
    make_person(app=True)
    run(capsys)
    new = start()
    assert run(capsys, "--forget-former") == (
        "Second factors sealed with the present key: 2\n"
        "Former keys forgotten: 1\n"
        "Backups from before hold former keys and are not thinned out any more: make a new one, "
        "and delete those yourself.\n"
        "Now restart the site if it runs (https://milepost.example).\n"
    )
    assert not (tmp_path / "secret_key.former").exists()
    assert start() == new
    assert list(settings.SECRET_KEY_FALLBACKS) == []
    assert unseal(Authenticator.objects.get(type="totp").data["secret"]) == SECRET
    assert run(capsys, "--forget-former") == (
        "Second factors sealed with the present key: 0\nFormer keys forgotten: 0\n"
    )


@pytest.mark.django_db
def test_former_keys_of_the_environment_are_to_be_taken_out_there(
    settings, tmp_path, start, capsys
):
    make_person(app=True)
    (tmp_path / "secret_key.former").write_text(OLDER)
    start(
        SECRET_KEY="given-0123456789-0123456789-0123456789",
        SECRET_KEY_FALLBACKS=f"{settings.SECRET_KEY},{OLDER}",
    )
    said = run(capsys, "--forget-former")
    assert "sealed with the present key: 2\n" in said
    assert "Now take SECRET_KEY_FALLBACKS out of the environment.\n" in said
    assert all(opens([settings.SECRET_KEY], each) for each in sealed())
    assert (tmp_path / "secret_key.former").exists(), "it belongs to a key that is not in use"


@pytest.mark.django_db
def test_former_keys_that_were_taken_along_to_a_given_key_are_to_be_taken_out(
    tmp_path, start, capsys
):
    former = tmp_path / "secret_key.former"
    former.write_text(OLDER)
    start(
        SECRET_KEY="given-0123456789-0123456789-0123456789", SECRET_KEY_FALLBACKS_FILE=str(former)
    )
    assert "Now take SECRET_KEY_FALLBACKS out" in run(capsys, "--forget-former")
    assert former.exists()


def test_the_disk_has_each_file_under_its_name_before_the_next_step(
    settings, tmp_path, start, capsys, monkeypatch
):
    flushed = []

    def flush(descriptor):
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            key = (tmp_path / "secret_key").read_text()
            former = read_former(tmp_path / "secret_key.former")
            flushed.append((key == settings.SECRET_KEY, former == [settings.SECRET_KEY]))

    monkeypatch.setattr(os, "fsync", flush)
    run(capsys)
    assert flushed == [(True, True), (False, True)]


def test_a_disk_that_takes_nothing_is_named(settings, tmp_path, start, monkeypatch):
    def refuse(path, _content):
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(secret_keys, "write_former", refuse)
    with pytest.raises(CommandError) as refused:
        call_command("change_secret_key")
    assert str(refused.value) == (
        f"The secret key was not changed; {tmp_path}/secret_key.former: No space left on device."
    )


@pytest.mark.django_db
def test_a_start_seals_anew_and_says_so(settings, start, capsys, monkeypatch):
    make_person(app=True)
    run(capsys)
    start()
    monkeypatch.setattr("articles.management.first_start.collect_static_files", lambda: False)
    # A start says of this database that it is the only one, which tests that come after must not.
    database = connections.settings["default"]
    monkeypatch.setitem(database, "OPTIONS", dict(database["OPTIONS"]))
    for said in ("Second factors sealed anew, with the present secret key: 2\n", ""):
        Serve().prepare(with_samples=False)
        out = capsys.readouterr().out
        assert said in out
        assert bool(said) == ("sealed anew" in out)


def test_the_keys_in_force_are_those_of_the_file_now(settings, tmp_path, start, capsys):
    old = settings.SECRET_KEY
    run(capsys)
    new = (tmp_path / "secret_key").read_text()
    assert key_files.in_force() == [new, old]
    (tmp_path / "secret_key").unlink()
    assert key_files.in_force() == [old]
    settings.ENVIRONMENT = [SimpleNamespace(name="SECRET_KEY", origin="environment")]
    (tmp_path / "secret_key").write_text(new)
    assert key_files.in_force() == [old]

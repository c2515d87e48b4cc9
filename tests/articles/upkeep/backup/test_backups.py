"""A backup is one file that was found whole, whatever happens meanwhile, or there is none."""

import datetime
import gzip
import io
import json
import os
import resource
import signal
import socket
import tarfile
import threading
import time

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from django.utils import timezone

from articles.models import Article, Backup, Tag
from articles.upkeep.backup import archive, backups
from articles.upkeep.backup.archive import BackupError
from articles.upkeep.backup.backups import last_good_backup, make_backup, record
from articles.upkeep.backup.databases import SITE, another_connection, known_as, sqlite_file
from tests.serving import run, start

SECONDS = 60


def members(path):
    with tarfile.open(path) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}


def leftovers(folder):
    own = {".milepost-backup.lock", ".milepost-verified.json"}
    return sorted(path.name for path in folder.iterdir() if path.name not in own)


def test_a_backup_holds_rows_files_and_key_and_a_manifest_that_says_so(site):
    made = make_backup()
    assert made.path.parent == site.backups
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert site.backups.stat().st_mode & 0o777 == 0o700
    assert leftovers(site.backups) == [made.path.name]
    held = members(made.path)
    assert list(held) == [
        "milepost-backup.json",
        "media/ünïcode name.txt",
        "media/cards/a.png",
        "database.sqlite3",
        "secret_key",
        "manifest.json",
    ]
    assert held["media/cards/a.png"] == b"a picture"
    assert held["secret_key"].decode() == (site.data / "secret_key").read_text()
    manifest = json.loads(held["manifest.json"])
    assert manifest["format"] == archive.FORMAT == 3
    assert manifest["engine"] == connections[SITE].vendor
    assert manifest["rows"]["articles_article"] == Article.objects.count() == 3
    assert "0014_backup" in manifest["migrations"]["articles"]
    assert manifest["members"]["media/cards/a.png"][0] == len(b"a picture")


def test_nobody_is_signed_in_by_a_copy_and_nothing_of_a_session_is_in_its_bytes(site):
    Session.objects.create(
        session_key="abcdefghijklmnopqrstuvwxyz012345",
        session_data="x",
        expire_date=timezone.now() + datetime.timedelta(days=1),
    )
    held = members(make_backup().path)
    assert b"abcdefghijklmnopqrstuvwxyz012345" not in held["database.sqlite3"]
    assert b"deep-learning" in held["database.sqlite3"]


def test_what_is_written_meanwhile_is_there_wholly_or_not_at_all(site, monkeypatch):
    """Two rows are always written together; a copy never has one of them."""
    connection = another_connection("writer")
    stop, numbers = threading.Event(), []

    def write():
        connection.inc_thread_sharing()
        with known_as("writer", connection):
            number = 0
            while not stop.is_set():
                with transaction.atomic(using="writer"):
                    for half in "ab":
                        name = f"{half}-{number}"
                        Tag.objects.using("writer").create(name=name, slug=name)
                number += 1
                numbers.append(number)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        while not numbers:
            time.sleep(0.01)
        before = len(numbers)
        made = make_backup()
        after = len(numbers)
    finally:
        stop.set()
        thread.join()
    assert after > before, "others write while a backup is made"
    file = site.data / "copy.sqlite3"
    file.write_bytes(members(made.path)["database.sqlite3"])
    with known_as("copy", sqlite_file(file, "copy")):
        slugs = set(Tag.objects.using("copy").values_list("slug", flat=True))
    halves = [{slug[2:] for slug in slugs if slug.startswith(f"{half}-")} for half in "ab"]
    assert halves[0] == halves[1]
    assert before <= len(halves[0]) <= after + 1


def test_no_backup_holds_an_earlier_one_nor_static_files(site):
    make_backup()
    (site.data / "static").mkdir()
    (site.data / "static" / "a.css").write_text("a")
    assert not [name for name in members(make_backup().path) if "backups" in name or ".css" in name]


def test_two_backups_in_one_second_have_two_names(site):
    assert make_backup().path != make_backup().path
    assert len(leftovers(site.backups)) == 2


def test_another_backup_at_the_same_time_is_refused(site):
    site.backups.mkdir()
    with (
        backups.writer_of(site.backups),
        pytest.raises(BackupError, match="Another backup is being written"),
    ):
        make_backup()


def test_a_database_without_a_site_is_no_backup(new_site):
    with (
        new_site(empty=True) as site,
        pytest.raises(BackupError, match="There is no site in this database yet"),
    ):
        make_backup()
    assert not site.backups.exists()


def test_a_disk_that_returns_other_bytes_is_noticed(site, monkeypatch):
    fsync = os.fsync

    def spoil(descriptor):
        fsync(descriptor)
        [draft] = site.backups.glob(".milepost-backup-*/backup")
        content = bytearray(draft.read_bytes())
        content[len(content) // 2] ^= 1
        draft.write_bytes(content)

    monkeypatch.setattr(os, "fsync", spoil)
    with pytest.raises(BackupError, match="damaged"):
        make_backup()
    assert leftovers(site.backups) == []


@pytest.mark.parametrize("room", [20_000, 200_000, 1_000_000])
def test_a_full_disk_ends_with_a_sentence_and_no_file(site, room):
    def limited():
        # What a write gets here is what it gets on a full disk, but for the number of the error.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    # Something that does not shrink.
    (site.media / "noise").write_bytes(os.urandom(1_500_000))
    # The disk of the site itself has room: its shared memory is there before.
    assert Article.objects.exists()
    try:
        limited()
        with pytest.raises(BackupError, match="There is no room for it in"):
            make_backup()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert leftovers(site.backups) == []


def test_what_a_killed_backup_left_goes_with_the_next_and_never_looks_like_one(site):
    site.backups.mkdir()
    left = site.backups / ".milepost-backup-killed"
    left.mkdir()
    (left / "backup").write_bytes(b"half")
    made = make_backup()
    assert leftovers(site.backups) == [made.path.name]


@pytest.mark.process
def test_a_backup_that_is_killed_leaves_no_file_with_the_name_of_one(tmp_path):
    data = tmp_path / "data"
    assert run(data, "migrate", "--verbosity", "0")[0] == 0
    (data / "media").mkdir()
    (data / "media" / "noise").write_bytes(os.urandom(40_000_000))
    process = start(data, "backup")
    deadline = time.monotonic() + SECONDS
    while not list((data / "backups").glob(".milepost-backup-*/backup")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert list((data / "backups").glob("milepost-*")) == []
    (data / "media" / "noise").unlink()
    assert run(data, "backup")[0] == 0
    [made] = (path for path in leftovers(data / "backups"))
    assert made.startswith("milepost-")


# What the owner is told ---------------------------------------------------------------------------


def test_the_last_good_backup_is_one_that_is_still_there(site):
    assert last_good_backup() is None
    older, newer = make_backup(), make_backup()
    record(older)
    record(newer)
    Backup.objects.filter(path=str(older.path)).update(
        made_at=timezone.now() - datetime.timedelta(days=2)
    )
    assert last_good_backup().path == str(newer.path)
    newer.path.write_bytes(b"cut")
    assert last_good_backup().path == str(older.path)
    older.path.unlink()
    assert last_good_backup() is None
    Backup.objects.filter(path=str(older.path)).update(host="another.example.org")
    assert last_good_backup().host == "another.example.org", "which this host cannot see"
    Backup.objects.update(host=socket.gethostname())
    assert last_good_backup() is None, "as older versions wrote it down"


def test_backups_of_a_container_that_was_made_anew_are_still_its_own(site, monkeypatch):
    made = make_backup()
    record(made)
    monkeypatch.setattr(socket, "gethostname", lambda: "4f2a9c")
    assert last_good_backup().path == str(made.path)
    made.path.unlink()
    assert last_good_backup() is None


def test_the_command_says_where_it_is_and_what_is_in_it(site, capsys):
    call_command("backup", to=site.data / "elsewhere")
    [path] = (site.data / "elsewhere").glob("*.tar.gz")
    said = capsys.readouterr().out
    assert said.startswith(f"{path}: ")
    assert said.endswith(" rows and 2 files, read again and found whole\n")
    assert last_good_backup().path == str(path)


def test_the_command_refuses_in_one_sentence(site):
    (site.data / "taken").write_text("a file")
    with pytest.raises(CommandError, match="taken cannot be used"):
        call_command("backup", to=site.data / "taken")
    with pytest.raises(CommandError, match="are 0 or more"):
        call_command("backup", keep_daily=-1)


# Reading ------------------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path):
    """A file in the form of a backup, without a site."""
    path = tmp_path / "small.tar.gz"
    with path.open("wb") as file:
        head = archive.Head(1, "1.0", "2026-01-01T00:00:00+00:00", "mark", "asked")
        with archive.writing(file, head) as writer:
            for name in ("media/a.png", archive.DATABASE, archive.SECRET):
                writer.add_bytes(name, name.encode() * 50)
            writer.finish(
                {"version": "1.0", "made_at": "", "engine": "x", "migrations": {}, "rows": {}}
            )
    return path


def test_every_flipped_bit_is_noticed_that_changes_anything(small, tmp_path):
    content = small.read_bytes()
    archive.read(small, tmp_path / "whole", with_media=True)
    # Before that are gzip's own words about the file: its age and its name.
    noticed = 0
    for place in range(content.index(b"\0", 10) + 1, len(content), 7):
        spoilt = bytearray(content)
        spoilt[place] ^= 1 << (place % 8)
        small.write_bytes(spoilt)
        try:
            archive.read(small, tmp_path / f"at-{place}", with_media=True)
        except BackupError:
            noticed += 1
        else:
            # A repetition may be written in two ways.
            assert gzip.decompress(spoilt) == gzip.decompress(content)
    assert noticed > 60


def test_every_cut_is_noticed(small, tmp_path):
    content = small.read_bytes()
    for length in range(0, len(content) - 1, 13):
        small.write_bytes(content[:length])
        with pytest.raises(BackupError):
            archive.read(small, tmp_path / f"to-{length}", with_media=True)


def retold(path, change):
    """The same file with other members."""
    with gzip.open(path) as plain, tarfile.open(fileobj=plain) as tar:
        held = [(member, tar.extractfile(member).read()) for member in tar]
    with tarfile.open(path, "w:gz") as tar:
        for member, content in change(held):
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


def named(name, **attributes):
    member = tarfile.TarInfo(name)
    for attribute, value in attributes.items():
        setattr(member, attribute, value)
    return member, b""


@pytest.mark.parametrize(
    "evil",
    [
        named("../escaped"),
        named("media/../../escaped"),
        named("/tmp/escaped"),
        named("media//etc"),
        named("media/./a"),
        named("settings.py"),
        named("look/../escaped"),
        named("look/secret_key"),
        named("look/templates"),
        named("media/link", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        named("media/hard", type=tarfile.LNKTYPE, linkname="secret_key"),
        named("media/device", type=tarfile.CHRTYPE),
        named("media/folder", type=tarfile.DIRTYPE),
    ],
    ids=lambda member: member[0].name,
)
def test_a_name_that_leads_elsewhere_is_refused_before_anything_is_written(small, tmp_path, evil):
    retold(small, lambda held: [held[0], evil, *held[1:]])
    folder = tmp_path / "in" / "folder"
    folder.mkdir(parents=True)
    with pytest.raises(BackupError, match=r"holds “.*”, which no backup of Milepost has"):
        archive.read(small, folder, with_media=True)
    assert list((tmp_path / "in").rglob("*")) == [folder]


def test_a_foreign_file_is_no_backup(tmp_path):
    path = tmp_path / "foreign.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        tar.addfile(*named("readme"))
    with pytest.raises(BackupError, match="is no backup of Milepost"):
        archive.read(path, tmp_path / "in", with_media=True)
    path.write_text("no tar at all")
    with pytest.raises(BackupError, match="is damaged or no backup"):
        archive.read(path, tmp_path / "in", with_media=True)
    with pytest.raises(BackupError, match="There is no file"):
        archive.read(tmp_path / "missing", tmp_path / "in", with_media=True)


def test_a_later_form_is_refused_with_a_sentence(small, tmp_path):
    def later(held):
        head = {**json.loads(held[0][1]), "format": archive.FORMAT + 1}
        return [(held[0][0], json.dumps(head).encode()), *held[1:]]

    retold(small, later)
    with pytest.raises(BackupError, match="in a form that this version does not know"):
        archive.read(small, tmp_path / "in", with_media=True)


@pytest.mark.parametrize("content", [b"[]", b"{}", b"{", b'{"members": 3}', b"\xff"])
def test_a_manifest_that_makes_no_sense_is_refused(small, tmp_path, content):
    retold(small, lambda held: [*held[:-1], (held[-1][0], content)])
    with pytest.raises(BackupError, match="cannot be read"):
        archive.read(small, tmp_path / "in", with_media=True)

"""What the doctor says of the data folder and its disk."""

import errno
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from articles.upkeep.checks import disk_checks
from articles.upkeep.checks.findings import State

HEALTHY = {"f_bavail": 10_000_000, "f_frsize": 4096, "f_files": 1_000_000, "f_favail": 900_000}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    tmp_path.chmod(0o700)
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STATIC_ROOT = tmp_path / "static"
    return tmp_path


@pytest.fixture
def disk(monkeypatch):
    def is_like(**changes):
        monkeypatch.setattr(os, "statvfs", lambda _path: SimpleNamespace(**HEALTHY | changes))

    return is_like


def test_all_is_well(disk):
    disk()
    results = [check.function() for check in disk_checks.CHECKS]
    assert [result.what for result in results if result.state is not State.FINE] == []


@pytest.mark.parametrize(
    ("mode", "state"), [(0o755, State.LOOK), (0o777, State.WRONG), (0o750, State.FINE)]
)
def test_a_folder_that_others_see_or_change(folder, mode, state):
    folder.chmod(mode)
    finding = disk_checks.data_folder()
    assert finding.state is state
    assert str(folder) in finding.what
    if state is not State.FINE:
        assert finding.how == f"Run: chmod 700 {folder}"


@pytest.mark.parametrize("origin", ["made", "file"])
def test_a_secret_key_that_others_read(settings, folder, origin):
    path = folder / "secret_key"
    path.write_text("x")
    path.chmod(0o604)
    settings.ENVIRONMENT = [SimpleNamespace(name="SECRET_KEY", origin=origin, place=str(path))]
    finding = disk_checks.secret_file()
    assert finding.state is State.WRONG
    assert finding.how == f"Run: chmod 600 {path}"
    path.chmod(0o600)
    assert disk_checks.secret_file().state is State.FINE
    former = folder / "secret_key.former"
    former.write_text("x")
    former.chmod(0o640)
    settings.ENVIRONMENT.append(
        SimpleNamespace(name="SECRET_KEY_FALLBACKS", origin="file", place=str(former))
    )
    assert disk_checks.secret_file().state is State.FINE
    former.chmod(0o644)
    assert disk_checks.secret_file().how == f"Run: chmod 600 {former}"
    # Forgotten, which this process was not told.
    former.unlink()
    assert disk_checks.secret_file().state is State.FINE
    path.unlink()
    finding = disk_checks.secret_file()
    assert finding.state is State.WRONG
    assert finding.what == f"The secret key in {path} is gone; another start would not have it."


def test_a_folder_that_cannot_be_written(monkeypatch, folder):
    (folder / "media").mkdir()

    def refuse(**_more):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(disk_checks.tempfile, "NamedTemporaryFile", refuse)
    finding = disk_checks.writable()
    assert finding.state is State.WRONG
    assert finding.what == f"Nothing can be written into {folder}: Read-only file system."


@pytest.mark.parametrize(
    ("blocks", "state"), [(1_000, State.WRONG), (100_000, State.LOOK), (1_000_000, State.FINE)]
)
def test_a_disk_without_room(disk, blocks, state):
    disk(f_bavail=blocks)
    assert disk_checks.space().state is state


@pytest.mark.parametrize(
    ("files", "state"), [(10, State.WRONG), (5_000, State.LOOK), (50_000, State.FINE)]
)
def test_a_disk_without_room_for_more_files(disk, files, state):
    disk(f_favail=files)
    finding = disk_checks.inodes()
    assert finding.state is state
    assert str(files) in finding.what


MOUNTED = (
    "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
    "40 22 0:35 / /srv rw,relatime shared:9 - nfs4 nas:/srv rw\n"
    "41 40 8:2 / /srv/own\\040disk rw,relatime - xfs /dev/sdb rw\n"
)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/milepost", "ext4"),
        ("/srv/milepost", "nfs4"),
        ("/srv", "nfs4"),
        ("/srv/own disk/milepost", "xfs"),
        ("/srvice", "ext4"),
    ],
)
def test_the_innermost_mount_is_what_counts(monkeypatch, folder, path, kind):
    mounts = folder / "mountinfo"
    mounts.write_text(MOUNTED)
    monkeypatch.setattr(disk_checks, "MOUNTS", mounts)
    assert disk_checks.disk_kind(Path(path)) == kind


def test_sqlite_on_a_network_disk(monkeypatch, settings):
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": "/srv/x.sqlite3"}
    monkeypatch.setitem(settings.DATABASES, "default", database)
    monkeypatch.setattr(disk_checks, "disk_kind", lambda _path: "nfs4")
    finding = disk_checks.network_disk()
    assert finding.state is State.WRONG
    assert "network disk (nfs4)" in finding.what
    database["ENGINE"] = "django.db.backends.postgresql"
    assert disk_checks.network_disk().state is State.FINE


def test_a_template_of_the_owner_that_is_wrong(folder):
    (folder / "templates").mkdir()
    (folder / "templates" / "base.html").write_text("{% nonsense %}")
    finding = disk_checks.own_files()
    assert finding.state is State.WRONG
    assert "base.html is wrong" in finding.what

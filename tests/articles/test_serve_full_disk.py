"""A start on a disk without room is one sentence."""

import errno

import pytest
from django.core.management.base import CommandError
from django.db import OperationalError

from articles.management.first_start import plain_failure
from articles.upkeep.checks import disk_checks
from articles.upkeep.checks.findings import fine


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "There is no room on the disk"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "There is no room on the disk"),
        (OperationalError("database or disk is full"), "There is no room on the disk"),
        (PermissionError(errno.EACCES, "Permission denied", "/x/y"), "/x/y cannot be used: Perm"),
    ],
)
def test_a_start_that_fails_at_the_disk_says_so(error, sentence):
    with pytest.raises(CommandError, match=f"^{sentence}"), plain_failure():
        raise error


def test_a_database_that_is_away_is_another_matter(monkeypatch):
    monkeypatch.setattr(disk_checks, "space", lambda: fine("Much."))
    with pytest.raises(OperationalError), plain_failure():
        raise OperationalError("unable to open database file")


def test_no_room_to_write_is_said_with_its_cure(monkeypatch):
    def full(**_options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(disk_checks.tempfile, "NamedTemporaryFile", full)
    assert "Make room" in disk_checks.writable().how

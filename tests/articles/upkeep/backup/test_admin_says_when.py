"""The admin's first page tells the owner, and nobody else, when the last good backup was."""

import datetime
import errno
import os
import socket
from pathlib import Path

import pytest
from django.utils import timezone

from articles.models import Backup, User
from articles.upkeep.checks import content_checks
from articles.upkeep.checks.findings import State
from tests.factories import UserFactory

HOW = "Run <code>manage.py backup</code> on the server"


@pytest.fixture
def owner(client, db):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def backup_made(**ago):
    Backup.objects.create(
        made_at=timezone.now() - datetime.timedelta(**ago),
        path="/backups/milepost-2026-01-01T000000Z.tar.gz",
        host="another.example.org",
        size=1,
        version="1.0",
        reason="asked",
    )


def test_without_one_it_says_how(owner):
    page = owner.get("/admin/").text
    assert "There is no backup of this site." in page
    assert HOW in page
    assert "<strong>There" not in page, "on its first day"
    User.objects.update(date_joined=timezone.now() - datetime.timedelta(days=2))
    assert "<strong>There is no backup of this site.</strong>" in owner.get("/admin/").text


def test_with_a_new_one_it_says_when_and_no_more(owner):
    backup_made(hours=3)
    page = owner.get("/admin/").text
    assert "Last good backup: 3\xa0hours ago." in page
    assert HOW not in page


def test_with_an_old_one_it_says_both(owner):
    backup_made(days=9)
    page = owner.get("/admin/").text
    assert "<strong>Last good backup: 1\xa0week ago.</strong>" in page
    assert HOW in page


def test_others_of_the_staff_are_not_told(client, db):
    client.force_login(UserFactory(is_staff=True))
    assert "backup" not in client.get("/admin/").text


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.EACCES, "Last good backup: 3\xa0hours ago."),
        (errno.ENOTCONN, "There is no backup of this site."),
    ],
    ids=["a folder of root's", "a disk that is gone"],
)
def test_a_folder_that_cannot_be_looked_into_breaks_no_page(owner, monkeypatch, number, said):
    backup_made(hours=3)
    Backup.objects.update(host=socket.gethostname())
    look = Path.stat

    def refuse(path, **options):
        if str(path).startswith("/backups/"):
            raise OSError(number, os.strerror(number))
        return look(path, **options)

    monkeypatch.setattr(Path, "stat", refuse)
    assert said in owner.get("/admin/").text
    assert content_checks.backup_place().state is State.FINE

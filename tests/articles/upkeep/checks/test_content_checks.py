"""What the doctor says of backups, derived pages, static files, factors and the clock."""

import socket
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.utils import timezone

from articles.models import Backup, Page, RenderedArticle, Revision, SiteSettings
from articles.upkeep import static_files
from articles.upkeep.checks import content_checks
from articles.upkeep.checks.findings import State
from articles.upkeep.key_files import former_file
from config.environment import Setting
from tests.accounts.signing_in import make_person
from tests.articles.bridges import make_article
from tests.factories import make_first_pages, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    return tmp_path


def made(folder, *, days):
    path = folder / "backup.tar"
    path.write_bytes(b"x")
    Backup.objects.create(
        made_at=timezone.now() - timedelta(days=days, minutes=1),
        path=str(path),
        host=socket.gethostname(),
        size=1,
        version="1",
        reason="backup",
    )
    return path


@pytest.mark.parametrize(
    ("days", "state"), [(0, State.FINE), (1, State.FINE), (3, State.LOOK), (9, State.WRONG)]
)
def test_a_backup_grows_old(folder, days, state):
    path = made(folder, days=days)
    finding = content_checks.backup()
    assert finding.state is state
    assert str(path) in finding.what


def test_no_backup_and_one_that_is_gone(folder):
    finding = content_checks.backup()
    assert finding.what == "There is no good backup of this site."
    assert finding.state is State.LOOK, "of a site of today"
    make_user(date_joined=timezone.now() - timedelta(days=2))
    assert content_checks.backup().state is State.WRONG
    made(folder, days=0).unlink()
    finding = content_checks.backup()
    assert (finding.state, "manage.py backup" in finding.how) == (State.WRONG, True)


def test_a_backup_on_the_same_disk(folder, monkeypatch):
    assert content_checks.backup_place().state is State.FINE
    made(folder, days=0)
    finding = content_checks.backup_place()
    assert finding.state is State.LOOK
    assert "on the same disk" in finding.what


def test_static_files_of_another_version(settings):
    assert content_checks.static().state is State.WRONG
    static_files.note_collected()
    assert content_checks.static().state is State.FINE
    settings.VERSION = "99"
    assert content_checks.static().state is State.WRONG


def test_pages_of_another_version():
    make_article()
    assert content_checks.renderings().state is State.FINE
    RenderedArticle.objects.update(renderer=0)
    finding = content_checks.renderings()
    assert (finding.state, finding.what[:10]) == (State.LOOK, "1 article ")


def test_people_with_all_rights_and_one_password():
    owner, writer = make_user("owner"), make_user("Writer")
    finding = content_checks.second_factors()
    assert finding.state is State.LOOK
    assert finding.what.startswith("1 person with all rights")
    Authenticator.objects.create(user=owner, type=Authenticator.Type.TOTP, data={})
    assert content_checks.second_factors().what.startswith("1 person who edits")
    Authenticator.objects.create(user=writer, type=Authenticator.Type.WEBAUTHN, data={})
    assert content_checks.second_factors().state is State.FINE


def test_second_factors_that_a_former_key_or_none_opens(settings):
    assert content_checks.sealed().state is State.FINE
    for name in "abcdefg":
        make_person(username=name, app=True)
    assert content_checks.sealed().state is State.FINE
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-that-is-long-enough-to-be-taken"
    finding = content_checks.sealed()
    assert (finding.state, finding.what) == (
        State.LOOK,
        "The second factors of 7 people are sealed with a former secret key.",
    )
    assert finding.how.endswith("until then leave SECRET_KEY_FALLBACKS as it is.")
    kept = str(former_file())
    settings.ENVIRONMENT = (
        Setting("SECRET_KEY_FALLBACKS", "•••", "file", kept, secret=True, meaning=""),
    )
    assert content_checks.sealed().how.endswith(f"until then leave {kept} as it is.")
    settings.SECRET_KEY_FALLBACKS = []
    finding = content_checks.sealed()
    assert finding.state is State.WRONG
    assert "factors of 7 people (a, b, c, d, e …), who cannot sign in with them." in finding.what
    assert "SECRET_KEY_FALLBACKS" in finding.how


def test_a_site_that_requires_a_second_factor():
    SiteSettings.objects.update_or_create(pk=1, defaults={"require_second_factor": True})
    make_user("Writer")
    assert content_checks.second_factors().state is State.FINE


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no clock of its own")
def test_a_database_with_another_clock(monkeypatch):
    assert content_checks.clock_of_database().state is State.FINE
    real = time.time
    monkeypatch.setattr(content_checks.time, "time", lambda: real() + 60)
    finding = content_checks.clock_of_database()
    assert finding.state is State.WRONG
    assert "60 seconds apart" in finding.what


def test_a_disk_with_another_clock(monkeypatch):
    assert content_checks.clock_of_disk().state is State.FINE
    real = time.time
    monkeypatch.setattr(content_checks.time, "time", lambda: real() - 3600)
    finding = content_checks.clock_of_disk()
    assert (finding.state, "3600 seconds apart" in finding.what) == (State.WRONG, True)


def test_something_that_was_written_in_the_future():
    assert content_checks.future().state is State.FINE
    make_article()
    assert content_checks.future().state is State.FINE
    Revision.objects.update(created_at=timezone.now() + timedelta(days=400))
    finding = content_checks.future()
    assert (finding.state, "not that late yet" in finding.what) == (State.WRONG, True)


def test_a_public_site_names_who_is_responsible(settings):
    settings.SITE_URL = "http://127.0.0.1:8000"
    assert content_checks.responsible().state is State.FINE
    settings.SITE_URL = "https://example.org"
    make_first_pages()
    finding = content_checks.responsible()
    assert (finding.state, "names nobody" in finding.what) == (State.LOOK, True)
    site, _made = SiteSettings.objects.get_or_create(pk=1)
    site.responsible = "Nora Pont, nora@example.org"
    site.save()
    assert content_checks.responsible().state is State.FINE
    Page.objects.filter(slug="privacy").update(body="Ours.")
    finding = content_checks.responsible()
    assert (finding.state, "no page shows it" in finding.what) == (State.LOOK, True)

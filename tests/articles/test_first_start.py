"""What `manage.py serve` makes before it serves, and that it makes nothing twice."""

import os

import pytest
from django.core.management.base import CommandError
from django.utils import timezone

from articles.management import first_start
from articles.management import samples as samples_module
from articles.models import Article, Revision, User
from tests.factories import ArticleFactory, UserFactory


@pytest.fixture
def static_files(settings, tmp_path):
    """A site with one static file; the folder it lies in."""
    source, root = tmp_path / "source", tmp_path / "root"
    source.mkdir()
    root.mkdir()
    (source / "a.css").write_text("p { color: black; }\n")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = str(root)
    return source


def test_an_empty_site_gets_an_admin_without_password_and_the_samples(db):
    admin, samples = first_start.make_first_admin(with_samples=True)
    assert (admin.username, admin.is_staff, admin.is_superuser) == ("admin", True, True)
    assert not admin.has_usable_password()
    assert samples == len(list(samples_module.SAMPLES.glob("*.md")))
    assert Article.objects.live().count() == samples


def test_a_second_start_makes_no_admin_and_brings_deleted_samples_not_back(db):
    first_start.make_first_admin(with_samples=True)
    Article.objects.all().delete()
    assert first_start.make_first_admin(with_samples=True) == (None, 0)
    assert Article.objects.count() == 0


def test_a_site_that_has_articles_gets_no_samples(db):
    ArticleFactory()
    admin, samples = first_start.make_first_admin(with_samples=True)
    assert admin
    assert samples == 0
    assert Article.objects.count() == 1


def test_samples_can_be_declined(db):
    assert first_start.make_first_admin(with_samples=False)[1] == 0
    assert Article.objects.count() == 0


def test_a_sample_that_cannot_be_read_leaves_neither_admin_nor_articles(db, monkeypatch, tmp_path):
    (tmp_path / "broken.md").write_text("---\nformat: 99\n---\n")
    monkeypatch.setattr(samples_module, "SAMPLES", tmp_path)
    with pytest.raises(CommandError, match=r"broken\.md cannot be loaded"):
        first_start.make_first_admin(with_samples=True)
    assert (User.objects.count(), Article.objects.count(), Revision.objects.count()) == (0, 0, 0)


def test_the_first_admin_takes_a_name_that_is_free(db):
    UserFactory(username="admin")
    UserFactory(username="admin-2")
    assert first_start.make_first_admin(with_samples=False)[0].username == "admin-3"


def test_the_owner_is_invited_until_any_superuser_has_signed_in(db):
    assert first_start.owner_to_invite() is None
    UserFactory(last_login=timezone.now())
    first = UserFactory(is_superuser=True)
    second = UserFactory(is_superuser=True)
    assert first_start.owner_to_invite() == first
    second.last_login = timezone.now()
    second.save()
    assert first_start.owner_to_invite() is None


def test_nobody_who_was_shut_out_is_invited(db):
    UserFactory(is_superuser=True, is_active=False)
    assert first_start.owner_to_invite() is None


def test_a_database_that_is_up_to_date_takes_no_migrations(db):
    assert first_start.migrate() == 0


def test_static_files_are_collected_once(static_files, settings):
    assert first_start.collect_static_files()
    assert not first_start.collect_static_files()


@pytest.mark.parametrize("change", ["content", "time", "new file", "gone file", "version"])
def test_a_change_of_static_files_is_noticed(static_files, settings, change):
    (static_files / "b.css").write_text("q {}\n")
    first_start.collect_static_files()
    match change:
        case "content":
            (static_files / "a.css").write_text("p { color: white; } /* longer */\n")
        case "time":
            os.utime(static_files / "a.css", (1, 1))
        case "new file":
            (static_files / "c.css").write_text("")
        case "gone file":
            (static_files / "b.css").unlink()
        case "version":
            settings.VERSION = "99.0"
    assert first_start.collect_static_files()
    assert not first_start.collect_static_files()


def test_static_files_that_somebody_deleted_are_collected_again(static_files, settings):
    first_start.collect_static_files()
    for path in (static_files.parent / "root").iterdir():
        path.unlink()
    assert first_start.collect_static_files()
    assert (static_files.parent / "root" / "a.css").exists()


def test_what_a_collection_that_was_cut_off_left_is_not_taken_for_whole(
    static_files, settings, monkeypatch
):
    first_start.collect_static_files()
    half = static_files.parent / "root" / "a.css"
    whole = half.read_text()
    (static_files / "b.css").write_text("q {}\n")

    def full(*_command, **_options):
        half.write_text(whole[:3])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(first_start, "call_command", full)
        with pytest.raises(OSError, match="No space"):
            first_start.collect_static_files()
    assert first_start.collect_static_files()
    assert half.read_text() == whole


def test_in_debug_nothing_is_collected(static_files, settings):
    settings.DEBUG = True
    assert not first_start.collect_static_files()
    assert not list((static_files.parent / "root").iterdir())

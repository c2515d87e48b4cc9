"""Files come and go while a backup is made; what its rows need is in it, or is made anew."""

import os
import tarfile
from pathlib import Path

import pytest
from django.db.models import FileField

from articles import cards
from articles.models import Article, RenderedArticle, SiteSettings
from articles.upkeep.backup import copies
from articles.upkeep.backup.archive import BackupError
from articles.upkeep.backup.backups import last_good_backup, make_backup
from articles.upkeep.backup.databases import copied_models
from articles.upkeep.backup.restoring import restore


def test_a_file_that_comes_while_the_rows_are_read_is_in_the_backup(site, monkeypatch):
    copy = copies.copy_database

    def copy_slowly(path):
        (site.media / "late.png").write_bytes(b"late")
        (site.media / "cards" / "a.png").unlink()
        copy(path)

    monkeypatch.setattr(copies, "copy_database", copy_slowly)
    made = make_backup()
    assert sorted(made.manifest.media) == ["cards/a.png", "late.png", "ünïcode name.txt"]
    with tarfile.open(made.path) as tar:
        assert tar.extractfile("media/late.png").read() == b"late"
        picture = tar.extractfile("media/cards/a.png").read()
    assert picture == b"a picture", "rows read before may name it"


def test_a_picture_that_comes_and_goes_meanwhile_is_drawn_anew(site, monkeypatch, client):
    copy = copies.copy_database
    names = []

    def copy_between(path):
        article = Article.objects.live().select_related("rendered").first()
        cards.renew(article, SiteSettings.current())
        names.append(RenderedArticle.objects.get(article=article).card)
        copy(path)
        (site.media / "cards" / f"{names[0]}.png").unlink()

    monkeypatch.setattr(copies, "copy_database", copy_between)
    made = make_backup()
    assert f"cards/{names[0]}.png" not in made.manifest.media
    restore(made.path)
    assert RenderedArticle.objects.filter(card=names[0]).exists()
    assert client.get(f"/media/cards/{names[0]}.png").status_code == 200


def test_rows_name_no_files_but_pictures_that_can_be_drawn_anew():
    """Whoever lets them name uploads has to see to it that a backup has these, see `add_new`."""
    fields = [field for model in copied_models() for field in model._meta.local_fields]
    assert len(fields) > 100
    assert not [field for field in fields if isinstance(field, FileField)]


def test_a_file_that_cannot_be_read_is_named_and_nothing_is_left(site, monkeypatch):
    bad = site.media / "cards" / "a.png"
    opening = Path.open

    def refusing(self, *args, **options):
        if self == bad:
            raise PermissionError(13, "Permission denied", str(bad))
        return opening(self, *args, **options)

    monkeypatch.setattr(Path, "open", refusing)
    with pytest.raises(BackupError, match=rf"^{bad} cannot be used: Permission denied\.$"):
        make_backup()
    assert not list(site.backups.glob("milepost-*"))
    assert last_good_backup() is None


def test_what_is_no_file_is_named(site):
    os.mkfifo(site.media / "pipe")
    with pytest.raises(BackupError, match="pipe is not a file"):
        make_backup()

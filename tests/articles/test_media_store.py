"""Uploads and pictures in a store that speaks S3: shown, backed up, restored, looked at, copied."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from articles import cards
from articles.exporting.reading import Reader
from articles.models import Article, RenderedArticle, SiteSettings
from articles.upkeep.backup import media
from articles.upkeep.backup.archive import MEDIA
from articles.upkeep.checks import service_checks
from articles.upkeep.checks.findings import State
from config.media_setting import read_media
from tests.articles.bridges import make_article
from tests.exported import one_connection
from tests.stores import running_store

pytestmark = [pytest.mark.django_db, pytest.mark.process]


@pytest.fixture(scope="module")
def store_url(tmp_path_factory: Any) -> Any:
    with running_store(tmp_path_factory.mktemp("store")) as url:
        yield url


@pytest.fixture
def store(store_url: str, settings: Any, tmp_path: Path) -> Any:
    """The site's files lie in the store, and its folder would be noticed."""
    settings.STORAGES = {**settings.STORAGES, "default": read_media(store_url)}
    settings.MEDIA_ROOT = tmp_path / "never"
    yield default_storage
    for name in list(media.names_in_store()):
        default_storage.delete(name)
    assert not (tmp_path / "never").exists()
    cast(Any, default_storage).connection.meta.client.close()


class Archive:
    """What a backup's writer is given."""

    def __init__(self) -> None:
        self.members: dict[str, bytes] = {}

    def add(self, name: str, file: Any, size: int) -> None:
        content = file.read()
        assert len(content) == size
        self.members[name] = content


def unpacked(archive: Archive, folder: Path) -> Path:
    for name, content in archive.members.items():
        path = folder / name.removeprefix(MEDIA)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def content_of(name: str) -> bytes:
    with default_storage.open(name) as file:
        return bytes(file.read())


def held() -> dict[str, bytes]:
    return {name: content_of(name) for name in media.names_in_store()}


def test_cards_are_drawn_into_the_store_and_shown_from_the_sites_own_address(
    store: Any, client: Client
) -> None:
    article = Article.objects.select_related("rendered").get(pk=make_article().pk)
    assert cards.renew(article, SiteSettings.current())
    name = RenderedArticle.objects.get(article=article).card
    assert set(media.names_in_store()) == {f"cards/{name}.png"}

    first = client.get(f"/media/cards/{name}.png")
    assert first.status_code == 200
    assert first.content == content_of(f"cards/{name}.png")
    assert first["Content-Type"] == "image/png"
    assert first["Content-Security-Policy"].startswith("default-src 'none'")
    assert first["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Location" not in first

    default_storage.delete(f"cards/{name}.png")
    assert client.get(f"/media/cards/{name}.png").content == first.content
    default_storage.save(f"cards/{'0' * 32}.png", ContentFile(b"of nobody"))
    assert cards.sweep() == 1
    assert set(media.names_in_store()) == {f"cards/{name}.png"}


def test_what_is_in_the_store_gets_into_a_backup_once_and_back_out_of_it(
    store: Any, tmp_path: Path
) -> None:
    for name, content in (("cards/a.png", b"one"), ("ünïcode name.txt", b"two"), ("x/y/z", b"3")):
        default_storage.save(name, ContentFile(content))
    before = held()
    archive = Archive()
    seen: dict[str, tuple[int, int]] = {}
    media.add_new(archive, seen)
    default_storage.save("late", ContentFile(b"4"))
    media.add_new(archive, seen)

    assert {name.removeprefix(MEDIA): each for name, each in archive.members.items()} == held()

    incoming = unpacked(archive, tmp_path / "incoming")
    (incoming / "late").unlink()
    default_storage.save("cards/a.png", ContentFile(b"another"))
    default_storage.delete("x/y/z")
    changed = held()
    exchange = media.exchange(incoming, tmp_path / "aside")
    exchange.add()
    assert held() == {**before, "late": b"4"}
    exchange.undo()
    assert held() == changed

    again = media.exchange(incoming, tmp_path / "aside2")
    # Uploaded after the safety backup, for which nobody waits.
    default_storage.save("upload", ContentFile(b"in no backup"))
    again.add()
    # Drawn meanwhile by a site that goes on, for the restored rows.
    default_storage.save("cards/new.png", ContentFile(b"new"))
    assert again.finish(set(before)) == 1
    assert held() == {**before, "cards/new.png": b"new", "upload": b"in no backup"}
    default_storage.delete("cards/new.png")
    default_storage.delete("upload")
    assert media.names_here() == set(before)
    assert media.same_here("x/y/z", incoming / "x/y/z")
    assert not media.same_here("x/y/z", incoming / "cards/a.png")


def test_the_doctor_says_whether_the_store_can_be_used(
    store: Any, store_url: str, settings: Any
) -> None:
    assert service_checks.media_store().state is State.FINE
    assert list(media.names_in_store()) == []

    wrong = store_url.replace("/milepost", "/not-there")
    settings.STORAGES = {**settings.STORAGES, "default": read_media(wrong)}
    finding = service_checks.media_store()

    assert finding.state is State.WRONG
    assert "NoSuchBucket" in finding.what
    assert "secret" not in finding.what
    cast(Any, default_storage).connection.meta.client.close()
    settings.STORAGES = {**settings.STORAGES, "default": read_media(store_url)}


def test_an_export_has_the_pictures_of_the_store(store: Any, client: Client) -> None:
    address = cards.site_card(SiteSettings.current()).url.partition("8000")[2]

    with one_connection():
        assert Reader().get(address).content == client.get(address).content
    assert len(list(media.names_in_store())) == 1

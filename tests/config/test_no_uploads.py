"""The site takes no files: none can be sent, none is kept, and nothing of a folder is shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client

from tests.articles.addresses import make_site
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
FORMS = [
    "/accounts/sign-in/",
    "/articles/stone-bridges/discussion/new/",
    "/articles/stone-bridges/since/",
    "/admin/articles/term/add/",
    "/nothing/",
]


@pytest.mark.parametrize("address", FORMS)
def test_a_file_is_refused_before_anything_of_it_is_kept(
    address: str, settings, tmp_path: Path
) -> None:
    make_site()
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1
    client = Client()
    client.force_login(make_user("owner"))
    picture = SimpleUploadedFile("../../x.svg", b"<svg onload=alert(1)>" * 1000, "image/svg+xml")
    response = client.post(address, {"body": "Look.", "file": picture})
    assert response.status_code in {400, 404}
    assert list(tmp_path.iterdir()) == []


def test_no_model_of_the_site_has_a_file_and_no_page_asks_for_one() -> None:
    """Whoever adds one reads docs/security.md first: there is more to it than a field."""
    ours = [
        model for model in apps.get_models() if model.__module__.startswith(("articles", "tim"))
    ]
    files = [field for model in ours for field in model._meta.fields if is_file(field)]
    assert files == []
    pages = (ROOT / "templates").rglob("*.html")
    assert [path for path in pages if 'type="file"' in path.read_text()] == []


def is_file(field: models.Field) -> bool:
    return isinstance(field, models.FileField | models.FilePathField)


NAME = "0" * 32
PATHS = [
    *("", "cards", "cards/", "cards/x.png", f"cards/{NAME}.png", f"cards/{NAME}.svg"),
    *("cards/../../secret_key.png", "cards/%2e%2e%2fsecret_key.png", f"cards/{NAME}%00.png"),
    *("../secret_key", "%2e%2e/secret_key", "..%2fsecret_key", "//secret_key"),
]


@pytest.mark.parametrize("path", PATHS)
def test_of_the_folder_of_pictures_only_those_of_live_pages_are_shown(
    path: str, settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "media" / "cards").mkdir(parents=True)
    (tmp_path / "secret_key").write_text("hush")
    # A picture that lies there and that no live article has.
    (tmp_path / "media" / "cards" / f"{NAME}.png").write_bytes(b"hush")
    make_article(live=True)
    response = Client().get(f"/media/{path}")
    assert response.status_code == 404
    assert b"hush" not in response.content

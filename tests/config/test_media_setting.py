"""MEDIA_STORE: read into Django's storage, or refused with one sentence that shows no secret."""

from __future__ import annotations

from typing import Any

import pytest

from config import media_setting
from config.environment import masked
from config.media_setting import read_media


def test_without_it_files_lie_in_the_data_folder() -> None:
    assert read_media("") == {"BACKEND": "articles.media_files.WholeFiles"}


def test_a_store_is_read_with_its_secrets_and_options() -> None:
    url = "s3://k%2Fy:s%40cret@s3.example.org:9000/files?region=eu-1&prefix=site/a"
    options = read_media(url)["OPTIONS"]

    assert options["access_key"] == "k/y"
    assert options["secret_key"] == "s@cret"
    assert options["bucket_name"] == "files"
    assert options["endpoint_url"] == "https://s3.example.org:9000"
    assert options["region_name"] == "eu-1"
    assert options["location"] == "site/a"
    assert read_media(f"{url}&tls=none")["OPTIONS"]["endpoint_url"].startswith("http://")
    assert "cret" not in masked(url)
    assert "k%2Fy" not in masked(url)


@pytest.mark.parametrize(
    "url",
    [
        "s3://host/bucket",
        "s3://key@host/bucket",
        "s3://key:hush@/bucket",
        "s3://key:hush@host/",
        "s3://key:hush@host/a/b",
        "https://key:hush@host/bucket",
        "s3://key:hush@host:x/bucket",
        "s3://key:hush@host/bucket?region",
        "s3://key:hush@host/bucket?zone=x",
        "s3://key:hush@host/bucket?tls=maybe",
        "s3://key:hush@host/bucket?prefix=../x",
    ],
)
def test_one_that_makes_no_sense_stops_the_start_without_its_secret(url: str) -> None:
    with pytest.raises(SystemExit, match="Milepost cannot start: MEDIA_STORE") as stopped:
        read_media(url)

    assert "hush" not in str(stopped.value)


def test_a_missing_driver_is_named(monkeypatch: Any) -> None:
    monkeypatch.setattr(media_setting, "find_spec", lambda name: None)

    with pytest.raises(SystemExit, match="uv sync --extra s3"):
        read_media("s3://key:hush@host/bucket")

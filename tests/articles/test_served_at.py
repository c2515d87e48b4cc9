"""The address that `serve` writes down for other commands."""

import os
from pathlib import Path
from typing import Any

import pytest

from articles.management import served_at


@pytest.fixture
def serve(settings: Any, tmp_path: Path) -> Any:
    """Note an address as a process of its own would; what it says, and the lock."""
    settings.DATA_DIR, settings.SERVED_FILE = tmp_path, tmp_path / "served_at"

    def note(url: str) -> tuple[list[str], int | None]:
        settings.SITE_URL = url
        said: list[str] = []
        return said, served_at.note_address(said.append)

    return note


def test_a_second_one_leaves_the_address_of_the_first_while_that_goes_on(
    serve: Any, tmp_path: Path
) -> None:
    written = tmp_path / "served_at"
    first = serve("http://127.0.0.1:8000")
    second = serve("http://127.0.0.1:8001")
    third = serve("http://127.0.0.1:8000")
    assert first[0] == third[0] == []
    assert "http://127.0.0.1:8000: sign-in links" in second[0][0]
    assert written.read_text() == "http://127.0.0.1:8000"

    # The second goes on, but the address there is of one that has ended.
    os.close(first[1])
    said, lock = serve("http://127.0.0.1:8002")
    os.close(lock)
    assert (said, written.read_text()) == ([], "http://127.0.0.1:8002")


def test_two_that_start_at_once_do_not_end_each_other(serve: Any, tmp_path: Path) -> None:
    _said, lock = serve("http://127.0.0.1:8000")
    # The other has the lock, and has written nothing yet.
    (tmp_path / "served_at").unlink()
    assert serve("http://127.0.0.1:8001") == ([], None)
    os.close(lock)

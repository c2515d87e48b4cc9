"""A site of one page, and a process that serves it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections

from config import keepable
from tests.config.processes import Plain, Process


@pytest.fixture
def plain(monkeypatch: Any) -> Iterator[Plain]:
    monkeypatch.setattr(keepable, "next_due", lambda _after: None)
    monkeypatch.setattr(keepable, "shared_seconds", lambda: 0)
    # A connection that another test left open is none of this one's, which may have none.
    request_finished.disconnect(close_old_connections)
    yield Plain()
    request_finished.connect(close_old_connections)


@pytest.fixture
def process(plain: Plain) -> Process:
    return Process(application=plain)

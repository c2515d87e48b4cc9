"""A site of one page, and a process that serves it."""

from __future__ import annotations

from typing import Any

import pytest

from config import pagecache
from tests.config.processes import Plain, Process


@pytest.fixture
def plain(monkeypatch: Any) -> Plain:
    monkeypatch.setattr(pagecache, "next_due", lambda _after: None)
    monkeypatch.setattr(pagecache, "shared_seconds", lambda: 0)
    return Plain()


@pytest.fixture
def process(plain: Plain) -> Process:
    return Process(application=plain)

"""What the command line says when a database is not as it should be."""

from __future__ import annotations

import sys

import pytest
from django.db import OperationalError
from django.db.migrations.executor import MigrationExecutor

import manage

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("command", ["migrate", "doctor"])
def test_whoever_migrates_is_not_told_to_migrate(
    monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_: ["one that is missing"])
    monkeypatch.setattr(sys, "argv", ["manage.py", command])
    monkeypatch.setattr("django.db.connection.close", lambda: None)

    said = manage.explain(OperationalError("cannot create an index"))

    assert ("run “uv run manage.py migrate” first" in said) == (command != "migrate")

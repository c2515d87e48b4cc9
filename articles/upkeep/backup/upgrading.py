"""From one version to the next: a backup, then everything in one transaction, checks included.

What fails on the way, a migration or a page that cannot be shown afterwards, undoes all of it. The
backup is there for what nobody thought to check.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from articles.models import Article
from articles.upkeep.backup.archive import BackupError
from articles.upkeep.backup.backups import Made, make_backup, record
from articles.upkeep.backup.databases import (
    applied,
    count_rows,
    missing_migrations,
    newer_than_code,
    site_connection,
    table_names,
)
from articles.upkeep.backup.locks import Say, alone
from articles.upkeep.backup.migrating import all_or_nothing, apply_missing

# What people wrote; a migration may change it, and never its number.
_WRITTEN = (
    "articles_article",
    "articles_revision",
    "articles_user",
    "discussion_comment",
    "timeline_milestone",
)


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What was done; no backup where there was nothing to change or nothing to lose."""

    migrations: int
    backup: Made | None


def upgrade(say: Say) -> Upgraded:
    """Bring the site's database to this version, after a backup; twice does nothing twice.

    Raises BackupError with one sentence; the database is then as it was.
    """
    with alone(say):
        connection = site_connection()
        if sentence := newer_than_code(connection):
            raise BackupError(sentence)
        had = applied(connection)
        missing = missing_migrations(had)
        made = None
        if missing and had:
            say(f"Migrations to apply: {len(missing)}. Making a backup first")
            made = make_backup(reason="before upgrading", say=say)
            say(f"Backup: {made.path}")
        try:
            with all_or_nothing(say):
                before = _written()
                applied_now = apply_missing()
                say(f"Migrations applied: {applied_now}")
                _check(before, say)
        except Exception as error:
            kept = f" The backup is {made.path}." if made else ""
            raise BackupError(
                f"The upgrade was undone, and the database is as it was before: "
                f"{_in_short(error)}. The version that ran until now can be started again.{kept}"
            ) from error
        if made:
            record(made)
        return Upgraded(len(missing), made)


def _written() -> dict[str, int]:
    connection = site_connection()
    return count_rows(connection, sorted(set(_WRITTEN) & table_names(connection)))


def _check(before: dict[str, int], say: Say) -> None:
    """Look at the site as it would be now; raises BackupError for what is not as it should be."""
    after = count_rows(site_connection(), before)
    if after != before:
        table = next(name for name in before if before[name] != after[name])
        raise BackupError(f"{table} had {before[table]} rows and would have {after[table]}")
    # What it finds is raised; that it found nothing is said below.
    call_command("check", verbosity=0, stdout=io.StringIO())
    say("Checked: settings and models, and that no article, comment or person is missing")
    addresses = [reverse("articles:front_page")]
    if article := Article.objects.live().order_by("pk").first():
        addresses.append(article.get_absolute_url())
    site = urlsplit(settings.SITE_URL)
    client = Client(headers={"host": site.netloc})
    for address in addresses:
        with _unlogged():
            answer = client.get(address, secure=site.scheme == "https")
        if answer.status_code != HTTPStatus.OK:
            raise BackupError(f"{address} would be answered with {answer.status_code}")
    say(f"Shown without mistakes: {', '.join(addresses)}")


@contextmanager
def _unlogged() -> Iterator[None]:
    """Write no line for a request that nobody made; warnings and errors are written."""
    before = logging.root.manager.disable
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(before)


def _in_short(error: Exception) -> str:
    """The error in one line; what Django's check prints is many."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    kind = "" if isinstance(error, BackupError | CommandError) else f"{type(error).__name__}: "
    return f"{kind}{' '.join(lines)[:500]}".rstrip(".") or type(error).__name__

"""What restoring a backup would change, in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from articles.upkeep.backup import look, restored_key
from articles.upkeep.backup.archive import LOOK, MEDIA, SECRET, Manifest
from articles.upkeep.backup.databases import (
    count_rows,
    missing_migrations,
    site_connection,
    table_names,
)
from articles.upkeep.backup.media import names_here, same_here

# What people know by name; of the rest there is too much to read.
_NAMES = {
    "articles_article": "Articles",
    "articles_revision": "Revisions",
    "timeline_milestone": "Milestones",
    "discussion_comment": "Comments",
    "articles_user": "People",
}

_SECRETS = {
    "same": "",
    "former": "The secret key is a former one of this site, whose present one would stay",
    "restored": "The secret key is another: it would be restored, or kept with --keep-secret",
    "elsewhere": "The secret key is another than SECRET_KEY or SECRET_KEY_FILE gives, which stays",
}


def describe(manifest: Manifest, unpacked: Path) -> Iterator[str]:
    """A line for each thing that would change; `unpacked` is the folder of an opened backup."""
    version = f"Milepost {manifest.version}"
    yield f"Backup of {manifest.made_at}, {version}, from {manifest.engine}: whole"
    yield f"This site: Milepost {settings.VERSION}, {site_connection().vendor}"
    here = _rows_here()
    if here is None:
        yield "The database of this site cannot be read; it would be replaced"
    for table, name in _NAMES.items():
        now = "?" if here is None else here.get(table, 0)
        then = manifest.rows.get(table, 0)
        same_number = "the same number" if now == then else f"now {now}"
        yield f"{name}: {then} in the backup, {same_number}"
    yield from _describe_files(manifest, unpacked / MEDIA)
    if manifest.has_look:
        number = look.different(unpacked / LOOK)
        counted = f"{number or 'no'} file{'s' * (number != 1)}"
        yield f"Own stylesheet and templates: {counted} would change"
    else:
        yield "Own stylesheet and templates: not in this older backup, and left as they are"
    if missing := missing_migrations(manifest.migrations):
        yield f"Migrations that would be applied to it: {len(missing)}, the last {missing[-1]}"
    secret = (unpacked / SECRET).read_text().strip()
    if sentence := _SECRETS[restored_key.fate_of(secret)]:
        yield sentence
    yield "Everybody would have to sign in again"
    yield "Nothing was changed; --yes restores it, after a backup of what is here"


def _rows_here() -> dict[str, int] | None:
    try:
        connection = site_connection()
        return count_rows(connection, sorted(_NAMES.keys() & table_names(connection)))
    except DatabaseError:
        return None


def _describe_files(manifest: Manifest, incoming: Path) -> Iterator[str]:
    here = names_here()
    names = set(manifest.media)
    different = sum(not same_here(name, incoming / name) for name in names & here)
    yield (
        f"Files: {len(names)} in the backup, now {len(here)}; {len(names - here)} would be "
        f"added, {different} replaced, {len(here - names)} deleted"
    )

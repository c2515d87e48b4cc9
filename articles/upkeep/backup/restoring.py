"""Giving a site back what a backup holds: all of it or nothing.

Everything that can fail is done beside the site first: the file is checked whole, the database in
it is brought to this version and counted again. Then the site is read-only while what is there is
backed up, uploads are added, the rows are exchanged in one transaction, and what is left over goes.
Whoever reads meanwhile sees the old site or the new.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError
from django.db.models import Model

from articles.accounts import factors
from articles.models import Backup
from articles.search import tables
from articles.stamp import site_stamp
from articles.upkeep import key_files, lost_database
from articles.upkeep.backup import archive, copies, restored_key
from articles.upkeep.backup.archive import BackupError, Manifest
from articles.upkeep.backup.aside import rows_aside
from articles.upkeep.backup.backups import (
    Made,
    check_database,
    make_backup,
    plain_sentences,
    record,
    working_folder,
)
from articles.upkeep.backup.databases import (
    COPY,
    LEFT_OUT,
    SITE,
    applied,
    copied_models,
    count_rows,
    known_as,
    missing_migrations,
    site_connection,
    sqlite_file,
    table_names,
    unknown_migrations,
)
from articles.upkeep.backup.locks import Say, alone, silently
from articles.upkeep.backup.look import LookExchange
from articles.upkeep.backup.media import Exchange, StoreExchange
from articles.upkeep.backup.media import exchange as exchange_of
from articles.upkeep.backup.migrating import all_or_nothing
from articles.upkeep.backup.quiet import nothing_written
from articles.upkeep.backup.rows import copy_rows
from articles.upkeep.backup.waiting_mail import drop_sent_since

_WORK = ".milepost-restore-"


@dataclass(frozen=True, slots=True)
class Opened:
    """A backup that was checked and unpacked."""

    path: Path
    folder: Path
    manifest: Manifest

    @property
    def database(self) -> Path:
        """The unpacked copy of the rows."""
        return self.folder / archive.DATABASE

    @property
    def secret(self) -> str:
        """The secret key of the site that was backed up."""
        return (self.folder / archive.SECRET).read_text().strip()

    @property
    def former(self) -> list[str]:
        """The secret keys that it had before and still accepted."""
        return key_files.read_former(self.folder / archive.FORMER_SECRETS)


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done: the backup of the site before, if it was not empty, and what of the key."""

    safety: Made | None
    secret: str
    rows: int
    files: int
    deleted: int


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """A backup, whole and fit for this version, unpacked for the block.

    Raises BackupError for one that is not, and for one that a newer version made.
    """
    data_dir = Path(settings.DATA_DIR)
    with plain_sentences(data_dir), working_folder(data_dir, _WORK) as work:
        unpacked = work / "unpacked"
        unpacked.mkdir(mode=0o700)
        manifest = archive.read(path, unpacked, with_media=True)
        if unknown := unknown_migrations(manifest.migrations):
            raise BackupError(
                f"{path} was made by a newer version of Milepost, {manifest.version} ({unknown[-1]}"
                f" is not known here), than this one, {settings.VERSION}: install that one first."
            )
        check_database(unpacked / archive.DATABASE, manifest)
        yield Opened(path, unpacked, manifest)


def is_empty() -> bool:
    """Whether there is nothing to lose: no tables, or nobody and no article in them."""
    if lost_database.lost():
        return True
    connection = site_connection()
    there = {"articles_user", "articles_article"} & table_names(connection)
    return not any(count_rows(connection, there).values())


def restore(
    path: Path, *, keep_secret: bool = False, safety: bool = True, say: Say = silently
) -> Restored:
    """Put what the backup holds in the place of the site. Raises BackupError with a sentence.

    After an error the site is as it was. First a backup of the site is made, unless it is empty or
    `safety` is False: then the database may even be unreadable, and a file of SQLite is kept aside.
    """
    with alone(say), opened(path) as backup:
        say(f"{path} is whole, made by Milepost {backup.manifest.version}")
        to_lose = safety and not is_empty()
        _prepare(backup, say)
        fate = "kept" if keep_secret else restored_key.fate_of(backup.secret)
        if fate != "restored":
            with known_as(COPY, sqlite_file(backup.database)):
                factors.reseal_all([backup.secret, *backup.former], using=COPY)
        look = None
        if backup.manifest.has_look:
            look = LookExchange(backup.folder / archive.LOOK, backup.folder.parent / "look")
        with nothing_written(say) if to_lose else nullcontext():
            # Before the backup of what is here, see there.
            exchange = exchange_of(backup.folder / archive.MEDIA, backup.folder.parent / "aside")
            made = make_backup(reason="before restoring") if to_lose else None
            if made:
                say(f"What is here now: {made.path}")
            if fate == "restored":
                restored_key.lay_ready(backup.secret, backup.former)
            _exchange(backup, exchange, look, keep_rows_aside=not safety)
            if fate == "restored":
                restored_key.put_into_place()
            deleted = exchange.finish(set(backup.manifest.media))
        if made:
            record(made)
        manifest = backup.manifest
        return Restored(made, fate, sum(manifest.rows.values()), len(manifest.media), deleted)


def _prepare(backup: Opened, say: Say) -> None:
    """Bring the copy to this version, and have it know the backups that this site knows.

    Mail is taken out of it that the site has sent since, as far as anybody can tell.
    """
    missing = missing_migrations(backup.manifest.migrations)
    try:
        known = list(Backup.objects.all())
    except DatabaseError:
        known = []
    try:
        copies.prepare(backup.database)
    except Exception as error:
        raise BackupError(
            f"The backup cannot be brought to version {settings.VERSION}: {error}. The site is as "
            "it was."
        ) from error
    if missing:
        say(f"Migrations applied to what was in it: {len(missing)}")
    with known_as(COPY, sqlite_file(backup.database)):
        for row in known:
            row.pk = None
        Backup.objects.using(COPY).bulk_create(known)
        if dropped := drop_sent_since(backup.manifest.made_at, using=COPY):
            say(f"Mail that waited in it, which is older than a day, and was dropped: {dropped}")
    copies.examine(backup.database)


def _exchange(
    backup: Opened,
    exchange: Exchange | StoreExchange,
    look: LookExchange | None,
    *,
    keep_rows_aside: bool,
) -> None:
    """Uploads and look in, then the rows at once; what came in goes back out when that fails."""
    try:
        exchange.add()
        if look:
            look.add()
        if site_connection().vendor == "sqlite":
            with rows_aside() if keep_rows_aside else nullcontext():
                _into_sqlite(backup.database)
        else:
            _into_postgresql(backup.database)
    except BaseException:
        # Each of them, also where another cannot be undone.
        with ExitStack() as undone:
            if look:
                undone.callback(look.undo)
            undone.callback(exchange.undo)
            undone.callback(restored_key.take_back)
        raise


def _into_sqlite(copy: Path) -> None:
    """Write the copy over the live file in one transaction, which other processes see whole."""
    site_connection().close()
    target = site_connection().settings_dict["NAME"]
    try:
        with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(target)) as live:
            # For a database that is made by this; one that is there says so already.
            live.execute("PRAGMA journal_mode=WAL")
            live.execute("PRAGMA synchronous=FULL")
            # Django's connections would tell the stamp themselves.
            with site_stamp.changing():
                source.backup(live)
    except sqlite3.Error as error:
        raise BackupError(f"The database cannot be restored: {error}.") from error


def _into_postgresql(copy: Path) -> None:
    """Fill the tables in one transaction, from whose beginning to whose end others wait.

    Tables that are not as this version wants them, or not there, are made anew in it.
    """
    connection = site_connection()
    with known_as(COPY, sqlite_file(copy)) as source, all_or_nothing():
        had = applied(connection)
        if missing_migrations(had) or unknown_migrations(had):
            _make_tables_anew({*had, *applied(source)})
        # What this site knows of its backups was put into the copy.
        models: list[type[Model]] = [*copied_models(), Backup]
        filled = {model._meta.db_table for model in models}
        with connection.cursor() as cursor:
            listed = ", ".join(map(connection.ops.quote_name, sorted(filled | LEFT_OUT)))
            cursor.execute(f"TRUNCATE {listed} RESTART IDENTITY")
        copy_rows(COPY, SITE, models)
        tables.mend()


def _make_tables_anew(labels: set[str]) -> None:
    """Drop the tables of these apps, whichever version made them, and migrate from the first on."""
    connection = site_connection()
    names = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    names.add("django_migrations")
    # Of tables that another version made, only the beginning of the name is known.
    beginnings = tuple(f"{label}_" for label in labels)
    own = sorted(
        table for table in table_names(connection) if table in names or table.startswith(beginnings)
    )
    with connection.cursor() as cursor:
        if own:
            listed = ", ".join(map(connection.ops.quote_name, own))
            cursor.execute(f"DROP TABLE {listed} CASCADE")
    call_command("migrate", interactive=False, verbosity=0)

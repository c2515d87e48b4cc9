"""Making a backup: written under another name, read again and compared, and only then called one.

A backup holds the site's secret key and all that people entered, so its file can be read by its
owner only.
"""

from __future__ import annotations

import datetime
import errno
import hashlib
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from articles.models import Backup, User
from articles.upkeep import data_id, key_files
from articles.upkeep.backup import archive, copies, look, media, verified
from articles.upkeep.backup.archive import BackupError, Head, Manifest
from articles.upkeep.backup.databases import applied, site_connection, table_names
from articles.upkeep.backup.locks import Say, silently, writer_of
from articles.upkeep.small_files import flush_names

# Of the folders in which something is made before it has its name.
WORK = ".milepost-backup-"
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# How old a backup may be before the owner is told.
OLD = datetime.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made and found whole."""

    path: Path
    size: int
    made_at: datetime.datetime
    reason: str
    manifest: Manifest


def default_folder() -> Path:
    """Where backups go when nothing else is said: beside the data, which is not far enough."""
    return Path(settings.DATA_DIR) / "backups"


def make_backup(folder: Path | None = None, *, reason: str = "asked", say: Say = silently) -> Made:
    """Write a backup of the whole site into the folder and check it; the site may go on meanwhile.

    `reason` is one word for why. Raises BackupError with a sentence; then nothing is left behind
    that could be taken for a backup. `record` writes it down.
    """
    folder = (folder or default_folder()).absolute()
    with plain_sentences(folder):
        if not applied(site_connection()):
            # As when a timer was not given the variables that the site has.
            raise BackupError(
                "There is no site in this database yet; are DATA_DIR and DATABASE_URL those of the "
                "site?"
            )
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with writer_of(folder), working_folder(folder, WORK) as work:
            now = timezone.now().replace(microsecond=0)
            draft = work / "backup"
            manifest = _write(draft, work, now, reason)
            say("Written; reading it again")
            before = verified.mark_of(draft)
            _verify(draft, work / "check", manifest)
            path = _put_into_place(draft, folder, now)
            verified.Folder(folder).note(path, before)
            return Made(path, path.stat().st_size, now, reason, manifest)


def _write(draft: Path, work: Path, now: datetime.datetime, reason: str) -> Manifest:
    made_at = now.isoformat()
    head = Head(archive.FORMAT, settings.VERSION, made_at, site_mark(), reason)
    seen: dict[str, tuple[int, int]] = {}
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with archive.writing(file, head) as writer:
            media.add_new(writer, seen)
            look.add(writer)
            database = work / archive.DATABASE
            copies.copy_database(database)
            rows, migrations = copies.examine(database)
            with database.open("rb") as copy:
                writer.add(archive.DATABASE, copy, database.stat().st_size)
            database.unlink()
            # After the rows: whatever sealed them is among these.
            secret, *former = key_files.in_force()
            writer.add_bytes(archive.SECRET, secret.encode())
            if former:
                writer.add_bytes(archive.FORMER_SECRETS, "\n".join(former).encode())
            media.add_new(writer, seen)
            manifest = writer.finish(
                {
                    "version": settings.VERSION,
                    "made_at": made_at,
                    "engine": site_connection().vendor,
                    "migrations": migrations,
                    "rows": rows,
                }
            )
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _verify(draft: Path, folder: Path, manifest: Manifest) -> None:
    if read_again(draft, folder) != manifest:
        raise BackupError("The backup is not what was written; is the disk in order?")


def read_again(path: Path, folder: Path) -> Manifest:
    """Read all of it, and open and count the database in it, in a folder that is not there yet.

    Raises BackupError when it is not whole.
    """
    folder.mkdir(mode=0o700)
    manifest = archive.read(path, folder, with_media=False)
    check_database(folder / archive.DATABASE, manifest)
    return manifest


def check_database(path: Path, manifest: Manifest) -> None:
    """Raise BackupError when an unpacked database is not whole or not what the manifest says."""
    rows, migrations = copies.examine(path)
    if rows != manifest.rows or migrations != manifest.migrations:
        raise BackupError("The database in the backup has not the rows that its manifest says.")


def _put_into_place(draft: Path, folder: Path, now: datetime.datetime) -> Path:
    """Give it its name, which no other file has had, in one step."""
    stem = f"milepost-{now.astimezone(datetime.UTC):%Y-%m-%dT%H%M%SZ}"
    path = folder / f"{stem}.tar.gz"
    number = 2
    # Nobody else makes such names here while the folder's lock is held.
    while path.exists():
        path = folder / f"{stem}-{number}.tar.gz"
        number += 1
    draft.rename(path)
    flush_names(folder)
    return path


@contextmanager
def working_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """A folder of its own, gone afterwards; those that a killed process left go first.

    Whoever asks holds the lock that makes those left over.
    """
    for left in parent.glob(f"{prefix}*"):
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left)
    work = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


@contextmanager
def plain_sentences(folder: Path) -> Iterator[None]:
    """Turn what the disk or the database says into a BackupError that says it to people."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise BackupError(f"There is no room for it in {folder}; nothing was kept.") from error
        place = error.filename or folder
        raise BackupError(f"{place} cannot be used: {error.strerror or error}.") from error
    except DatabaseError as error:
        reason = " ".join(str(error).split())
        if "disk is full" in reason:
            raise BackupError(f"There is no room for it in {folder}; nothing was kept.") from error
        raise BackupError(f"The database cannot be copied: {reason}.") from error


def site_mark(key: str = "") -> str:
    """What the backups of this site have in common and those of no other: nothing of the secret.

    With a former secret key, what those have that were made before it was changed.
    """
    key = key or settings.SECRET_KEY
    return hashlib.sha256(f"milepost backup {key}".encode()).hexdigest()[:16]


# What there is ------------------------------------------------------------------------------------


def record(made: Made) -> None:
    """Write down that a backup is there; a database that is yet to be migrated has no place."""
    if Backup._meta.db_table in table_names(site_connection()):
        Backup.objects.create(
            made_at=made.made_at,
            path=str(made.path),
            # The name of a container is another each time it is made anew; the data's stays.
            host=f"{socket.gethostname()} ({data_id.data_id()})",
            size=made.size,
            version=made.manifest.version,
            reason=made.reason,
        )


def last_good_backup() -> Backup | None:
    """The newest backup that was verified and, as far as this host can see, is still so."""
    for backup in Backup.objects.until_now()[:20]:
        if not is_ours(backup) or _is_there(backup):
            return backup
    return None


def site_is_new() -> bool:
    """Whether everybody came within the last day: the first night, and its backup, are to come."""
    yesterday = timezone.now() - datetime.timedelta(days=1)
    return not User.objects.filter(date_joined__lte=yesterday).exists()


def is_ours(backup: Backup) -> bool:
    """Whether it was made beside this data folder; older versions wrote down but the host."""
    own = data_id.known()
    return backup.host == socket.gethostname() or bool(own and own in backup.host)


def _is_there(backup: Backup) -> bool:
    """Whether its file is as it was; also when it lies where this user may not look, as root's may.

    It is not read again, see `verified`. Of what an older version made only the size is known.
    """
    path = Path(backup.path)
    try:
        known = verified.Folder(path.parent).known(path)
        return path.stat().st_size == backup.size if known is None else known == ""
    except PermissionError:
        return True
    except OSError:
        # Of a disk that was taken away, or does not answer.
        return False

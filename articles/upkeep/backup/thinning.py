"""Deleting old backups, but only for others that are whole."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils import timezone

from articles.models import Backup
from articles.upkeep import key_files
from articles.upkeep.backup import archive
from articles.upkeep.backup.archive import BackupError
from articles.upkeep.backup.backups import (
    NO_ROOM,
    WORK,
    default_folder,
    is_ours,
    plain_sentences,
    read_again,
    site_mark,
    working_folder,
)
from articles.upkeep.backup.locks import Say, silently, writer_of
from articles.upkeep.backup.rotation import Keep, superfluous
from articles.upkeep.backup.verified import Folder, mark_of

_NAME = re.compile(r"milepost-\d{4}-\d\d-\d\dT\d{6}Z(-\d+)?\.tar\.gz")


def rotate(folder: Path | None, keep: Keep, say: Say = silently) -> list[Path]:
    """Delete backups of this site that the rule does not keep; which files they were.

    Only files with our name and our head in them, made by this very site and known to be whole, are
    looked at: one that is not takes nobody's place. That is said, and it is left for a person.
    """
    folder = (folder or default_folder()).absolute()
    with plain_sentences(folder), writer_of(folder):
        own = dict(_whole_backups(folder, say))
        gone = superfluous(own.values(), keep, timezone.now())
        deleted = sorted(path for path, made_at in own.items() if made_at in gone)
        for path in deleted:
            path.unlink()
    listed = Backup.objects.filter(path__in=[str(path) for path in deleted])
    listed.filter(pk__in=[backup.pk for backup in listed if is_ours(backup)]).delete()
    return deleted


def _whole_backups(folder: Path, say: Say) -> Iterator[tuple[Path, datetime.datetime]]:
    known = Folder(folder)
    for path, made_at in sorted(_own_backups(folder, known, say)):
        if known.must_read(path):
            mark = mark_of(path)
            try:
                known.note(path, mark, _read(path))
            except OSError as error:
                if error.errno in NO_ROOM:
                    raise
                # That says something of this moment, and nothing of the file.
                say(f"{path} cannot be read, and is left: {error.strerror or error}.")
                continue
        if why := known.known(path):
            _warn(path, why, say)
        else:
            yield path, made_at


def _own_backups(folder: Path, known: Folder, say: Say) -> Iterator[tuple[Path, datetime.datetime]]:
    marks = {site_mark(key) for key in key_files.in_force()}
    for path in folder.iterdir():
        if not _NAME.fullmatch(path.name) or path.is_symlink() or not path.is_file():
            continue
        try:
            head = archive.read_head(path)
            made_at = datetime.datetime.fromisoformat(head.made_at)
        except (BackupError, OSError, ValueError) as error:
            # Not ours, or damaged.
            if known.knows(path):
                _warn(path, str(error), say)
            continue
        if head.site in marks and made_at.tzinfo:
            yield path, made_at


def _read(path: Path) -> str:
    """'' when the file is whole, else why not. Raises OSError when it cannot be looked at."""
    with working_folder(path.parent, WORK) as work:
        try:
            read_again(path, work / "check")
        except BackupError as error:
            return str(error)
    return ""


def _warn(path: Path, why: str, say: Say) -> None:
    say(f"{path} is no good backup any more, and is left for you to look at: {why}")

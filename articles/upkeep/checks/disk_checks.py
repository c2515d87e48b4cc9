"""Checks of the data folder and of the disk that it lies on."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from pathlib import Path

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import own_look
from articles.media_files import is_local
from articles.upkeep.checks.findings import Check, Finding, fine, look, wrong

MB = 1024 * 1024
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
# A backup needs as much again as there is; below the second, SQLite may fail in the middle.
ENOUGH_BYTES, LEAST_BYTES = 1024 * MB, 128 * MB
ENOUGH_FILES, LEAST_FILES = 10_000, 500
# Kinds of file systems (fs/*/super.c of Linux, and those of FUSE) that other machines share: locks
# and shared memory of SQLite do not work there (https://sqlite.org/wal.html, section 1).
NETWORK_DISKS = {
    *("9p", "afs", "ceph", "cifs", "davfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "smb2"),
    *("smb3", "smbfs", "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.rclone", "virtiofs"),
}
MOUNTS = Path("/proc/self/mountinfo")


def data_folder() -> Finding:
    """Whether the data folder belongs to its owner alone."""
    path, mode = settings.DATA_DIR, settings.DATA_DIR.stat().st_mode
    how = _("Run: chmod 700 %(path)s") % {"path": path}
    if mode & stat.S_IWOTH:
        return wrong(_("Everybody on this machine can write into %(path)s.") % {"path": path}, how)
    if mode & (stat.S_IROTH | stat.S_IXOTH):
        return look(_("Everybody on this machine can look into %(path)s.") % {"path": path}, how)
    return fine(_("Only its owner and group can look into %(path)s.") % {"path": path})


def secret_file() -> Finding:
    """Whether the files of the secret key and of former ones are there, and their owner's alone."""
    found = {
        Path(setting.place): setting.name
        for setting in settings.ENVIRONMENT
        if setting.name in {"SECRET_KEY", "SECRET_KEY_FALLBACKS"}
        and setting.origin in {"file", "made"}
    }
    for path, name in found.items():
        if not path.exists():
            # Former ones may have been forgotten since this process was started.
            if name == "SECRET_KEY":
                return wrong(
                    _("The secret key in %(path)s is gone; another start would not have it.")
                    % {"path": path},
                    _("Put it back: each backup holds it, as the file “secret_key”."),
                )
        elif path.stat().st_mode & (stat.S_IRWXO | stat.S_IWGRP):
            return wrong(
                _("Others can read or change the secret key in %(path)s.") % {"path": path},
                _("Run: chmod 600 %(path)s") % {"path": path},
            )
    if not found:
        return fine(_("The secret key stands in the environment."))
    return fine(_("The secret key in %(path)s is its owner's alone.") % {"path": next(iter(found))})


def writable() -> Finding:
    """Whether the folders that the site writes into can be written to."""
    folders = [settings.DATA_DIR, settings.STATIC_ROOT]
    folders += [settings.MEDIA_ROOT] if is_local() else []
    for folder in filter(Path.is_dir, map(Path, folders)):
        try:
            with tempfile.NamedTemporaryFile(dir=folder, prefix=".doctor-") as file:
                file.write(b"x")
        except OSError as error:
            how = _("Give the folder to the user that runs the site, and mount its disk writable.")
            if error.errno in NO_ROOM:
                how = _("Make room on its disk: delete old backups, or give it a larger one.")
            return wrong(
                _("Nothing can be written into %(path)s: %(reason)s.")
                % {"path": folder, "reason": error.strerror},
                how,
            )
    return fine(_("The data folder can be written to."))


def space() -> Finding:
    """Whether the disk has room."""
    status = os.statvfs(settings.DATA_DIR)
    free = status.f_bavail * status.f_frsize
    said = _("%(free)s are free on the disk of the data folder.") % {"free": filesizeformat(free)}
    how = _("Delete what is not needed, such as old backups, or give the site a larger disk.")
    if free < LEAST_BYTES:
        return wrong(said, how)
    return look(said, how) if free < ENOUGH_BYTES else fine(said)


def inodes() -> Finding:
    """Whether the disk can hold more files."""
    status = os.statvfs(settings.DATA_DIR)
    # File systems without a limit say 0 of 0.
    if not status.f_files:
        return fine(_("The disk has no limit to the number of files."))
    said = _("%(n)d more files can be made on the disk of the data folder.") % {
        "n": status.f_favail
    }
    how = _("Delete folders with very many small files: old sessions, caches, mail.")
    if status.f_favail < LEAST_FILES:
        return wrong(said, how)
    return look(said, how) if status.f_favail < ENOUGH_FILES else fine(said)


def disk_kind(path: Path) -> str:
    """The kind of file system that holds the path, as Linux calls it; '' when it cannot be told."""
    try:
        lines = MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    found = ("", "")
    for line in lines:
        # man 5 proc: … (5) mount point … - (9) kind …
        before, _dash, after = line.partition(" - ")
        point = before.split()[4].encode().decode("unicode_escape")
        if Path(point) == path or Path(point) in path.parents:
            # The innermost mount, and of those at one place the last, is what is seen.
            found = max(found, (point, after.split()[0]), key=lambda each: len(each[0]))
    return found[1]


def network_disk() -> Finding:
    """Whether SQLite lies on a disk of its own machine."""
    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3"):
        return fine(_("The database does not lie in the data folder."))
    kind = disk_kind(Path(database["NAME"]).resolve().parent)
    if kind in NETWORK_DISKS:
        return wrong(
            _("The SQLite database lies on a network disk (%(kind)s), which will damage it.")
            % {"kind": kind},
            _("Move the data folder to a disk of this machine, or use PostgreSQL (DATABASE_URL)."),
        )
    return fine(_("The SQLite database lies on a disk of this machine."))


def own_files() -> Finding:
    """Whether the owner's own stylesheet and templates can be used."""
    if problem := next(own_look.problems(), ""):
        return wrong(problem, _("Mend the file, or take it out of the data folder."))
    return fine(_("The site's own stylesheet and templates, if there are any, can be used."))


CHECKS = [
    Check("data_folder", gettext_lazy("Data folder"), data_folder),
    Check("secret_file", gettext_lazy("File of the secret key"), secret_file),
    Check("writable", gettext_lazy("Writing"), writable),
    Check("space", gettext_lazy("Room on the disk"), space),
    Check("inodes", gettext_lazy("Files on the disk"), inodes),
    Check("network_disk", gettext_lazy("Kind of disk"), network_disk),
    Check("own_files", gettext_lazy("Own templates and stylesheet"), own_files),
]

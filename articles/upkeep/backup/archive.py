"""The file that a backup is: a gzipped tar with a head, the parts, and a manifest as its last word.

    milepost-backup.json   what it is, so that a file of ours is known by its first kilobyte
    media/…                what was uploaded or drawn
    look/…                 the owner's custom.css and templates/
    database.sqlite3       every row, whatever database the site has
    secret_key             what signs sessions and links
    secret_key.former      the secret keys before it that are still accepted, if there are any
    manifest.json          version, migrations, rows of each table, size and SHA-256 of all above

The manifest comes last, so a file that was cut off has none. Reading checks everything before
anything is believed. Knows no database.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

# 2 knows the owner's look, 3 former secret keys; older ones are read as well.
FORMAT = 3
HEAD = "milepost-backup.json"
MANIFEST = "manifest.json"
DATABASE = "database.sqlite3"
SECRET = "secret_key"  # noqa: S105 - the name of a member
FORMER_SECRETS = "secret_key.former"
MEDIA = "media/"
LOOK = "look/"
# Of stylesheet and templates together.
LARGEST_LOOK = 64 << 20

# Rows and pictures: rows shrink to a fifth at any level, pictures at none.
_LEVEL = 4
_CHUNK = 1 << 20
# More than a site with a million files has: the manifest names each of them.
_LONGEST_JSON = 256 << 20


class BackupError(Exception):
    """A backup cannot be made, read or restored; the text is one plain sentence."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a file says about itself in its first kilobyte."""

    format: int
    version: str
    made_at: str
    site: str
    reason: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a whole backup holds; `members` are pairs of size and SHA-256 by name."""

    format: int
    version: str
    made_at: str
    engine: str
    migrations: dict[str, list[str]]
    rows: dict[str, int]
    members: dict[str, tuple[int, str]]

    @property
    def media(self) -> list[str]:
        """The names of the files below the media folder."""
        return [name.removeprefix(MEDIA) for name in self.members if name.startswith(MEDIA)]

    @property
    def has_look(self) -> bool:
        """Whether it knows of the owner's look, be there one or none; older ones say nothing."""
        return self.format > 1


class HashingReader:
    """Reads from a file and remembers what it saw."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.size = 0
        self.hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self.file.read(size)
        self.size += len(data)
        self.hash.update(data)
        return data


class Writer:
    """Adds members to a file that is being written; `finish` makes it one that is whole."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar = tar
        self.members: dict[str, tuple[int, str]] = {}

    def add(self, name: str, file: IO[bytes], size: int) -> None:
        """Add `size` bytes of a file. Raises OSError when there are fewer."""
        member = tarfile.TarInfo(name)
        member.size = size
        member.mode = 0o600
        member.mtime = int(time.time())
        reader = HashingReader(file)
        self.tar.addfile(member, reader)
        self.members[name] = (reader.size, reader.hash.hexdigest())

    def add_bytes(self, name: str, content: bytes) -> None:
        """Add what is in memory."""
        self.add(name, io.BytesIO(content), len(content))

    def finish(self, manifest: dict[str, Any]) -> Manifest:
        """Write the manifest; what it says besides the members comes from the caller."""
        made = Manifest(format=FORMAT, members=dict(self.members), **manifest)
        self.add_bytes(MANIFEST, json.dumps(asdict(made), indent=1).encode())
        return made


@contextmanager
def writing(file: IO[bytes], head: Head) -> Iterator[Writer]:
    """A writer into an open file; the head is written first."""
    with tarfile.open(
        fileobj=file, mode="w:gz", compresslevel=_LEVEL, format=tarfile.PAX_FORMAT
    ) as tar:
        writer = Writer(tar)
        writer.add_bytes(HEAD, json.dumps(asdict(head)).encode())
        yield writer


def read_head(path: Path) -> Head:
    """What the file says it is. Raises BackupError when it is no backup of Milepost."""
    with _reading(path) as (tar, _plain):
        member = tar.next()
        if member is None or member.name != HEAD or not member.isreg():
            raise BackupError(f"{path} is no backup of Milepost.")
        return _head(path, _json(tar, member, path))


def read(path: Path, folder: Path, *, with_media: bool) -> Manifest:
    """Check the whole file, and unpack it into an empty folder, uploads only when they are wanted.

    Raises BackupError when it is no backup, is damaged or cut off, holds a name that would lead out
    of the folder, or was made by a later version of the format.
    """
    found: dict[str, tuple[int, str]] = {}
    manifest: Manifest | None = None
    with _reading(path) as (tar, plain):
        for member in tar:
            if not found and member.name != HEAD:
                raise BackupError(f"{path} is no backup of Milepost.")
            if manifest is not None or not _may_hold(member):
                raise BackupError(
                    f"{path} holds “{member.name}”, which no backup of Milepost has; "
                    "nothing of it was used."
                )
            if member.name == HEAD:
                content = _json(tar, member, path)
                head = _head(path, content)
                if head.format > FORMAT:
                    raise BackupError(
                        f"{path} was made by Milepost {head.version} in a form that this version "
                        "does not know; use that version or a newer one."
                    )
                found[HEAD] = (0, "")
            elif member.name == MANIFEST:
                manifest = _manifest(path, _json(tar, member, path))
            else:
                wanted = with_media or not member.name.startswith(MEDIA)
                found[member.name] = _unpack(tar, member, folder if wanted else None)
        # Damage may lie behind the last member; the end of a gzip file holds a sum of all before.
        while plain.read(_CHUNK):
            pass
    if manifest is None:
        raise BackupError(f"{path} is cut off: its last part is missing.")
    del found[HEAD]
    said = {name: size for name, size in manifest.members.items() if name != HEAD}
    if found != said:
        wrong = min(set(found.items()) ^ set(said.items()))[0]
        raise BackupError(f"{path} is damaged: “{wrong}” is not what was written.")
    if not {DATABASE, SECRET} <= found.keys():
        raise BackupError(f"{path} has no database or no secret key in it.")
    return manifest


@contextmanager
def _reading(path: Path) -> Iterator[tuple[tarfile.TarFile, gzip.GzipFile]]:
    try:
        with gzip.open(path) as plain, tarfile.open(fileobj=plain, mode="r|") as tar:
            yield tar, plain
    except (EOFError, tarfile.TarError, zlib.error, gzip.BadGzipFile, UnicodeDecodeError) as error:
        raise BackupError(f"{path} is damaged or no backup ({error}).") from error
    except FileNotFoundError as error:
        raise BackupError(f"There is no file {error.filename or path}.") from error


def _may_hold(member: tarfile.TarInfo) -> bool:
    """Whether a member has a name that a backup has: an attack would lead out of the folder."""
    if not member.isreg():
        return False
    if member.name in {HEAD, MANIFEST, DATABASE, SECRET, FORMER_SECRETS}:
        return True
    pieces = member.name.split("/")
    is_look = member.name == f"{LOOK}custom.css" or member.name.startswith(f"{LOOK}templates/")
    return (
        (member.name.startswith(MEDIA) or (is_look and member.size <= LARGEST_LOOK))
        and not {"", ".", ".."} & set(pieces)
        and "\0" not in member.name
        and str(PurePosixPath(member.name)) == member.name
    )


def _unpack(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path | None) -> tuple[int, str]:
    """Write the member below the folder, if there is one; its size and hash."""
    source = tar.extractfile(member)
    assert source is not None, "a regular file"  # noqa: S101 - see _may_hold
    reader = HashingReader(source)
    if folder is None:
        while reader.read(_CHUNK):
            pass
        return reader.size, reader.hash.hexdigest()
    path = folder / member.name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        while data := reader.read(_CHUNK):
            file.write(data)
    # As those that the site writes itself: the web server in front may have to read uploads.
    path.chmod(0o644 if member.name.startswith((MEDIA, LOOK)) else 0o600)
    return reader.size, reader.hash.hexdigest()


def _json(tar: tarfile.TarFile, member: tarfile.TarInfo, path: Path) -> dict[str, Any]:
    source = tar.extractfile(member)
    assert source is not None, "a regular file"  # noqa: S101 - see _may_hold
    try:
        value = json.loads(source.read(_LONGEST_JSON))
    except ValueError as error:
        raise BackupError(f"{path} is damaged: “{member.name}” cannot be read.") from error
    if not isinstance(value, dict):
        raise BackupError(f"{path} is damaged: “{member.name}” cannot be read.")
    return value


def _head(path: Path, value: dict[str, Any]) -> Head:
    """The head from its JSON; later formats may say more."""
    try:
        texts = {name: str(value[name]) for name in ("version", "made_at", "site", "reason")}
        return Head(format=int(value["format"]), **texts)
    except (KeyError, TypeError, ValueError) as error:
        raise BackupError(f"{path} is damaged: its head cannot be read.") from error


def _manifest(path: Path, value: dict[str, Any]) -> Manifest:
    try:
        return Manifest(
            format=int(value["format"]),
            version=str(value["version"]),
            made_at=str(value["made_at"]),
            engine=str(value["engine"]),
            migrations={str(app): [str(n) for n in ns] for app, ns in value["migrations"].items()},
            rows={str(table): int(number) for table, number in value["rows"].items()},
            members={
                str(name): (int(size), str(sha256))
                for name, (size, sha256) in value["members"].items()
            },
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BackupError(f"{path} is damaged: its manifest cannot be read.") from error

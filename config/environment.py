"""Reading settings from the environment: a wrong value ends the start with one plain sentence."""

from __future__ import annotations

import argparse
import contextlib
import ipaddress
import os
import secrets
import sys
import tomllib
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import dj_database_url


def stop(sentence: str) -> NoReturn:
    """End the process with one sentence on standard error and status 1."""
    sys.exit(f"Milepost cannot start: {sentence}")


def read_version(pyproject: Path) -> str:
    """The version in the project's file, the one place where it is written."""
    version: str = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]["version"]
    return version


def make_data_dir(path: Path) -> Path:
    """The data folder, made when it is missing and readable by its owner only."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        stop(f"the data folder {path} cannot be made ({error.strerror}); set DATA_DIR to another.")
    return path


def read_secret_key(*, key: str, key_file: str, data_dir: Path) -> str:
    """The secret key: `key`, the content of `key_file`, or one made once in the data folder.

    The file is written whole under another name and then linked into place, so that two processes
    that start together end with the same key. Mode 0600.
    """
    if key:
        return key
    path = Path(key_file) if key_file else data_dir / "secret_key"
    try:
        if not key_file and not path.exists():
            draft = path.with_name(f".secret_key.{os.getpid()}")
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(50))
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
            draft.unlink()
        content = path.read_text().strip()
    except OSError as error:
        stop(f"the secret key in {path} cannot be read or made ({error.strerror}).")
    if len(content) < 32:
        stop(
            f"the secret key in {path} has fewer than 32 characters; it should be long and random."
        )
    return content


def split_site_url(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port of SITE_URL. Stops when it is not a plain address without a path."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if parts.scheme not in {"http", "https"} or not host or parts.path.strip("/") or parts.query:
        stop(f"SITE_URL is “{url}”; it should look like https://example.org, without a path.")
    return parts.scheme, host, port


def served_url(arguments: Sequence[str]) -> str:
    """What a site without SITE_URL is called: the address that `serve` with these arguments has.

    One that listens on every address calls itself localhost; to readers elsewhere it must be told
    what it is called. An address that makes no sense gives '': the command will refuse it.
    """
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    try:
        known, _rest = parser.parse_known_args(arguments)
        # A name is no address, and stands for itself.
        with contextlib.suppress(ValueError):
            address = ipaddress.ip_address(known.host)
            known.host = f"[{known.host}]" if address.version == 6 else known.host
            known.host = "localhost" if address.is_unspecified else known.host
        url = f"http://{known.host}" if known.port == 80 else f"http://{known.host}:{known.port}"
        parts = urlsplit(url)
        return url if parts.hostname and parts.port != 0 and "/" not in known.host else ""
    except (argparse.ArgumentError, ValueError):
        return ""


SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # WAL lets readers go on while one writes; NORMAL is durable under WAL but for power loss, where
    # the last transactions may be missing and the file is whole. FULL keeps those as well.
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        "PRAGMA mmap_size=134217728; PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;"
        "PRAGMA journal_size_limit=67108864"
    ),
}


def read_database(url: str, data_dir: Path) -> dict[str, Any]:
    """Django's database settings from DATABASE_URL; SQLite in the data folder when it is empty.

    Only SQLite and PostgreSQL are supported. Stops with a sentence for anything else.
    """
    if not url:
        url = f"sqlite:///{data_dir / 'milepost.sqlite3'}"
    try:
        database: dict[str, Any] = dict(
            dj_database_url.parse(url, conn_max_age=None, conn_health_checks=True)
        )
    except (ValueError, KeyError):
        stop("DATABASE_URL cannot be read; it should look like postgres://user:secret@host/name.")
    options = database.get("OPTIONS") or {}
    postgresql = database["ENGINE"] == "django.db.backends.postgresql"
    if postgresql and not find_spec("psycopg"):
        stop("PostgreSQL needs the driver psycopg: run “uv sync --extra postgres” first.")
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["OPTIONS"] = {**SQLITE_OPTIONS, **options}
        database["CONN_HEALTH_CHECKS"] = False
    elif not postgresql:
        stop("DATABASE_URL names a database that is neither sqlite nor postgres.")
    return database

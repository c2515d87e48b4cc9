"""Reading settings from the environment: a wrong value ends the start with one plain sentence."""

from __future__ import annotations

import argparse
import contextlib
import ipaddress
import os
import re
import secrets
import sys
import tomllib
from collections.abc import Sequence
from email.utils import parseaddr
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import dj_database_url


def stop(sentence: str) -> NoReturn:
    """End the process with one sentence on standard error and status 1."""
    sys.exit(f"Milepost cannot start: {sentence}")


WORDS = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("0", "false", "no", "off", ""), False),
}


def read_flag(name: str) -> bool:
    """Whether a setting is switched on; it is not when it is missing. Stops for another word."""
    text = os.environ.get(name, "")
    if text.strip().lower() not in WORDS:
        stop(f"{name} is “{text}”; it is true or false.")
    return WORDS[text.strip().lower()]


def read_number(name: str, default: int) -> int:
    """A whole number from 0 on. Stops for anything else."""
    text = os.environ.get(name, "").strip() or str(default)
    if not re.fullmatch(r"[0-9]{1,4}", text):
        stop(f"{name} is “{text}”; it is a whole number such as 0, 1 or 2.")
    return int(text)


# The languages the interface is written in, each by its own name; see docs/translating.md.
LANGUAGES = {"en": "English", "de": "Deutsch"}


def read_language(name: str) -> str:
    """The code of a language of the interface, `en` when it is missing. Stops for another one."""
    text = os.environ.get(name, "").strip().lower() or "en"
    if text not in LANGUAGES:
        known = " or ".join(f"{code} ({language})" for code, language in LANGUAGES.items())
        stop(f"{name} is “{text}”; it is {known}.")
    return text


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


MAIL_BACKENDS = "django.core.mail.backends"
MAIL_OPTIONS = {
    "smtp": {"tls", "from"},
    "smtps": {"from"},
    "console": {"from"},
    "file": {"from"},
}


def read_mail(url: str, site_host: str) -> tuple[dict[str, dict[str, Any]], str]:
    """Django's MAILERS from EMAIL_URL, and the address that mail comes from.

    No mailer at all for an empty one: who would send mail is told that there is none. Stops with a
    sentence for a URL that makes no sense or would send a password readable over the network.
    """
    sender = f"milepost@{_mail_domain(site_host)}"
    if not url:
        return {}, sender
    try:
        parts = urlsplit(url)
        _ = parts.port
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True))
    except ValueError:
        parts, options = urlsplit(""), {}
    known = MAIL_OPTIONS.get(parts.scheme)
    if known is None or parts.fragment:
        # The URL holds a secret, and is not shown.
        stop(
            "EMAIL_URL cannot be read; it should look like smtp://user:secret@host:587?tls=starttls"
            " (with @ : / ? # % in a secret written as %40 and so on), smtps://…, file:///folder"
            " or console:."
        )
    if unknown := sorted(options.keys() - known):
        stop(f"EMAIL_URL has “{unknown[0]}”; known for {parts.scheme}: {', '.join(sorted(known))}.")
    if "from" in options:
        sender = _read_sender(options["from"])
    if parts.scheme in {"smtp", "smtps"}:
        mailer = _read_smtp(parts, options.get("tls", ""))
    elif parts.scheme == "file":
        mailer = _read_mail_folder(parts)
    else:
        mailer = {"BACKEND": f"{MAIL_BACKENDS}.console.EmailBackend"}
    return {"default": mailer}, sender


def _mail_domain(host: str) -> str:
    """What stands behind the @ of an address at this host; a bare number must be in brackets."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.is_loopback:
        return "localhost"
    return f"[IPv6:{address}]" if address.version == 6 else f"[{address}]"


def _read_sender(text: str) -> str:
    _name, address = parseaddr(text)
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", address) or not text.isprintable():
        stop("EMAIL_URL has a “from” that is no address; a plus sign in it is written %2B.")
    return text


def _read_smtp(parts: SplitResult, tls: str) -> dict[str, Any]:
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    host = parts.hostname or ""
    if not host or parts.path.strip("/"):
        stop("EMAIL_URL names no mail server; it should look like smtp://user:secret@host:587.")
    if bool(user) != bool(password):
        stop("EMAIL_URL needs both a user and a password, or neither.")
    if tls not in {"", "starttls", "none"}:
        stop(f"EMAIL_URL has “tls={tls}”; it is starttls or none, and smtps:// is TLS throughout.")
    local = host == "localhost" or _mail_domain(host) == "localhost"
    if password and parts.scheme == "smtp" and not tls and not local:
        stop(
            "EMAIL_URL would send its password readable over the network; add ?tls=starttls, "
            "or ?tls=none if that is meant."
        )
    options = {
        "host": host,
        "port": parts.port,
        "username": user,
        "password": password,
        "use_tls": tls == "starttls",
        "use_ssl": parts.scheme == "smtps",
        # For each step of the talk with the server; Django's default is to wait for ever.
        "timeout": 15,
    }
    return {"BACKEND": f"{MAIL_BACKENDS}.smtp.EmailBackend", "OPTIONS": options}


def _read_mail_folder(parts: SplitResult) -> dict[str, Any]:
    folder = Path(unquote(parts.path))
    if parts.netloc or not parts.path.strip("/"):
        stop("EMAIL_URL names no folder; it should look like file:///var/mail/milepost.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        stop(f"EMAIL_URL names the folder {folder}, which cannot be made ({error.strerror}).")
    return {
        "BACKEND": f"{MAIL_BACKENDS}.filebased.EmailBackend",
        "OPTIONS": {"file_path": str(folder)},
    }

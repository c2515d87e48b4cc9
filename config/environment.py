"""Reading settings from the environment: a wrong value ends the start with one plain sentence.

What was read is written down with its origin, masked where it is secret, for `manage.py config` and
`manage.py doctor`. A setting of a new name is entered in `known_settings.py` and read by a function
that calls `read_text`.
"""

from __future__ import annotations

import os
import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from urllib.parse import parse_qsl, urlsplit

from config.known_settings import KNOWN


def stop(sentence: str) -> NoReturn:
    """End the process with one sentence on standard error and status 1."""
    sys.exit(f"Milepost cannot start: {sentence}")


@dataclass(frozen=True)
class Setting:
    """A setting as it was read: `value` may be shown to anybody, secrets in it are masked.

    `origin` is `environment`, `file`, `default` or `made` (at the first start); `place` is the
    file, or the reason for a default where there is one.
    """

    name: str
    value: str
    origin: str
    place: str
    secret: bool
    meaning: str


# What was read so far, by name; `config.settings` hands it on as ENVIRONMENT.
SETTINGS: dict[str, Setting] = {}
# Defaults that only the command line knows, with the reason: see `set_default`.
_defaults: dict[str, tuple[str, str]] = {}


def set_default(name: str, value: str, reason: str) -> None:
    """What a setting is where nothing sets it, in this process; before the settings are read.

    Whoever says it first is believed.
    """
    _defaults.setdefault(name, (value, reason))


def read_text(name: str, default: str = "") -> str:
    """The text of a setting, from its variable, the file of a secret one, or the default.

    An empty one counts as missing. Stops when the file cannot be read, or when variable and file
    are both set: nobody could tell which one is meant.
    """
    known = KNOWN[name]
    text = os.environ.get(name, "").strip()
    path = os.environ.get(f"{name}_FILE", "").strip() if known.secret else ""
    if text and path:
        stop(f"{name} and {name}_FILE are both set; keep one of them.")
    if path:
        text = _read_file(name, Path(path))
        note(name, text, "file", path)
    elif text:
        note(name, text, "environment")
    else:
        text, reason = _defaults.get(name, (default, ""))
        note(name, text, "default", reason)
    return text


def _read_file(name: str, path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        stop(f"{name}_FILE names {path}, which cannot be read ({error.strerror}).")
    except UnicodeDecodeError:
        stop(f"{name}_FILE names {path}, which is no text.")
    if not text:
        stop(f"{name}_FILE names {path}, which is empty.")
    return text


def note(name: str, value: str, origin: str, place: str = "") -> None:
    """Write down what a setting is and where that comes from; a secret is masked first."""
    known = KNOWN[name]
    shown = masked(value) if known.secret else value
    SETTINGS[name] = Setting(name, shown, origin, place, known.secret, known.meaning)


MASK = "•••"
SECRET_OPTION = re.compile(r"pass|secret|key|token|user", re.IGNORECASE)


def masked(text: str) -> str:
    """A secret as it may be shown: of an address all but its user and password, else nothing.

    >>> masked("postgres://ann:secret@db.example.org/milepost?sslmode=require")
    'postgres://•••@db.example.org/milepost?sslmode=require'
    >>> masked("secret")
    '•••'
    """
    try:
        parts = urlsplit(text)
        _ = parts.port
        options = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return MASK
    # An @ behind the host is one that the address should have encoded: part of a password, perhaps.
    stray = parts.path + parts.fragment if parts.netloc else ""
    stray += "".join(name if name == "from" else name + value for name, value in options)
    if "@" in stray or not re.fullmatch(r"[a-z0-9+]+:(//.*)?", text, re.DOTALL):
        return MASK if text else ""
    shown = text.partition("?")[0]
    if "@" in parts.netloc:
        shown = shown.replace(parts.netloc, f"{MASK}@{parts.netloc.rpartition('@')[2]}", 1)
    hidden = (f"{name}={MASK if SECRET_OPTION.search(name) else value}" for name, value in options)
    return f"{shown}?{'&'.join(hidden)}" if options else shown


WORDS = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("0", "false", "no", "off", ""), False),
}


def read_flag(name: str) -> bool:
    """Whether a setting is switched on; it is not when it is missing. Stops for another word."""
    text = read_text(name, "false")
    if text.lower() not in WORDS:
        stop(f"{name} is “{text}”; it is true or false.")
    return WORDS[text.lower()]


def read_number(name: str, default: int) -> int:
    """A whole number from 0 on. Stops for anything else."""
    text = read_text(name, str(default))
    if not re.fullmatch(r"[0-9]{1,4}", text):
        stop(f"{name} is “{text}”; it is a whole number such as 0, 1 or 2.")
    return int(text)


# The languages the interface is written in, each by its own name; see docs/translating.md.
LANGUAGES = {"en": "English", "de": "Deutsch"}


def read_language(name: str) -> str:
    """The code of a language of the interface, `en` when it is missing. Stops for another one."""
    text = read_text(name, "en").lower()
    if text not in LANGUAGES:
        known = " or ".join(f"{code} ({language})" for code, language in LANGUAGES.items())
        stop(f"{name} is “{text}”; it is {known}.")
    return text


LOG_LEVELS = ("debug", "info", "warning", "error")


def read_log_level(name: str) -> str:
    """A level of Python's logging, `INFO` when it is missing. Stops for another word."""
    text = read_text(name, "info").lower()
    if text not in LOG_LEVELS:
        stop(f"{name} is “{text}”; it is {', '.join(LOG_LEVELS[:-1])} or {LOG_LEVELS[-1]}.")
    return text.upper()


SHORTEST_TOKEN = 16


def read_token(name: str) -> str:
    """A long word that a program brings, '' when it is missing. Stops for a short one."""
    text = read_text(name)
    if text and (len(text) < SHORTEST_TOKEN or not re.fullmatch(r"[!-~]+", text)):
        stop(
            f"{name} has fewer than {SHORTEST_TOKEN} characters, or spaces or accents; it should "
            "be long and random."
        )
    return text


def read_version(pyproject: Path) -> str:
    """The version in the project's file, the one place where it is written."""
    version: str = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]["version"]
    return version


def read_data_dir(default: Path) -> Path:
    """The data folder, made when it is missing and readable by its owner only."""
    path = Path(read_text("DATA_DIR", str(default))).resolve()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        stop(f"the data folder {path} cannot be made ({error.strerror}); set DATA_DIR to another.")
    return path

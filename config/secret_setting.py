"""The secret key, and the ones that the site had before: given, or made in the data folder."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from articles.upkeep.key_files import FORMER, KEY, read_former
from config import environment
from config.environment import note, read_text, stop

SHORTEST_SECRET = 32


def read_secret_key(data_dir: Path) -> str:
    """The secret key that is set, or the one that was made once in the data folder.

    The file is written whole under another name and then linked into place, so that two processes
    that start together end with the same key. Mode 0600.
    """
    key = read_text("SECRET_KEY")
    path = data_dir / KEY
    if not key:
        try:
            if not path.exists():
                # Whoever deleted the key wants an end of what was signed before.
                (data_dir / FORMER).unlink(missing_ok=True)
                _make_secret_key(path)
            key = path.read_text().strip()
        except OSError as error:
            stop(f"the secret key in {path} cannot be read or made ({error.strerror}).")
        except UnicodeDecodeError:
            stop(f"the secret key in {path} cannot be read (it is no text).")
        note("SECRET_KEY", key, "made", str(path))
    if len(key) < SHORTEST_SECRET:
        place = environment.SETTINGS["SECRET_KEY"].place
        stop(
            f"the secret key {f'in {place}' if place else 'in SECRET_KEY'} has fewer than "
            f"{SHORTEST_SECRET} characters; it should be long and random."
        )
    return key


def read_former_keys(data_dir: Path, key: str) -> list[str]:
    """The secret keys that the site had before this one, and still accepts.

    Those that are set, and those that `change_secret_key` keeps where the site made the present
    one. Stops for a short one.
    """
    name = "SECRET_KEY_FALLBACKS"
    text = read_text(name)
    # A key may hold a comma, but not the end of a line.
    found = [each.strip() for each in (text.splitlines() if "\n" in text else text.split(","))]
    keys = [each for each in found if each]
    if any(len(each) < SHORTEST_SECRET for each in keys):
        stop(
            f"{name} holds a key of fewer than {SHORTEST_SECRET} characters; it is former secret "
            "keys, with commas between them or each on a line."
        )
    if environment.SETTINGS["SECRET_KEY"].origin == "made":
        path = data_dir / FORMER
        try:
            kept = read_former(path)
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is no text"
            stop(f"the former secret keys in {path} cannot be read ({reason}).")
        if kept and not keys:
            note(name, ",".join(kept), "file", str(path))
        keys += kept
    return [each for each in dict.fromkeys(keys) if each != key]


def _make_secret_key(path: Path) -> None:
    # A name of its own: processes in two containers may have the same number.
    draft = path.with_name(f".secret_key.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
            # A key that is lost with the power would sign everybody out, or stop the next start.
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)

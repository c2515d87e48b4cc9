"""Changing the secret key, and forgetting the ones that the site had before.

A new key is only written down: what runs goes on with the former one, which the next start still
accepts, and that start seals anew what it sealed. So nothing breaks in between, nor when the
process is killed.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.conf import settings

from articles.accounts import factors
from articles.upkeep.backup.locks import Say, alone, silently
from articles.upkeep.key_files import (
    former_file,
    is_made,
    key_file,
    read_former,
    write_former,
)
from articles.upkeep.small_files import write_whole


class SecretKeyError(Exception):
    """The secret key cannot be changed here; the text says in plain words why, and what to do."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many second factors were sealed anew and how many keys forgotten.

    `are_set` when the environment has former keys too, which a command cannot change.
    """

    resealed: int
    keys: int
    are_set: bool


def change(say: Say = silently) -> int:
    """Put a new secret key into its file, and the present one among the former; how many those are.

    Raises SecretKeyError when the key does not come from that file, and OSError.
    """
    if not is_made():
        raise SecretKeyError(
            "The secret key of this site is set by SECRET_KEY or SECRET_KEY_FILE: set a new one "
            "there, set SECRET_KEY_FALLBACKS to the one that is there now, and start the site "
            "again."
        )
    with alone(say):
        _still_the_present()
        former = [key for key in read_former(former_file()) if key != settings.SECRET_KEY]
        keys = [settings.SECRET_KEY, *former]
        # In this order: whatever cuts it off, the key that seals is one that is accepted.
        write_former(former_file(), keys)
        write_whole(key_file(), secrets.token_urlsafe(50))
        return len(keys)


def reseal() -> int:
    """Seal with the present key what former ones sealed; of how many second factors."""
    # Mostly there are none, and nothing is to be read.
    former = settings.SECRET_KEY_FALLBACKS
    return factors.reseal_all(former) if former else 0


def forget_former(say: Say = silently) -> Forgotten:
    """Seal with the present key what former ones sealed, then accept those no longer.

    Raises SecretKeyError, DatabaseError and OSError; then they are still accepted.
    """
    with alone(say):
        if is_made():
            _still_the_present()
        resealed = 0
        # Once more after a round that found some: a code accepted at that moment writes as it read.
        while count := reseal():
            resealed += count
        keys = 0
        if is_made():
            keys = len(read_former(former_file()))
            former_file().unlink(missing_ok=True)
        return Forgotten(resealed, keys, _are_set())


def _still_the_present() -> None:
    """Raise SecretKeyError when the file has another key than this process was started with."""
    try:
        present = key_file().read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        present = ""
    if present != settings.SECRET_KEY:
        raise SecretKeyError("The secret key was changed at this moment; nothing was done now.")


def _are_set() -> bool:
    return any(
        setting.name == "SECRET_KEY_FALLBACKS"
        and setting.origin in {"environment", "file"}
        # Whoever gives the key may name that file too, and then it is theirs.
        and not (is_made() and setting.place == str(former_file()))
        for setting in settings.ENVIRONMENT
    )

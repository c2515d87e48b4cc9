"""Secrets of second factors are sealed with the site's secret key before they are stored.

So a copy of the database alone gives nobody a code. After the secret key was changed, a former one
in SECRET_KEY_FALLBACKS still opens what it sealed, until that is sealed anew.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import secrets
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes

logger = logging.getLogger(__name__)


def seal(text: str) -> str:
    """The text as it is stored."""
    return _box(site_keys()).encrypt(text.encode()).decode()


def unseal(stored: str) -> str:
    """The text again.

    A secret that was sealed with another key comes back as one that nobody knows: its owner's codes
    are wrong, which the log explains, and nothing breaks.
    """
    try:
        return _box(site_keys()).decrypt(stored.encode()).decode()
    except InvalidToken:
        logger.exception(
            "A second factor was sealed with another secret key: its codes cannot be right. "
            "Set SECRET_KEY_FALLBACKS to that key, or take the factor away with "
            "`manage.py reset_second_factor USER`."
        )
        return base64.b32encode(secrets.token_bytes(20)).decode()


def reseal(stored: str, former: Sequence[str | bytes]) -> str:
    """What one of these former secret keys sealed, sealed with the site's own.

    As it is when it is that already, or when none of them opens it.
    """
    if opens([settings.SECRET_KEY], stored) or not opens(former, stored):
        return stored
    return seal(_box(former).decrypt(stored.encode()).decode())


def opens(keys: Sequence[str | bytes], stored: str) -> bool:
    """Whether one of these secret keys opens it."""
    if not keys:
        return False
    try:
        _box(keys).decrypt(stored.encode())
    except InvalidToken:
        return False
    return True


def site_keys() -> list[str | bytes]:
    """The site's secret key, and then the former ones."""
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _box(keys: Sequence[str | bytes]) -> MultiFernet:
    return MultiFernet([Fernet(_derive(key)) for key in keys])


def _derive(key: str | bytes) -> bytes:
    digest = hashlib.sha256(b"articles.accounts.sealing\n" + force_bytes(key)).digest()
    return base64.urlsafe_b64encode(digest)

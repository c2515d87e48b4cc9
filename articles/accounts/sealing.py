"""Secrets of second factors are sealed with the site's secret key before they are stored.

So a copy of the database alone gives nobody a code. Whoever changes the secret key keeps the old
one in SECRET_KEY_FALLBACKS, or has people set up their factors anew.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes

logger = logging.getLogger(__name__)


def seal(text: str) -> str:
    """The text as it is stored."""
    return _box().encrypt(text.encode()).decode()


def unseal(stored: str) -> str:
    """The text again.

    A secret that was sealed with another key comes back as one that nobody knows: its owner's codes
    are wrong, which the log explains, and nothing breaks.
    """
    try:
        return _box().decrypt(stored.encode()).decode()
    except InvalidToken:
        logger.exception(
            "A second factor was sealed with another secret key: its codes cannot be right. "
            "Take it away with `manage.py reset_second_factor USER`."
        )
        return base64.b32encode(secrets.token_bytes(20)).decode()


def reseal(stored: str, former: str) -> str:
    """What a former secret key sealed, sealed with the site's own; as it is when it was not."""
    try:
        return seal(Fernet(_derive(former)).decrypt(stored.encode()).decode())
    except InvalidToken:
        return stored


def is_sealed_with(stored: str, key: str) -> bool:
    """Whether this secret key opens it."""
    try:
        Fernet(_derive(key)).decrypt(stored.encode())
    except InvalidToken:
        return False
    return True


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derive(key)) for key in keys])


def _derive(key: str | bytes) -> bytes:
    digest = hashlib.sha256(b"articles.accounts.sealing\n" + force_bytes(key)).digest()
    return base64.urlsafe_b64encode(digest)

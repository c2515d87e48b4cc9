"""The addresses of pages, each worked out once: a list has dozens of them."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse


def address_of(name: str, *args: str | int) -> str:
    """The address of the page with this name in the URLconf and these arguments.

    Raises NoReverseMatch when there is none.
    """
    return _address(get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF, name, args)


@lru_cache(maxsize=1024)
def _address(_prefix: str, urlconf: str, name: str, args: tuple[str | int, ...]) -> str:
    return reverse(name, urlconf=urlconf, args=args)

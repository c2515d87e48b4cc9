"""Slugs and keys in addresses: any script's letters, digits, hyphens and underscores."""

from __future__ import annotations

import re

from django.utils.text import slugify

MAX_LENGTH = 160
SLUG = re.compile(r"[-\w]+")
# Words that stand where a slug stands in an address.
RESERVED = {"new", "feed"}


def make_slug(title: str) -> str:
    """The slug of a title, Unicode letters kept; '' when it has neither letters nor digits."""
    return slugify(title, allow_unicode=True)[:MAX_LENGTH].strip("-_")


def is_slug(text: str) -> bool:
    """Whether `text` can stand in an address as it is."""
    return 0 < len(text) <= MAX_LENGTH and SLUG.fullmatch(text) is not None and text not in RESERVED


class SlugConverter:
    """Path converter for Unicode slugs; Django's own `slug` matches ASCII only."""

    regex = r"[-\w]{1,160}"

    def to_python(self, value: str) -> str:
        """The slug as text."""
        return value

    def to_url(self, value: str) -> str:
        """The slug as text; Django percent-encodes it."""
        return value

"""Anchors: the stable ids of an article's parts, prefixed by the part's kind."""

from __future__ import annotations

import re
from collections.abc import Container

from django.utils.text import slugify

MAX_LENGTH = 120
# What a fragment, a key in a file and an HTML id can all hold.
ANCHOR = re.compile(r"[\w.:-]+")


def make_anchor(kind: str, text: str, taken: Container[str]) -> str:
    """A new anchor such as `fact-training-time`, numbered from 2 when the name is `taken`.

    `kind` is the prefix (`fact`, `section` …), `text` what the part is called. Letters of any
    script are kept; a text without letters or digits gives `kind-1`, `kind-2` …
    """
    stem = slugify(text, allow_unicode=True)[: MAX_LENGTH - len(kind) - 8].strip("-_")
    base = f"{kind}-{stem or 1}"
    anchor, number = base, 1
    while anchor in taken:
        number += 1
        anchor = f"{base}-{number}" if stem else f"{kind}-{number}"
    return anchor


def is_anchor(kind: str, text: str) -> bool:
    """Whether `text` can be the anchor of a part of this kind."""
    return (
        text.startswith(f"{kind}-")
        and len(kind) + 1 < len(text) <= MAX_LENGTH
        and ANCHOR.fullmatch(text) is not None
    )

"""The fields that may stand at the head of a plain text, between two lines `---`."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from articles.formats import front_matter
from articles.formats.notes import Notes
from articles.formats.text_lines import Line, split_lines

NAMES = ("title", "slug", "language", "category", "author", "short_answer")
_FENCE = re.compile(r"(?:---|\.\.\.)\s*")
_KEY = re.compile(r"[^\W\d][\w-]*\s*:(?:\s|$)")


def split_head(text: str, notes: Notes) -> tuple[dict[str, str], tuple[str, ...], list[Line]]:
    """The fields of the front matter, its tags, and the lines below it.

    A first line `---` without a second one, or without fields behind it, is a drawn line. Fields
    that nobody knows are reported. Raises FileError where the front matter cannot be read.
    """
    lines = split_lines(text)
    end = _end_of_head(lines)
    if end == 0:
        return {}, (), lines
    values, places = front_matter.read("\n".join(line.text for line in lines[1:end]), 2)
    fields: dict[str, str] = {}
    tags: tuple[str, ...] = ()
    for name, value in values.items():
        if name in NAMES and isinstance(value, str):
            fields[name] = value
        elif name == "tags":
            names = value.split(",") if isinstance(value, str) else value
            tags = tuple(str(tag).strip() for tag in names if str(tag).strip())
        else:
            message = _("The field “%(name)s” of the front matter is not known: “%(value)s”.")
            notes.lost(places[name], message % {"name": name, "value": value})
    return fields, tags, split_lines("\n".join(line.text for line in lines[end + 1 :]), end + 2)


def has_format(text: str) -> bool:
    """Whether the front matter says `format:`, so that the text is an article in Markdown."""
    lines = split_lines(text)
    head = lines[1 : _end_of_head(lines)]
    return any(re.match(r"format\s*:", line.text) for line in head)


def _end_of_head(lines: list[Line]) -> int:
    """The index of the line that ends the front matter; 0 when there is none."""
    if not lines or not re.fullmatch(r"---\s*", lines[0].text):
        return 0
    for at, line in enumerate(lines[1:], start=1):
        if _FENCE.fullmatch(line.text):
            return at if any(_KEY.match(other.text) for other in lines[1:at]) else 0
    return 0

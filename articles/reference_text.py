"""References in words: people's names, and the short form that stands beside a statement."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from timeline.dates import DateError, show

# Names with one of these words are bodies, not people, and stay whole.
BODY_WORDS = re.compile(
    r"(?i)\b(of|and|for|the|parliament|committee|commission|council|organi[sz]ation|institute|"
    r"university|association|foundation|academy|agency|society|group|bureau|office|union|ministry|"
    r"department|court|bank|museum|library|press|team|collaboration|editors?)\b|&"
)
PARTICLES = {"van", "von", "der", "den", "de", "del", "della", "di", "da", "la", "le", "ter", "al"}
MOST_NAMES = 3
# What stands in place of authors who are not named.
AND_OTHERS = re.compile(r"(?i)(?:and |& )?(?:et al\.?|others)")
# More authors than this are cut off in the reference list.
MOST_AUTHORS = 10


def family_name(author: str) -> str:
    """The part of a name that a short reference uses: `Alex Krizhevsky` -> `Krizhevsky`."""
    if AND_OTHERS.fullmatch(author):
        return author
    if "," in author:
        return author.partition(",")[0].strip()
    words = author.split()
    if len(words) < 2 or BODY_WORDS.search(author):
        return author
    for index, word in enumerate(words[1:-1], start=1):
        if word in PARTICLES:
            return " ".join(words[index:])
    return words[-1]


def joined(names: Sequence[str], most: int) -> str:
    """Names as people write them: `A`, `A & B`, `A, B & C`, and `A et al.` beyond `most`.

    A last name that says "and others" itself is not a name.
    """
    if len(names) > 1 and AND_OTHERS.fullmatch(names[-1]):
        named = names[:-1] if len(names) - 1 <= most else names[:1]
        return _("%(name)s et al.") % {"name": ", ".join(named)}
    if len(names) > most:
        return _("%(name)s et al.") % {"name": names[0]}
    if len(names) < 2:
        return "".join(names)
    first = ", ".join(names[:-1])
    return _("%(names)s & %(last)s") % {"names": first, "last": names[-1]}


def authors_text(authors: Sequence[str]) -> str:
    """All authors in full, as the reference list has them."""
    return joined(authors, MOST_AUTHORS)


def year_text(year: str) -> str:
    """The year of a reference in the reader's words; '' when there is none."""
    try:
        return show(year) if year else ""
    except DateError:
        return year


def short_text(reference: dict[str, Any]) -> str:
    """`Krizhevsky, Sutskever & Hinton 2012`: what stands beside a statement."""
    names = joined([family_name(author) for author in reference["authors"]], MOST_NAMES)
    name = names or reference["title"] or reference["container"] or reference["key"]
    return f"{name} {year_text(reference['year'])}".strip()

"""Dates of history: read what editors write, show it to readers, compare it in days.

This is the door to all date code: EDTF (`edtf`), English (`human_dates`, `human_ranges`), German
(`german_dates`), words for readers (`date_display`), dates in running text (`date_finding`) and day
numbers. A stored date is its EDTF text and four day numbers; with them, for a reader's range of
days,

    possibly in it:   start_min <= to and end_max >= from
    certainly in it:  start_max <= to and end_min >= from
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from django.utils.translation import gettext_lazy as _

from timeline.date_display import datetime_attribute, show
from timeline.date_finding import find_dates, find_leading_date
from timeline.day_numbers import civil_date, day_number, days_of_year, year_of
from timeline.edtf import (
    MAX_LENGTH,
    MAX_YEAR,
    OPEN_END,
    OPEN_START,
    Bounds,
    DateError,
    HistoricalDate,
    NotEdtf,
    Precision,
    parse_edtf,
)
from timeline.german_dates import in_english
from timeline.human_dates import plain_characters, unqualified
from timeline.human_ranges import readings

__all__ = [
    "MAX_YEAR",
    "OPEN_END",
    "OPEN_START",
    "Bounds",
    "DateError",
    "HistoricalDate",
    "Precision",
    "civil_date",
    "datetime_attribute",
    "day_number",
    "days_of_year",
    "find_dates",
    "find_leading_date",
    "parse",
    "parse_edtf",
    "show",
    "year_of",
]

_SHOWN_IN_MESSAGES = 40
# What editors type that could mean two things, and what to type instead.
_HINTS = (
    (
        re.compile(r"\d{1,2}[-/]\d{1,2}[-/]\d{2,4}"),
        _("“%(text)s” could be two different days: write it like 12 June 2017 or 2017-06-12."),
    ),
    (
        re.compile(r"\d{4}/\d{1,2}"),
        _("“%(text)s” could be a month or a range: write it like 2017-06 or 2017–2018."),
    ),
    (
        re.compile(r"\d{1,2}\.\d{1,2}\.\d{2}|['’]\d\d"),
        _("“%(text)s” lacks its century: write all four digits of the year."),
    ),
    (
        re.compile(r"(?:the )?['’]?\d0['’]?s", re.IGNORECASE),
        _("“%(text)s” lacks its century: write it like 1960s."),
    ),
    (
        re.compile(r"\d{1,2}"),
        _("“%(text)s” may be a year of either era: write it like AD 44 or 44 BC."),
    ),
    (
        re.compile(r"(?:AD|CE|BCE?)? ?0+ ?(?:AD|CE|BCE?)?", re.IGNORECASE),
        _("No era has a year 0: write 1 BC or AD 1."),
    ),
    (
        re.compile(r".*\byears? ago", re.IGNORECASE),
        _("“%(text)s” depends on when it is read: write the year itself."),
    ),
    (
        re.compile(r"\d{5,}"),
        _("“%(text)s” is not a year: write at most four digits, or add BC or AD."),
    ),
    (
        re.compile(r".*\d[T ]\d\d:\d\d.*"),
        _("“%(text)s” has a time of day: write only the date."),
    ),
)


def parse(text: str) -> HistoricalDate:
    """Read a date as editors type it: EDTF, or English or German words.

    Raises DateError, whose text tells the editor what to type instead.
    """
    if len(text) > MAX_LENGTH:
        raise DateError(_("This is too long for a date: write only the date."))
    plain = plain_characters(text).strip()
    if not plain:
        raise DateError(_("Write a date, for example 2012, June 2017, 1940s or c. 44 BC."))
    problems = []
    for edtf in chain([plain], _understood(plain), _understood(in_english(plain))):
        try:
            return parse_edtf(edtf)
        except NotEdtf:
            continue
        except DateError as error:
            problems.append(error)
    raise problems[0] if problems else _unreadable(plain)


def _understood(text: str) -> Iterator[str]:
    """Every way to read the whole of an English text, in EDTF."""
    return (edtf for end, edtf in readings(text) if end == len(text))


def _unreadable(plain: str) -> DateError:
    """What to say about a text that is no date in any form we know."""
    text = "".join(character for character in plain if character.isprintable())
    text = text if len(text) <= _SHOWN_IN_MESSAGES else text[:_SHOWN_IN_MESSAGES].rstrip() + "…"
    # "c. 77" lacks what "77" lacks.
    ways = (plain, unqualified(in_english(plain)))
    for form, message in _HINTS:
        if any(form.fullmatch(way) for way in ways):
            return DateError(message, text=text)
    return DateError(
        _(
            "“%(text)s” is not understood as a date: write it like 2012, 12 June 2017, 1940s, "
            "c. 44 BC, 1914–1918 or since 2012."
        ),
        text=text,
    )

"""Dates inside running text, for importers: at the start of a line, or anywhere in one.

Text has more numbers than dates. A bare number counts as a year only from 1000 to 2199, with four
digits and nothing behind it that makes it a quantity; other years need an era, "c." or "circa".
Whether "2001: A Space Odyssey" begins with a date is for the caller to judge. Where "1922-24" can
be a season in EDTF, text means the range.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from timeline.day_numbers import year_of
from timeline.edtf import OPEN_END, OPEN_START, POINT_PATTERN, DateError, HistoricalDate, parse_edtf
from timeline.human_dates import CIRCA, ERA, MONTH, ORDINAL, Reading, plain_characters
from timeline.human_ranges import readings

# The longest date in words is shorter; this bounds the work at each place of a long line.
_WINDOW = 100
_FIRST_BARE_YEAR, _LAST_BARE_YEAR = 1000, 2199

# A negative year must begin with 0: "-2012" is a line of a list more often than 2013 BC.
_EDTF = re.compile(
    rf"\[(?:{POINT_PATTERN})?\.\.(?:{POINT_PATTERN})?\]"
    rf"|(?!-[1-9]){POINT_PATTERN}(?:/(?:{POINT_PATTERN}|\.\.))?"
)
# What cannot stand directly behind a date: the rest of a longer word or number, or a quantity.
_GOES_ON = re.compile(
    r"\w|\s?%|['’]s\b|[.,:–]\d|/\w|-[a-z0-9]"
    r"|\s+(?i:thousand|million|billion|trillion|hundred|percent)\b"
)
# What cannot stand directly before one.
_STARTS_INSIDE = re.compile(r"[\w$€£¥#+&=@_/-]$|\d[.,:–'’]$")
_CANDIDATE = re.compile(
    rf"[\d~≈]|\[(?=[\dY.-])|-0|Y-?\d|(?<!\w)(?:{MONTH}\b|{CIRCA}\d|{ERA}|{ORDINAL}\b|Q[1-4]\b"
    r"|(?:c|ca|circa|about|around|approx|approximately|roughly|the|decade|early|mid|middle|late|beginning"
    r"|start|end|possibly|probably|perhaps|maybe|spring|summer|autumn|fall|winter|between|from"
    r"|since|until|till?|before|prior|after|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b)",
    re.IGNORECASE,
)
# What makes a year that is not a bare four-digit number a date all the same.
_IS_EXPLICIT = re.compile(
    rf"{ERA}|\b(?:century|millennium|ago|BP|kya|mya|bya|Ma|Ga|ka)\b|(?<!\w)c(?:a|irca)?[.\s\d]"
    r"|^(?:\[|Y|-0)|X|~|^\d{4}[-/]\d\d",
    re.IGNORECASE,
)
# "2012 ad campaign" has no era, and a dash behind a date divides it from its title.
_IS_CUT_WRONG = re.compile(r"\b(?:ad|ce)$|^(?:ad|ce)\b|[-–%]$")


def find_leading_date(text: str) -> tuple[HistoricalDate, str, int] | None:
    """The longest date at the very start of a line: the date, its text, and where it ends.

    Spaces before it are skipped. None where the line begins with no date.
    """
    plain = plain_characters(text)
    start = len(plain) - len(plain.lstrip())
    found = _longest_at(plain, start)
    if found is None:
        return None
    end, date = found
    return date, text[start:end], end


def find_dates(text: str) -> list[tuple[int, int, HistoricalDate]]:
    """All dates in a line, the longest reading of each: where it starts, where it ends, the date.

    They come in order and do not overlap.
    """
    plain = plain_characters(text)
    found = []
    position = 0
    while match := _CANDIDATE.search(plain, position):
        start = match.start()
        position = start + 1
        if _STARTS_INSIDE.search(plain[max(0, start - 2) : start]):
            continue
        if longest := _longest_at(plain, start):
            position, date = longest
            found.append((start, position, date))
    return found


def _longest_at(plain: str, start: int) -> tuple[int, HistoricalDate] | None:
    """The longest acceptable reading at a position."""
    if not _CANDIDATE.match(plain, start):
        return None
    window = plain[start : start + _WINDOW]
    # Sorting keeps the order of equals: what people mean before what EDTF would say.
    for length, edtf in sorted(_all_readings(window), key=lambda reading: -reading[0]):
        end = start + length
        if _GOES_ON.match(plain, end) or _IS_CUT_WRONG.search(plain[start:end]):
            continue
        try:
            date = parse_edtf(edtf)
        except DateError:
            continue
        if _has_bare_years_only(date) or _IS_EXPLICIT.search(plain[start:end]):
            return end, date
    return None


def _all_readings(window: str) -> Iterator[Reading]:
    yield from readings(window)
    if match := _EDTF.match(window):
        yield match.end(), match[0]


def _has_bare_years_only(date: HistoricalDate) -> bool:
    """Whether every year of the date may stand in text without an era."""
    ends = (date.bounds.start_min, date.bounds.end_max)
    years = [year_of(day) for day in ends if day not in (OPEN_START, OPEN_END)]
    return all(_FIRST_BARE_YEAR <= year <= _LAST_BARE_YEAR for year in years)

"""The date of one line of a timeline, and what remains of the line as its title."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from articles.formats.labels import unbold
from timeline.dates import (
    OPEN_START,
    DateError,
    HistoricalDate,
    find_dates,
    find_leading_date,
    parse,
    parse_edtf,
    year_of,
)

_EMPHASISED = re.compile(r"(\*\*\*|\*\*|__|\*|_|`)(?=\S)(.{1,60}?)(?<=\S)\1(.*)", re.DOTALL)
_BRACKETED = re.compile(r"[\[(]([^\[\]()]{1,40})[\])](?!\()(.*)", re.DOTALL)
_BEFORE_DATE = re.compile(
    r"(?:in|on|at|by|year|the year|date|in the|by the|during)\s+(?=\S)", re.IGNORECASE
)
_SEPARATOR = re.compile(r"^(?:\s*[:：|–—=→>,;.]+|\s*-+(?=\s|>)|\s*-(?=[^\W\d]))+\s*|^\s+")
_SPLIT = re.compile(r"\s*[:：|→]\s+|\s+[–—-]+\s+|\t+|\s*：\s*")
_SMALL_YEAR = re.compile(r"(\d{1,3})(?=\s*[:：–—|]|\s+-\s|\.?\s+[^\W\d_])(?!\s+(?:[a-z]|%|°))")
_IN_BRACKETS_AT_END = re.compile(r"(.*\S)\s*[\[(]([^\[\]()]{2,40})[\])]\s*\.?", re.DOTALL)
_BEHIND_MARK_AT_END = re.compile(r"(.*\S)\s*(?:\s[–—-]+|[:,|])\s+([^:,|]{2,40}?)\.?", re.DOTALL)


# No date is looked for within a line that is longer.
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a line. `why` tells what was guessed, or is ''."""

    date: HistoricalDate
    title: str
    why: str = ""

    @property
    def year(self) -> int:
        """The astronomical year by which milestones stand in order."""
        bounds = self.date.bounds
        return year_of(bounds.end_max if bounds.start_min == OPEN_START else bounds.start_min)


def year_of_date(date: HistoricalDate) -> int:
    """The year by which a date is put in order."""
    return Reading(date, "").year


@lru_cache(maxsize=1024)
def read_date(text: str) -> HistoricalDate | None:
    """The date a whole text says, or None."""
    text = unbold(text).strip("[]() ").rstrip(":：. ")
    if not re.search(r"\w", text):
        return None
    try:
        return parse(text)
    except DateError:
        return None


@lru_cache(maxsize=1024)
def leading(text: str) -> Reading | None:
    """The reading of a line that begins with its date: "12 June 2017: …", "**1940s** …"."""
    text = text.strip()
    if match := _EMPHASISED.match(text) or _BRACKETED.match(text):
        inner, rest = match.groups()[-2:]
        if date := read_date(inner):
            return Reading(date, _title(rest))
        # The date and a part of the title: "**2012: AlexNet** wins".
        if (found := _plain_leading(inner)) and found.title:
            return Reading(found.date, f"{found.title} {rest.strip()}".strip(), found.why)
    if found := _plain_leading(text):
        return found
    if (match := _BEFORE_DATE.match(text)) and (found := _plain_leading(text[match.end() :])):
        return found
    return None


def _plain_leading(text: str) -> Reading | None:
    best: Reading | None = None
    if found := find_leading_date(text):
        best = Reading(found[0], _title(text[found[2] :]))
    # What stands before the first mark may be a date that only a whole text can be: "476: …".
    pieces = _SPLIT.split(text, maxsplit=1)
    rest = _title(pieces[-1])
    is_longer = best is None or len(rest) < len(best.title)
    if len(pieces) == 2 and is_longer and (date := read_date(pieces[0])):
        return Reading(date, rest)
    if best is None and (date := read_date(text)):
        return Reading(date, "")
    if best is None and (match := _SMALL_YEAR.match(text)):
        why = f"{match[1]} was taken for a year of our era"
        return Reading(small_year(int(match[1])), _title(text[match.end() :]), why)
    return best


def small_year(number: int) -> HistoricalDate:
    """A year below 1000 of our era."""
    return parse_edtf(f"{number:04d}")


def _title(text: str) -> str:
    return _SEPARATOR.sub("", text).strip()


@lru_cache(maxsize=1024)
def elsewhere(text: str) -> Reading | None:
    """The reading of a line that has its date at the end or in the middle."""
    if len(text) > _LONGEST:
        return None
    for form in (_IN_BRACKETS_AT_END, _BEHIND_MARK_AT_END):
        if (match := form.fullmatch(text.strip())) and (date := read_date(match[2])):
            return Reading(date, match[1].rstrip(" :–—-,|"), "end")
    if found := find_dates(text):
        return Reading(found[0][2], text.strip(), "inside")
    return None

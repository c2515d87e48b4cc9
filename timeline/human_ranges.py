"""Ranges and open ends as people write them in English, and all readings of a text together.

- "from 1914 to 1918" and "1914–1918" are an extent, 1914/1918; "between 1914 and 1918" is one date
  somewhere within, [1914..1918].
- "since 2012", "2012–" and "2012–present" are 2012/..; "until 2012" is ../2012; "2012–?" is 2012/.
- "before 1500" is one date that lies before it, [..1499]; "after 1500" is [1501..].
- "1914–18" shares the century. With a hyphen EDTF comes first: "2011-12" is December 2011.
- "c. 1914–1918" is circa at its start only; "218–201 BC" is BC at both ends.
- "440s BC" (449 to 440 BC) has no common digits in astronomical years: [-0448..-0439].
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Literal

from timeline.edtf import DateError, neighbour, point_edtf, qualifier, read, year_edtf
from timeline.human_dates import (
    AFTER_DAY,
    AGO,
    AMOUNT,
    CIRCA,
    DAY,
    ERA,
    IN,
    MONTH,
    NUMBER,
    ORDINAL,
    YEAR,
    Reading,
    astronomical,
    century_edtf,
    compiled,
    date_edtf,
    decade_edtf,
    qualified,
    unit_factor,
    with_era,
    years_ago,
)

# End of the reading, the two sides in EDTF, and the word or dash between them.
_Range = tuple[int, str, str, str]

_TO = r"(?P<to>\s*[-–]\s*|\s+(?:to|until|till|through|thru|and)\s+)"
_BETWEEN_DATES = compiled(_TO)
_DAYS_OF_MONTH = compiled(rf"(?P<day>{DAY}){_TO}(?P<day2>{DAY})\s+(?P<month>{MONTH}){IN}{YEAR}")
_MONTH_AND_DAYS = compiled(
    rf"(?P<month>{MONTH})\s+(?P<day>{DAY}){_TO}(?P<day2>{DAY}){AFTER_DAY}{YEAR}"
)
_MONTHS_OF_YEAR = compiled(rf"(?P<month>{MONTH}){_TO}(?P<month2>{MONTH}){IN}{YEAR}")
_DAYS_OF_YEAR = compiled(
    rf"(?P<day>{DAY})\s+(?P<month>{MONTH}){_TO}(?P<day2>{DAY})\s+(?P<month2>{MONTH}){IN}{YEAR}"
)
_MONTHS_AND_DAYS = compiled(
    rf"(?P<month>{MONTH})\s+(?P<day>{DAY}){_TO}(?P<month2>{MONTH})\s+(?P<day2>{DAY})"
    rf"{AFTER_DAY}{YEAR}"
)
_YEARS_OF_ERA = compiled(
    rf"(?P<circa>{CIRCA})?(?:(?P<before>{ERA})\s*)?(?P<first>{NUMBER}){_TO}"
    rf"(?P<circa2>{CIRCA})?(?P<last>{NUMBER})(?:\s*(?P<after>{ERA}))?"
)
_SHARED_CENTURY = compiled(
    rf"(?P<circa>{CIRCA})?(?P<century>\d\d)(?P<first>\d\d)(?P<to>[-–/])(?P<last>\d\d)(?!\d)"
)
_SHARED_DECADES = compiled(rf"(?:the\s+)?(?P<year>\d{{3}}0)s{_TO}(?:the\s+)?['’]?(?P<next>\d)0s")
_CENTURIES = compiled(
    rf"(?:the\s+)?(?P<ordinal>{ORDINAL}){_TO}(?:the\s+)?(?P<ordinal2>{ORDINAL})[\s-]+"
    rf"(?P<unit>centur(?:y|ies)|millenni(?:um|a))(?:\s*(?P<era>{ERA}))?"
)
_YEARS_AGO = compiled(
    rf"(?P<circa>{CIRCA})?(?P<first>{AMOUNT}){_TO}(?P<circa2>{CIRCA})?(?P<last>{AMOUNT}){AGO}"
)
_RANGE_WORD = compiled(r"(?P<word>between|from)\s+")
_DECADE_BC = compiled(r"(?:the\s+)?(?P<tens>\d{1,3})0s\s*(?:BCE?|B\.C\.(?:E\.)?)(?![a-z])")
_QUARTER = compiled(r"Q(?P<quarter>[1-4])[\s,]+(?P<year>\d{4})")
_SINCE = compiled(r"(?:since|from)\s+")
_UNTIL = compiled(r"(?:until|till?|up\s+to)\s+|–\s*")
_BEFORE = compiled(r"(?:before|prior\s+to)\s+")
_AFTER = compiled(r"after\s+")
_STILL = compiled(
    r"(?:\s*[-–]\s*|\s+(?:to|until|till)\s+)(?:the\s+)?(?:present(?:\s+day)?|now|today)|\s+onwards?"
)
_TRAILING_DASH = re.compile(r"\s*[-–]$")
_UNKNOWN_END = re.compile(r"\s*–\s*\?")
_UNKNOWN_START = re.compile(r"\?\s*–\s*")


def _ranges_within_a_year(text: str, at: int) -> Iterator[_Range]:
    """Ranges of days and months that name the year, or the month and the year, once."""
    for form in (_DAYS_OF_MONTH, _MONTH_AND_DAYS):
        if (match := form.match(text, at)) and (year := astronomical(match)) is not None:
            month = match["month"]
            start, end = (date_edtf(year, month, match[name]) for name in ("day", "day2"))
            yield match.end(), start, end, match["to"]
    for form in (_DAYS_OF_YEAR, _MONTHS_AND_DAYS):
        if (match := form.match(text, at)) and (year := astronomical(match)) is not None:
            start = date_edtf(year, match["month"], match["day"])
            yield match.end(), start, date_edtf(year, match["month2"], match["day2"]), match["to"]
    if (match := _MONTHS_OF_YEAR.match(text, at)) and (year := astronomical(match)) is not None:
        start, end = (date_edtf(year, match[name]) for name in ("month", "month2"))
        yield match.end(), start, end, match["to"]


def _ranges_of_one_era(text: str, at: int) -> Iterator[_Range]:
    """Ranges like "218–201 BC" and "66–56 million years ago": era or unit stand once."""
    if match := _YEARS_OF_ERA.match(text, at):
        era = match["before"] or match["after"]
        if era and not (match["before"] and match["after"]):
            years = [with_era(int(match[name].replace(",", "")), era) for name in ("first", "last")]
            if None not in years:
                sides = [year_edtf(year) for year in years if year is not None]
                yield match.end(), *_circa_sides(match, sides), match["to"]
    if match := _YEARS_AGO.match(text, at):
        ago = [years_ago(match[name], unit_factor(match)) for name in ("first", "last")]
        if ago[0] and ago[1]:
            yield match.end(), ago[0], ago[1], match["to"]


def _circa_sides(match: re.Match[str], sides: list[str]) -> tuple[str, str]:
    first, last = sides
    return (
        first + qualifier(circa=bool(match["circa"]), uncertain=False),
        last + qualifier(circa=bool(match["circa2"]), uncertain=False),
    )


def _ranges_with_shared_digits(text: str, at: int) -> Iterator[_Range]:
    """Ranges like "1914–18", "1940s–50s" and "18th–19th century"."""
    if match := _SHARED_CENTURY.match(text, at):
        century, first, last, to = match.group("century", "first", "last", "to")
        # 2011-12 is a month, 2012/13 is the custom of sports and budgets, 2012/17 is nobody's.
        is_range = (
            last > first
            and {
                "–": True,
                "-": int(last) > 12,
                "/": int(last) == int(first) + 1 and int(last) > 12,
            }[to]
        )
        if is_range:
            mark = qualifier(circa=bool(match["circa"]), uncertain=False)
            yield match.end(), century + first + mark, century + last, to
    if match := _SHARED_DECADES.match(text, at):
        year = match["year"]
        end = decade_edtf(f"{year[:2]}{match['next']}0")
        yield match.end(), decade_edtf(year), end, match["to"]
    if match := _CENTURIES.match(text, at):
        unit, era = match["unit"], match["era"]
        sides = [century_edtf(match[name], unit, era) for name in ("ordinal", "ordinal2")]
        if sides[0] and sides[1]:
            yield match.end(), sides[0], sides[1], match["to"]


def _ranges_of_two_dates(text: str, at: int) -> Iterator[_Range]:
    for middle, start in qualified(text, at):
        if match := _BETWEEN_DATES.match(text, middle):
            for end, last in qualified(text, match.end()):
                yield end, start, last, match["to"]


def _ranges(text: str, at: int) -> Iterator[Reading]:
    word = ""
    if match := _RANGE_WORD.match(text, at):
        word, at = match["word"].lower(), match.end()
    forms = (
        _ranges_within_a_year,
        _ranges_of_one_era,
        _ranges_with_shared_digits,
        _ranges_of_two_dates,
    )
    for end, first, last, to in chain.from_iterable(form(text, at) for form in forms):
        if word == "between":
            yield end, f"[{first}..{last}]"
        elif to.strip().lower() != "and":
            yield end, f"{first}/{last}"


def _open_ranges(text: str, at: int) -> Iterator[Reading]:
    since = _SINCE.match(text, at)
    for end, edtf in qualified(text, since.end() if since else at):
        still = _STILL.match(text, end) or _TRAILING_DASH.match(text, end)
        if still:
            yield still.end(), f"{edtf}/.."
        elif since:
            yield end, f"{edtf}/.."
        elif unknown := _UNKNOWN_END.match(text, end):
            yield unknown.end(), f"{edtf}/"
    for form, start in ((_UNTIL, "../"), (_UNKNOWN_START, "/")):
        if match := form.match(text, at):
            for end, edtf in qualified(text, match.end()):
                yield end, start + edtf


def _beside(edtf: str, direction: Literal[-1, 1]) -> str:
    """The first date after, or the last one before, in EDTF."""
    try:
        point = read(edtf).points[0]
    except DateError:
        # A day that does not exist has none beside it: whoever reads the answer says so.
        return edtf
    return point_edtf(neighbour(point, direction))


def _on_one_side(text: str, at: int) -> Iterator[Reading]:
    """Dates like "before 1500" and "after 1500"."""
    if match := _BEFORE.match(text, at):
        for end, edtf in qualified(text, match.end()):
            yield end, f"[..{_beside(edtf, -1)}]"
    if match := _AFTER.match(text, at):
        for end, edtf in qualified(text, match.end()):
            yield end, f"[{_beside(edtf, 1)}..]"


def _one_of_several(text: str, at: int) -> Iterator[Reading]:
    """Dates like "440s BC" and "Q3 2019": one within a span that has no name in EDTF."""
    if match := _DECADE_BC.match(text, at):
        last = 1 - 10 * int(match["tens"])
        yield match.end(), f"[{year_edtf(last - 9)}..{year_edtf(last)}]"
    if match := _QUARTER.match(text, at):
        year, month = int(match["year"]), int(match["quarter"]) * 3
        yield match.end(), f"[{date_edtf(year, month - 2)}..{date_edtf(year, month)}]"


def readings(text: str, at: int = 0) -> Iterator[Reading]:
    """Every date that can be read from position `at`: where it ends, and its EDTF.

    The text is already in plain characters (`plain_characters`). Longer and shorter readings come
    in no order, and some name days that do not exist.
    """
    for form in (_ranges, _open_ranges, _on_one_side, _one_of_several, qualified):
        yield from form(text, at)

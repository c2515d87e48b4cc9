"""Single dates as people write them in English, read as EDTF; for ranges see `human_ranges`.

Every function yields all the ways a text can be read from one position, and leaves it to
`parse_edtf` to refuse days that do not exist. Conventions, where usage is not one:

- 44 BC is the astronomical year -43: `-0043`.
- "19th century" is 18XX (1800 to 1899), "3rd century BC" is -02XX (300 to 201 BC).
- "1940s" is 194X. "1800s" is the century 18XX; only "2000s" is the decade 200X. Other decades
  without a clear name are "decade 1900–1909".
- early, mid and late, as about, are circa: "early 1940s" is 194X~.
- "years ago" is always circa. A million and more is the negative year (Y-300000000~). Fewer are
  counted back from 2001, so that round numbers stay round: 10,000 years ago is c. 8000 BC.
  "BP" counts back from 1950, as archaeologists do.
- 12.06.2017 is 12 June: dots are written where the day comes first. 12/06/2017 is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain

from timeline.edtf import POINT_PATTERN, qualifier, year_edtf

# Where a reading ends in the text, and what it says in EDTF.
Reading = tuple[int, str]

_WORD_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
    *("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth"),
    *("seventeenth", "eighteenth", "nineteenth", "twentieth", "twenty-first"),
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
_UNITS = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_UNITS |= {"ka": 10**3, "kya": 10**3, "ma": 10**6, "mya": 10**6, "ga": 10**9, "bya": 10**9}

ERA = r"(?:BCE?|B\.C\.(?:E\.)?|AD|A\.D\.|CE|C\.E\.)(?![a-z])"
MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?\.?|july?\.?"
    r"|aug(?:ust|\.)?|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d{1,30})"
AMOUNT = rf"{NUMBER}(?:\.\d{{1,9}})?"
DAY = r"\d{1,2}(?!\d)(?:st|nd|rd|th)?"
_SEASON = r"(?P<season>spring|summer|autumn|fall|winter)"
ORDINAL = rf"(?:\d{{1,3}}(?:st|nd|rd|th)|{'|'.join(reversed(_WORD_ORDINALS))})"
# A year with or without its era; `astronomical` reads it.
YEAR = rf"(?:(?P<before>{ERA})\s*)?(?P<year>{NUMBER})(?:\s*(?P<after>{ERA}))?"
AGO = (
    r"(?:(?:\s*(?P<unit>thousand|million|billion))?\s+years\s+ago"
    r"|\s*(?P<short>mya|bya|kya|(?-i:Ma|Ga|ka))(?![a-z]))"
)
CIRCA = r"(?:circa|ca\.?|c\.|(?-i:c)(?=\s?\d)|about|around|approx(?:imately|\.)?|roughly|[~≈])\s*"


_DASHES = dict.fromkeys("‐‑−", "-") | dict.fromkeys("‒–—―", "–")


def plain_characters(text: str) -> str:
    """The same text, as long as before, with ASCII digits and plain spaces and dashes.

    Digits of every script, spaces of every width and marks of direction are what word processors
    and web pages leave in dates. Dashes become "–", hyphens and the minus sign "-".
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_plain_character(character) for character in text)


def _plain_character(character: str) -> str:
    if character in _DASHES:
        return _DASHES[character]
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    category = unicodedata.category(character)
    return " " if category in ("Zs", "Zl", "Zp", "Cf") or character.isspace() else character


def compiled(text: str) -> re.Pattern[str]:
    """The pattern of a form of dates, upper or lower case."""
    # ASCII: under Unicode rules "ſ" would match "s" and digits of every script would match \d.
    return re.compile(text, re.IGNORECASE | re.ASCII)


_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"
IN = r"(?:(?:\s+of|,)?\s+|-)"
# Not "10,500 BC", which is one number.
AFTER_DAY = r"(?:,?\s+|,(?=\d{4}))"
_DAY_FIRST = compiled(rf"{_WEEKDAY}(?P<day>{DAY})(?:\s+of)?(?:\s+|-)(?P<month>{MONTH}){IN}{YEAR}")
_MONTH_FIRST = compiled(rf"{_WEEKDAY}(?P<month>{MONTH})\s+(?P<day>{DAY}){AFTER_DAY}{YEAR}")
_MONTH_YEAR = compiled(rf"(?P<month>{MONTH}){IN}{YEAR}")
_YEAR_FIRST = compiled(
    r"(?P<year>\d{4})(?P<mark>[-–./])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})"
)
_YEAR_MONTH = compiled(r"(?P<year>\d{4})-(?P<month>\d)(?!\d)")
_NUMERIC = compiled(r"(?P<day>\d{1,2})(?P<mark>[-./])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4})")
_SEASON_YEAR = compiled(rf"{_SEASON}(?:\s+of|,)?\s+{YEAR}")
_WINTER_YEARS = compiled(r"winter(?:\s+of)?\s+(?P<year>\d{4})[-–/](?P<next>\d{4}|\d{2})(?!\d)")
_DECADE = compiled(r"(?:the\s+)?(?P<year>\d{2,3}0)['’]?s(?:\s*(?:AD|CE)(?![a-z])|(?!\s*B\.?C))")
_DECADE_FROM_TO = compiled(
    rf"(?:the\s+)?decade\s+(?:AD\s+)?(?P<first>{NUMBER})(?P<bc>\s+BC)?\s*[-–]\s*"
    rf"(?:AD\s+)?(?P<last>{NUMBER})(?P<bc2>\s+BC(?![a-z]))?"
)
_CENTURY = compiled(
    rf"(?:the\s+)?(?P<ordinal>{ORDINAL})[\s-]+(?P<unit>century|millennium)(?:\s*(?P<era>{ERA}))?"
)
_YEARS_AGO = compiled(rf"(?P<amount>{AMOUNT}){AGO}")
# "2010 BP" may be a company: only a number that can be no year of ours counts back from 1950.
_BEFORE_PRESENT = compiled(
    r"(?P<amount>\d{1,3}(?:,\d{3})+|\d{5,6})\s*(?:cal\.?\s+)?(?:years\s+)?BP(?![a-z])"
)
_EDTF_POINT = re.compile(POINT_PATTERN)
_BARE_YEAR = compiled(YEAR)


def astronomical(match: re.Match[str]) -> int | None:
    """The astronomical year of a `YEAR`; None when it has two eras, or lacks the one it needs."""
    number = int(match["year"].replace(",", ""))
    if match["before"] and match["after"]:
        return None
    if era := match["before"] or match["after"]:
        return with_era(number, era)
    return number if re.fullmatch(r"\d{3,4}", match["year"]) and number else None


def with_era(number: int, era: str) -> int | None:
    """The astronomical year of a number in an era; neither era has a year 0."""
    if number == 0:
        return None
    return 1 - number if era.upper().startswith("B") else number


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _number(text: str) -> int:
    """The number of a day or an ordinal such as "12", "3rd" or "nineteenth"."""
    if text.lower() in _WORD_ORDINALS:
        return _WORD_ORDINALS.index(text.lower()) + 1
    return int(text.rstrip("stndrhSTNDRH"))


def date_edtf(year: int, month: int | str, day: int | str | None = None) -> str:
    """EDTF of a month, named or numbered, or of a day in it; the day may not exist."""
    text = f"{year_edtf(year)}-{month if isinstance(month, int) else _month(month):02d}"
    return text if day is None else f"{text}-{day if isinstance(day, int) else _number(day):02d}"


def years_ago(amount: str, factor: int) -> str | None:
    """So many years ago, always circa; None where the writer should give the year itself."""
    years = int(Decimal(amount.replace(",", "")) * factor)
    if years < 1000:
        return None
    return year_edtf(-years if years >= 10**6 else 2001 - years) + "~"


def unit_factor(match: re.Match[str]) -> int:
    """How many years the unit of an `AGO` stands for."""
    unit = match["unit"] or match["short"]
    return _UNITS[unit.lower()] if unit else 1


def century_edtf(ordinal: str, unit: str, era: str | None) -> str | None:
    """A century or millennium, as the digits its years share; None when there is no such one."""
    number = _number(ordinal)
    width = 2 if unit.lower().startswith("centur") else 1
    if not 1 <= number <= 10**width:
        return None
    sign = "-" if era and era.upper().startswith("B") else ""
    return f"{sign}{number - 1:0{width}d}" + "X" * (4 - width)


def decade_edtf(year: str) -> str:
    """The years that "1940s", "1800s" or "2000s" mean."""
    digits = year.zfill(4)
    return f"{digits[:2]}XX" if year.endswith("00") and year != "2000" else f"{digits[:3]}X"


def _decade_from_to(match: re.Match[str]) -> str | None:
    """The digits that ten years share; None when they share none, or are not ten.

    This form is for decades that have no name of their own: 1900–1909, AD 470–479, 50–41 BC.
    """
    first, last = (int(match[name].replace(",", "")) for name in ("first", "last"))
    start = 1 - first if match["bc"] or match["bc2"] else first
    end = 1 - last if match["bc2"] else last
    if end - start != 9 or not -9999 <= start <= 9999:
        return None
    if end <= 0:
        return f"-{-end // 10:03d}X" if end % 10 == 0 else None
    return f"{start // 10:03d}X" if start % 10 == 0 else None


def _with_month(text: str, at: int) -> Iterator[Reading]:
    """Days, months and seasons."""
    for form in (_DAY_FIRST, _MONTH_FIRST):
        if (match := form.match(text, at)) and (year := astronomical(match)) is not None:
            yield match.end(), date_edtf(year, match["month"], match["day"])
    if (match := _MONTH_YEAR.match(text, at)) and (year := astronomical(match)) is not None:
        yield match.end(), date_edtf(year, match["month"])
    if match := _YEAR_FIRST.match(text, at):
        yield match.end(), date_edtf(int(match["year"]), int(match["month"]), int(match["day"]))
    if match := _YEAR_MONTH.match(text, at):
        yield match.end(), date_edtf(int(match["year"]), int(match["month"]))
    if match := _NUMERIC.match(text, at):
        day, month = int(match["day"]), int(match["month"])
        if match["mark"] != "." and day <= 12 < month:
            day, month = month, day
        if match["mark"] == "." or day > 12 or day == month:
            yield match.end(), date_edtf(int(match["year"]), month, day)
    if (match := _SEASON_YEAR.match(text, at)) and (year := astronomical(match)) is not None:
        yield match.end(), date_edtf(year, _SEASONS[match["season"].lower()])
    if match := _WINTER_YEARS.match(text, at):
        year = int(match["year"])
        if (year + 1) % 10 ** len(match["next"]) == int(match["next"]):
            yield match.end(), date_edtf(year, _SEASONS["winter"])


def _without_month(text: str, at: int) -> Iterator[Reading]:
    """Years, decades, centuries and deep time."""
    if (match := _BARE_YEAR.match(text, at)) and (year := astronomical(match)) is not None:
        yield match.end(), year_edtf(year)
    if match := _DECADE.match(text, at):
        yield match.end(), decade_edtf(match["year"])
    if (match := _DECADE_FROM_TO.match(text, at)) and (decade := _decade_from_to(match)):
        yield match.end(), decade
    if (match := _CENTURY.match(text, at)) and (
        century := century_edtf(match["ordinal"], match["unit"], match["era"])
    ):
        yield match.end(), century
    if (match := _YEARS_AGO.match(text, at)) and (
        ago := years_ago(match["amount"], unit_factor(match))
    ):
        yield match.end(), ago
    if match := _BEFORE_PRESENT.match(text, at):
        yield match.end(), year_edtf(1950 - int(match["amount"].replace(",", ""))) + "~"


_PART_OF = r"(?:the\s+)?(?:early|mid|middle|late|beginning|start|end)(?:\s+of)?[\s-]+(?:the\s+)?"
_PREFIX = compiled(
    rf"(?P<circa>{CIRCA}|{_PART_OF})|(?P<doubt>(?:possibly|probably|perhaps|maybe)\s+)"
)
_DOUBT_AFTER = re.compile(r"\?|\s?\(\?\)")


def unqualified(text: str) -> str:
    """The text without the words and signs that make a date circa or uncertain."""
    at = 0
    while match := _PREFIX.match(text, at):
        at = match.end()
    return re.sub(r"(?:\s?\(\?\)|[?~%])$", "", text[at:])


def qualified(text: str, at: int) -> Iterator[Reading]:
    """Single dates, with the words and signs that make them circa or uncertain."""
    circa = uncertain = False
    while (match := _PREFIX.match(text, at)) and not (circa and uncertain):
        circa, uncertain = circa or bool(match["circa"]), uncertain or bool(match["doubt"])
        at = match.end()
    for end, edtf in chain(_with_month(text, at), _without_month(text, at), _points(text, at)):
        yield end, add_qualifiers(edtf, circa=circa, uncertain=uncertain)
        if match := _DOUBT_AFTER.match(text, end):
            yield match.end(), add_qualifiers(edtf, circa=circa, uncertain=True)


def _points(text: str, at: int) -> Iterator[Reading]:
    if match := _EDTF_POINT.match(text, at):
        yield match.end(), match[0]


def add_qualifiers(edtf: str, *, circa: bool, uncertain: bool) -> str:
    """Add qualifiers to those a date already has."""
    bare = edtf.rstrip("~?%")
    mark = edtf[len(bare) :]
    return bare + qualifier(
        circa=circa or mark in ("~", "%"), uncertain=uncertain or mark in ("?", "%")
    )

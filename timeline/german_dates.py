"""Dates as people write them in German, put into the English that `human_dates` reads.

"12. Juni 2017" becomes "12 June 2017", "um 44 v. Chr." "c. 44 BC", "1940er Jahre" "1940s". What a
German word may mean beside English ("vor 1500" is before, "vor 300 Millionen Jahren" is ago) is
settled by what stands with it. Text without German words comes back as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]

_SMALL = str.maketrans("ÄÖÜ", "äöü")
_MONTHS = {
    "jan": "January", "jän": "January", "feb": "February", "mär": "March", "mrz": "March",
    "apr": "April", "mai": "May", "jun": "June", "jul": "July", "aug": "August",
    "sep": "September", "okt": "October", "nov": "November", "dez": "December",
}  # fmt: skip
_MONTH = (
    r"(?:jan(?:uar|\.)?|jänner|feb(?:ruar|r?\.)?|märz|mär\.?|mrz\.?|apr(?:il|\.)?|mai|juni?\.?|juli?\.?"
    r"|aug(?:ust|\.)?|sept?(?:ember|\.)?|okt(?:ober|\.)?|nov(?:ember|\.)?|dez(?:ember|\.)?)(?![a-zäöü])"
)
_WEEKDAY = r"(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)"
_SEASONS = {"frühling": "spring", "frühjahr": "spring", "sommer": "summer", "herbst": "autumn"}
_UNITS = {"tausend": "thousand", "million": "million", "milliarde": "billion"}
_UNIT = r"(?P<unit>tausend|million|milliarde)(?:en|n)?"
_CENTURY = r"(?:jahrhundert|jh|jahrtausend|jt)(?:s|e|en|s\.|\.)?(?![a-zäöü])"
_AMOUNT = r"\d{1,3}(?:\.\d{3})+|\d{1,30}(?:,\d{1,9})?"
_AD = r"\b(?:n\.\s*(?:chr|d\.\s*z)|u\.\s*z)\b\.?"


def _rule(text: str, new: str | Callable[[re.Match[str]], str]) -> _Rule:
    # ASCII: under Unicode rules "ſ" would match "s" and digits of every script would match \d.
    return re.compile(text, re.IGNORECASE | re.ASCII), new


def _amount(text: str) -> str:
    """A German number in English: 10.000 is 10,000 and 2,6 is 2.6."""
    return text.translate(str.maketrans(".,", ",."))


def _years_ago(match: re.Match[str]) -> str:
    unit = match["unit"]
    ago = f"{_UNITS[unit.lower()]} years ago" if unit else "years ago"
    return re.sub(_AMOUNT, lambda number: _amount(number[0]), match["amounts"]) + f" {ago}"


def _century(match: re.Match[str]) -> str:
    is_century = match["unit"].lower().startswith(("jahrh", "jh"))
    return f" {'century' if is_century else 'millennium'} "


# In this order: each may count on what the ones before it did.
_RULES: tuple[_Rule, ...] = (
    _rule(r"\bv\.\s*(?:chr|d\.\s*z|u\.\s*z)\b\.?", " BC "),
    # Before the number, where English has it for decades too.
    # "Januar 1000 – 10.000 n. Chr." says the era of its end only.
    _rule(rf"((?:\b\d[\d.]*[-–]|^\d[\d.]*\s*[-–]\s*)?\b\d[\d.]*)\s*{_AD}", r"AD \1"),
    _rule(_AD, " AD "),
    _rule(rf"\b{_WEEKDAY}\b,?\s*(?:(?:den|dem|der)\s+)?", ""),
    _rule(r"\bim\s+(?:jahre?\s+)?", ""),
    _rule(r"\b(\d{1,2})\.\s+(\d{1,2})\.\s+(?=\d{4})", r"\1.\2."),
    # Years ago, one number or two.
    _rule(
        rf"\bvor\s+(?:(?:etwa|ca\.|rund|ungefähr)\s+)?"
        rf"(?P<amounts>(?:{_AMOUNT})(?:\s*(?:[-–]|bis)\s*(?:{_AMOUNT}))?)(?:\s+{_UNIT})?\s+jahren\b",
        _years_ago,
    ),
    _rule(r"\b(?:früher als)\b", "before"),
    _rule(r"\b(?:später als)\b", "after"),
    _rule(r"\b(?:beginnend)\b", "since"),
    _rule(r"\bfrühestens\s+(.+?),\s*spätestens\s+", r"between \1 and "),
    # The first days and centuries of ranges keep no dot, so that the last one's unit is theirs.
    _rule(
        rf"\b(\d{{1,2}})\.(?=\s*(?:[-–]|bis\b|und\b)\s*(?:(?:zum|den|dem)\s+)?\d{{1,2}}\.\s*{_MONTH})",
        r"\1",
    ),
    _rule(rf"\b(\d{{1,2}})\.\s*(?={_MONTH})", r"\1 "),
    _rule(
        rf"\b(\d{{1,3}})\.(?=\s*(?:[-–]|bis\b)\s*(?:(?:zum|dem)\s+)?\d{{1,3}}\.\s*{_CENTURY})",
        r"\1th",
    ),
    _rule(rf"\b(\d{{1,3}})\.\s*(?={_CENTURY})", r"\1th "),
    _rule(_CENTURY.replace("(?:jahrhundert", "(?P<unit>jahrhundert", 1), _century),
    _rule(rf"\b{_MONTH}", lambda match: _MONTHS[match[0][:3].lower()]),
    _rule(r"\b(frühling|frühjahr|sommer|herbst)\b", lambda match: _SEASONS[match[0].lower()]),
    # Decades.
    _rule(r"\b(\d{2,3}0)er(?:[\s-]jahren?)?(?![a-zäöü])", r"\1s"),
    _rule(r"\bjahrzehnts?\b", "decade"),
    # Qualifiers.
    _rule(r"\b(?:um|etwa|ungefähr|rund|gegen|ca\.?)\s+(?:(?:das\s+jahr|die)\s+)?", "c. "),
    _rule(r"\banfang\s+(?:der\s+|des\s+)?", "early "),
    _rule(r"\bmitte\s+(?:der\s+|des\s+)?", "mid "),
    _rule(r"\bende\s+(?:der\s+|des\s+)?", "late "),
    _rule(r"\b(?:vermutlich|wahrscheinlich|vielleicht|möglicherweise)\s+", "possibly "),
    # Ranges and open ends.
    _rule(r"\b(?:seit|ab)\s+", "since "),
    _rule(r"\bbis\s+heute\b", "to present"),
    _rule(r"(?<=\S)\s+bis\s+(?:zu[mr]?\s+|in\s+)?", " to "),
    _rule(r"^\s*bis\s+(?:zu[mr]?\s+|in\s+)?", "until "),
    _rule(r"\bvon\s+", "from "),
    _rule(r"\bzwischen\s+", "between "),
    _rule(r"\bund\b", "and"),
    _rule(r"\bvor\s+", "before "),
    _rule(r"\bnach\s+", "after "),
    _rule(r"\b(?:den|dem|der|die|das|des)\s+", ""),
    # Grouped years: 10.500 BC. Not 12.06.2017, which is a day, nor what is English by now.
    _rule(
        r"(?<![\d.])\d{1,3}(?:\.\d{3})+(?![\d.]|.*years ago)",
        lambda match: match[0].replace(".", ","),
    ),
    _rule(r"\s+(?=[?]|$)", ""),
    _rule(r"\s+", " "),
)


def in_english(text: str) -> str:
    """The text with the German words of dates in it put into English; `plain_characters` first."""
    text = text.translate(_SMALL)
    for pattern, new in _RULES:
        text = pattern.sub(new, text)
    return text.strip()

"""Bullets and numbers at the start of lines: every kind that people and web pages use."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from articles.formats.text_lines import Line

# Signs that also occur in text need white space behind them; the others are bullets anyhow.
_DASHES = "-*+–—"
_DOTS = "•‣◦∙·▪▫●○■□◆◇►▶▸▹➤➢➔→✓✔✦★☆⁃⁌⁍❖"
_SIGN = re.compile(rf"(?:[{re.escape(_DASHES)}](?=\s)|[{_DOTS}])\s*")
# "-Rooms: …" without a space: a bullet only where other lines begin so too.
_TIGHT = re.compile(r"[-–—+](?=[^\W\d_])")
_NUMBER = re.compile(
    r"(?:\(?(\d{1,3})[.)．、）](?:\s+|(?=[^\W\d_])(?<=[)．、）]))|\[(\d{1,3})\]\s*)"
)
_LETTER = re.compile(r"\(?([a-z]|[A-Z]|[ivx]{1,5})[.)]\s+")
_BREAK = re.compile(
    r"\s*(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,}|(?:[–—]\s*){3,}|[•·*]+|[-–—+])\s*"
)
_ROMAN = {"i": 1, "v": 5, "x": 10}


@dataclass(frozen=True, slots=True)
class Marker:
    """What stands before the text of a list's item: a sign, a number or a letter."""

    kind: str
    value: int
    rest: str


def is_break(text: str) -> bool:
    """Whether a line is a drawn line such as `* * *` or `---`, or a bullet without text."""
    return _BREAK.fullmatch(text) is not None


def markers(lines: Sequence[Line]) -> list[Marker | None]:
    """For each line its marker. Numbers and letters count only in their order.

    "12. June 2017" alone is a date and "A. Einstein" a name: a number or letter other than the
    first needs its predecessor or its successor among the lines.
    """
    found = [None if line.in_code or line.level else _read(line.words) for line in lines]
    for kind in ("number", "letter"):
        _keep_sequences(found, kind)
    if sum(marker is not None and marker.kind == "tight" for marker in found) < 2:
        return [None if marker and marker.kind == "tight" else marker for marker in found]
    return [
        replace(marker, kind="sign") if marker and marker.kind == "tight" else marker
        for marker in found
    ]


def _read(text: str) -> Marker | None:
    if not text or is_break(text):
        return None
    if match := _SIGN.match(text):
        return Marker("sign", 0, text[match.end() :]) if match.end() < len(text) else None
    if (match := _NUMBER.match(text)) and match.end() < len(text):
        return Marker("number", int(match[1] or match[2]), text[match.end() :])
    if match := _LETTER.match(text):
        return Marker("letter", 0, text)
    return Marker("tight", 0, text[1:]) if _TIGHT.match(text) else None


def _keep_sequences(found: list[Marker | None], kind: str) -> None:
    places = [index for index, marker in enumerate(found) if marker and marker.kind == kind]
    values = [_values(found[index]) for index in places]
    previous: set[int] = set()
    for at, index in enumerate(places):
        following = values[at + 1] if at + 1 < len(values) else set()
        fits = {
            value
            for value in values[at]
            if value - 1 in previous
            or value + 1 in following
            or (kind == "number" and (value <= 1 or value in previous))
        }
        found[index] = _kept(found[index], min(fits)) if fits else None
        previous = fits


def _values(marker: Marker | None) -> set[int]:
    """The numbers a marker may stand for: "i" is 9 and 1."""
    if marker is None:
        return set()
    if marker.kind == "number":
        return {marker.value}
    match = _LETTER.match(marker.rest)
    label = match[1] if match else ""
    values = {ord(label.lower()) - ord("a") + 1} if len(label) == 1 else set()
    if set(label) <= set(_ROMAN):
        values.add(_roman(label))
    return values


def _roman(label: str) -> int:
    numbers = [_ROMAN[letter] for letter in label]
    return sum(
        -number if any(number < later for later in numbers[at + 1 : at + 2]) else number
        for at, number in enumerate(numbers)
    )


def _kept(marker: Marker | None, value: int) -> Marker | None:
    if marker is None or marker.kind != "letter":
        return marker
    match = _LETTER.match(marker.rest)
    return replace(marker, value=value, rest=marker.rest[match.end() :]) if match else None

"""Where a name stands in an alphabetical list, whatever script it is written in."""

from __future__ import annotations

from articles.markup import searchable

# Digits, signs, and whatever else begins with no letter. It sorts before all letters.
OTHER = "#"
# One entry for all ideographs: each of them alone would make an index of thousands.
IDEOGRAPHS = "漢"

_HANGUL = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_SYLLABLES = range(0xAC00, 0xD7A4)
_SYLLABLES_PER_INITIAL = 588


def letter_of(name: str) -> str:
    """The letter of an index under which a name stands: its first, without case and marks.

    "Ångström" stands under "a", "Ödön" under "o", a name that begins with a digit under OTHER, and
    a Korean one under its first consonant.
    """
    first = searchable(name)[:1]
    if not first.isalpha():
        return OTHER
    if ord(first) in _SYLLABLES:
        return _HANGUL[(ord(first) - _SYLLABLES.start) // _SYLLABLES_PER_INITIAL]
    return IDEOGRAPHS if _is_ideograph(first) else first


def _is_ideograph(char: str) -> bool:
    code = ord(char)
    return 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFF

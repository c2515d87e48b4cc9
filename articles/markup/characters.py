"""Canonical text at the level of characters: what a stored line may hold.

Every text that people type or import passes through here before it is stored, compared or
shown, so that no other layer needs to think about control characters, line endings or
Unicode's several spellings of one letter.
"""

import re
import unicodedata

# What ends a line somewhere: CRLF, CR, VT (Word's soft break), FF, NEL, LS, PS.
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")

# U+FDD0..U+FDEF and the last two code points of each of the 17 planes: never characters.
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    chr(plane * 0x10000 + 0xFFFE) + chr(plane * 0x10000 + 0xFFFF) for plane in range(17)
)

# Controls but tab and newline, lone surrogates, the byte order mark, noncharacters, and the
# bidirectional embeddings and overrides, which can make text read as what it is not. The marks
# that right-to-left and Indic writing needs (LRM, RLM, ALM, ZWJ, ZWNJ, the isolates) stay.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ufeff\ud800-\udfff"
    + _NONCHARACTERS
    + "]"
)

_SPACES = re.compile(r"\s+")
_NO_BREAK_SPACES = "\u00a0\u2007\u202f"


def scrub(text: str) -> str:
    """Return the text without the characters that no stored or shown text may hold.

    Gone are control characters other than tab and newline, lone surrogates, noncharacters, byte
    order marks, and bidirectional embeddings and overrides (U+202A to U+202E).
    """
    return _FORBIDDEN.sub("", text)


def clean_lines(text: str) -> str:
    """Return the text scrubbed, in NFC, with every kind of line end as a newline."""
    return unicodedata.normalize("NFC", scrub(_LINE_ENDS.sub("\n", text)))


def clean_line(text: str) -> str:
    """Return the canonical form of a text of one line, such as a title, a label or a name.

    Each run of white space, line ends included, becomes one space, and none stays at the ends. A
    run of no-break spaces alone becomes its first one, since "10 000" must not break. Otherwise
    as `clean_lines`. Idempotent.
    """
    return _SPACES.sub(_one_space, clean_lines(text)).strip()


def fold(name: str) -> str:
    """Return the form in which names of terms are compared.

    Canonical caseless matching (Unicode 3.13, D145): two names that differ only in case, in the
    kind of their spaces or in equivalent spellings of a letter fold to the same string.
    """
    spaced = " ".join(clean_line(name).split())
    decomposed = unicodedata.normalize("NFD", spaced)
    return unicodedata.normalize("NFC", decomposed.casefold())


def searchable(text: str) -> str:
    """Return the form in which texts are searched: folded, and letters without their marks.

    "Alcántara" and "ALCANTARA" are the same in it. Letters that Unicode does not compose of a base
    and a mark, such as "ø", stay as they are.
    """
    # Compatibility caseless matching (Unicode 3.13, D146): "™" is two capitals before it is folded.
    decomposed = unicodedata.normalize("NFKD", fold(text))
    decomposed = unicodedata.normalize("NFKD", decomposed.casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", bare)


def _one_space(run: re.Match[str]) -> str:
    return " " if run[0].strip(_NO_BREAK_SPACES) else run[0][0]

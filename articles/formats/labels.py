"""Labels before a statement: `Label: statement`, `**Label** – statement`, and what is none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from articles.formats.text_lines import word_set

_BOLD = re.compile(
    r"(\*\*\*|\*\*|__)(?=\S)(.+?)(?<=\S)\1(?!\w)\s*([:：]|[.–—-](?=\s)|)\s*(.*)", re.DOTALL
)
_COLON = re.compile(r"(.{1,120}?)(?:\s*:(?=\s|$)|\s*：)\s*(.*)", re.DOTALL)
_DASH = re.compile(r"(.{1,80}?)\s+[–—-]{1,2}\s+(.*)", re.DOTALL)
_LONGEST, _MOST_WORDS = 80, 8
_SENTENCE_MARKS = re.compile(r"[!?;؟？。！]|\.(?=\s|$)|[,،]\s.*[,،]")
_ABBREVIATION = re.compile(
    r"\b(?:[A-Z]|no|nr|max|min|avg|approx|est|dr|mr|mrs|ms|prof|st|vs|vol|pp|dept|govt|temp|pop"
    r"|inc|ltd|co|corp|jr|sr|e\.g|i\.e|etc)\.",
    re.IGNORECASE,
)
# Finite verbs make a clause: "The tower has three levels: …" has no label.
_VERBS = word_set(
    "is are was were has have had can could will would should might must shall does did includes "
    "include included contains contain consists comprises became become becomes says said wrote "
    "argues argued stated meant requires allows made describes began begins took gave gives"
)
_OPENERS = word_set(
    "it they he she we you i this these those there here however also but and or so because "
    "although though while when where if as since unless"
)
_PLACES = word_set("in on at by from before after during with without for to under over")


def unbold(text: str) -> str:
    """The text without emphasis around the whole of it."""
    match = re.fullmatch(r"(\*{1,3}|_{1,3})(?=\S)((?:(?!\1).)+)(?<=\S)\1", text.strip())
    return match[2].strip() if match else text.strip()


def split_label(text: str, *, dashes: bool = False, others: bool = False) -> tuple[str, str] | None:
    """Label and rest of `Label: rest`, or None when the text has no label.

    A label is short and no sentence. A bold beginning is taken at its word, a dash counts as colon
    only where `dashes` allows it, and where the `others` around have labels, so may "In water: …".
    The rest may be empty.
    """
    text = text.strip()
    if (match := _BOLD.fullmatch(text)) and (found := _bold_label(match)):
        return found
    if (match := _COLON.match(text)) and _is_split(match) and is_label(match[1], others=others):
        return unbold(match[1]), match[2].strip()
    if dashes and (match := _DASH.match(text)) and match[2] and _is_dashed_label(match[1], others):
        return unbold(match[1]), match[2].strip()
    return None


def _is_split(match: re.Match[str]) -> bool:
    return not match[1].rstrip().endswith(("http", "https"))


def _bold_label(match: re.Match[str]) -> tuple[str, str] | None:
    label, mark, rest = match[2].strip(), match[3], match[4].strip()
    has_mark = bool(mark) or label.endswith((":", "：", "."))
    label = label.rstrip(":：. ").strip() if not mark or mark in ":：" else label
    if not label or len(label) > _LONGEST or len(label.split()) > _MOST_WORDS + 2:
        return None
    if not has_mark and not (rest[:1].isupper() or rest[:1].isdigit()):
        return None
    return label, rest


def _is_dashed_label(text: str, others: bool) -> bool:
    return len(text.split()) <= 5 and is_label(text, others=others)


def is_label(text: str, *, others: bool = False) -> bool:
    """Whether a text can be a label: short, and no sentence or part of one."""
    text = unbold(text)
    words = re.sub(r"\([^()]*\)", "", text).split()
    if not words or len(text) > _LONGEST or len(words) > _MOST_WORDS:
        return False
    if (
        "://" in text
        or _SENTENCE_MARKS.search(_ABBREVIATION.sub("", text))
        or not _is_balanced(text)
    ):
        return False
    bare = [word.strip("\"'“”‘’(),") for word in words]
    first = bare[0].casefold()
    if any(word in _VERBS for word in bare[1:]) or (first in _OPENERS and len(words) > 1):
        return False
    if first in _PLACES and len(words) > (4 if others else 1):
        return False
    if len(words) <= 4:
        return any(char.isalnum() for char in text)
    return others or _is_title_case(words)


def _is_balanced(text: str) -> bool:
    pairs = (("(", ")"), ("[", "]"), ("“", "”"), ("«", "»"))
    return text.count('"') % 2 == 0 and all(text.count(a) == text.count(b) for a, b in pairs)


def _is_title_case(words: Sequence[str]) -> bool:
    """Whether all longer words begin with a capital, as in headings and names."""
    return all(word[:1].isupper() or word[:1].isdigit() for word in words if len(word) > 3)

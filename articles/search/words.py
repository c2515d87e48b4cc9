"""Texts as words to be found by, and what somebody typed as a query: no database.

Both databases index the same words, made here, so that both find the same. A *word* is a run of
letters and digits, folded: case and accents gone, "Łódź" and "lodz" the same. Beside it stands its
*stem* in the language of the text, so that "networks" finds "network". Scripts that put no spaces
between words are indexed in pairs of letters, each run closed by its last letter alone: pairs find
the words of two letters that most Chinese words are, which triples would not.
"""

from __future__ import annotations

import itertools
import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import snowballstemmer

from articles.markup import scrub, searchable

# What is read of a query: longer than any sensible one, short enough to cost nothing.
LONGEST_QUERY = 200
MOST_WORDS = 12
LONGEST_WORD = 60
# Words whose forms each process remembers, one or two megabytes: most of what an index asks for.
# Readers may search for others without end.
REMEMBERED = 4096
# From so many letters on the last word also finds longer words that begin with it.
SHORTEST_PREFIX = 2

# Scripts that are read in pairs: Thai, Lao, Myanmar, Khmer, kana, Han, Hangul.
_PAIRED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u309f\u30a0-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff々〆"
)
# Marks inside words: of Latin, Greek, Cyrillic, Hebrew, Arabic, Syriac and the Indic scripts.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a"
    "\u0900-\u0963\u0966-\u0dff\u200c\u200d"
)
_LETTER = rf"(?:[^\W_{_PAIRED}]|[{_MARKS}])"
_RUN = re.compile(rf"[{_PAIRED}]+|{_LETTER}+")
_ASCII_RUN = re.compile(r"[a-z0-9]+")
_COMPOUND = re.compile(rf"{_LETTER}+(?:[-\u2010\u2011]{_LETTER}+)+")
_HYPHEN = re.compile("[-\u2010\u2011]")
_POSSESSIVE = re.compile(r"(?<=\w)['\u2019\u02bc]s\b", re.IGNORECASE)
_IS_PAIRED = re.compile(f"[{_PAIRED}]")
_QUOTED = re.compile('["\u201c\u201d\u201e\u00ab\u00bb]([^"\u201c\u201d\u201e\u00ab\u00bb]*)'
                     '["\u201c\u201d\u201f\u00ab\u00bb]')  # fmt: skip

# Letters that Unicode does not take apart into a base and a mark.
_BASES = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h",
     "ŧ": "t", "ŋ": "n", "ĸ": "k", "ـ": "", "\u200c": "", "\u200d": ""}
)  # fmt: skip

# Snowball's algorithms by language code.
_ALGORITHMS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish",
    "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali",
    "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

# Words that say nothing about what is sought; a query of nothing else is sought as it stands.
STOP_WORDS = frozenset(
    word
    for words in (
        "a an and are as at be but by did do does for from had has have how in into is it its of",
        "on or s so such that the their then there these they this to was were what when where",
        "which who why will with",
        "als am auf aus bei das dem den der des die ein eine einer eines er es fur im ist mit nach",
        "sie sind und vom von war wie wird zu zum zur",
    )
    for word in words.split()
)


def language_of(code: str) -> str:
    """The language of a code without its region: "pt-br" is "pt"."""
    return code.lower().partition("-")[0]


@lru_cache(maxsize=REMEMBERED)
def fold_word(word: str) -> str:
    """A word without case, accents and ligatures."""
    return searchable(word).translate(_BASES)[:LONGEST_WORD]


def fold_text(text: str) -> str:
    """A line as titles are compared: its words, folded, with a space between them."""
    return " ".join(split(text))


class _Stemmers(threading.local):
    """The stemmers of one thread: each holds the word that it is at work on."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {}

    def of(self, language: str) -> Any:
        """The stemmer of a language; None when there is none."""
        if language not in self.known:
            name = _ALGORITHMS.get(language)
            self.known[language] = snowballstemmer.stemmer(name) if name else None
        return self.known[language]


_stemmers = _Stemmers()


@lru_cache(maxsize=REMEMBERED)
def stem(word: str, language: str) -> str:
    """The folded stem of an unfolded word in lower case; the folded word when there is none.

    Stemmed before it is folded, since endings are told by their accents in some languages.
    """
    stemmer = _stemmers.of(language)
    folded = fold_word(word)
    if stemmer is None or any(letter.isdigit() for letter in word):
        return folded
    return fold_word(stemmer.stemWord(word)) or folded


def find_runs(text: str) -> Iterator[tuple[int, int]]:
    """Where the words of a text stand: first and last place of each."""
    return (match.span() for match in _RUN.finditer(text))


def is_paired(run: str) -> bool:
    """Whether a run of letters is read in pairs."""
    return _IS_PAIRED.match(run) is not None


def _runs(text: str) -> Iterable[str]:
    """The words of a text as they are written, in lower case."""
    if text.isascii() and "'" not in text:
        # The same by a much quicker way: an index is made of millions of such words.
        return _ASCII_RUN.findall(text.lower())
    text = unicodedata.normalize("NFC", _POSSESSIVE.sub("", text)).lower()
    return _RUN.findall(text)


def _pairs(run: str) -> list[str]:
    return [run[index : index + 2] for index in range(len(run))]


def split(text: str) -> list[str]:
    """The folded words of a text in their order."""
    return _folded(_runs(text))


def _folded(runs: Iterable[str]) -> list[str]:
    words: list[str] = []
    for run in runs:
        if run.isascii():
            # In lower case already, so folded as it is.
            words.append(run[:LONGEST_WORD])
        elif is_paired(run):
            words += _pairs(fold_word(run) if len(run) <= LONGEST_WORD else searchable(run))
        elif folded := fold_word(run):
            # Some letters fold to two words, such as "½" to "1⁄2".
            words += [folded] if folded.isalnum() else _RUN.findall(folded)
    return words


def mark_of(kind: str = "", category: int | None = None, language: str = "") -> str:
    """The word by which a combination of filters is found; '' for none of them.

    One word for each combination, not one for each filter, so that an index reads a short list and
    none of the long ones. No text has such a word, since an underscore is no part of one.
    """
    mark = f"_k{kind}" if kind else ""
    mark += f"_c{category}" if category else ""
    return f"{mark}_l{language}" if language else mark


def marks_of(kind: str, category: int | None, language: str) -> list[str]:
    """The marks of a document: one for each combination of filters that lets it through."""
    combinations = itertools.product(("", kind), {None, category}, ("", language))
    return sorted({mark_of(*chosen) for chosen in combinations} - {""})


def other_forms(text: str, language: str) -> list[str]:
    """By what else the text is found: stems that are no words of it, and compounds as one word."""
    language = language_of(language)
    runs = dict.fromkeys(_runs(text))
    forms = {stem(run, language) for run in runs if run.isascii() or not is_paired(run)}
    for compound in _COMPOUND.findall(text) if _HYPHEN.search(text) else ():
        joined = "".join(split(compound))
        forms |= {joined[:LONGEST_WORD], stem(joined[:LONGEST_WORD], language)}
    return sorted(form for form in forms.difference(_folded(runs)) if form.isalnum())


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that a query asks for; a result has each of them in one of its forms.

    `words` follow each other: more than one for a phrase in quotation marks and for a run of a
    script that is read in pairs. `stems` are inflected forms of a single word. With `is_prefix`
    longer words that begin with the last one are meant too.
    """

    words: tuple[str, ...]
    stems: frozenset[str] = frozenset()
    is_prefix: bool = False
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody typed, understood. Without `wanted` there is nothing to look for."""

    typed: str = ""
    wanted: tuple[Wanted, ...] = ()
    # All words typed, in their order, as a title is compared with.
    key: str = ""
    is_cut: bool = False

    def __bool__(self) -> bool:
        return bool(self.wanted)

    @property
    def is_ordered(self) -> bool:
        """Whether it asks for words that follow each other."""
        return any(len(part.words) > 1 for part in self.wanted)

    @property
    def phrase(self) -> Wanted:
        """All words typed, one after the other; a pair cut short at the end is one all the same."""
        words = tuple(self.key.split())
        return Wanted(words, is_prefix=is_paired(words[-1]))

    def without_prefix(self) -> Query:
        """The same with the last word as it is, unless it is read in pairs."""
        *others, last = self.wanted
        if not last.is_prefix or is_paired(last.typed):
            return self
        return replace(self, wanted=(*others, replace(last, is_prefix=False)))


def read_query(typed: str, languages: Iterable[str], *, prefix: bool = True) -> Query:
    """Understand a search. `languages` are those that texts are written in.

    Every text is a query: quotation marks ask for words that follow each other, and all other signs
    are mere gaps between words. Nothing is raised.
    """
    clean = " ".join(scrub(typed).split())
    text = clean[:LONGEST_QUERY]
    known = sorted({language_of(code) for code in languages})
    wanted = [
        Wanted(tuple(words), typed=" ".join(quoted.split()))
        for quoted in _QUOTED.findall(text)
        if (words := split(quoted))
    ]
    runs = list(_runs(_QUOTED.sub(" ", text)))
    for index, run in enumerate(runs):
        is_last = prefix and index == len(runs) - 1
        if part := _wanted(run, known, is_last=is_last):
            wanted.append(part)
    if prefix and len(wanted) > 1 and len(wanted[-1].typed) < SHORTEST_PREFIX:
        # The first letter of a word that is still being typed; titles are compared with it.
        wanted.pop()
    telling = [
        part for part in wanted if len(part.words) > 1 or part.words[0] not in STOP_WORDS
    ] or wanted
    unique = tuple({(part.words, part.is_prefix): part for part in telling}.values())
    return Query(
        typed=text,
        wanted=unique[:MOST_WORDS],
        key=fold_text(text),
        is_cut=len(clean) > LONGEST_QUERY or len(unique) > MOST_WORDS,
    )


def _wanted(run: str, languages: list[str], *, is_last: bool) -> Wanted | None:
    words = tuple(split(run))
    if not words:
        return None
    if is_paired(run):
        # The last letter alone closes a run; in the middle of one a pair begins with it.
        paired = words[:-1] if len(words) > 1 else words
        return Wanted(paired, is_prefix=len(words) == 1, typed=run)
    if len(words) > 1:
        return Wanted(words, typed=run)
    stems = {stem(run, language) for language in languages} | set(words)
    stems = {form for form in stems if form.isalnum()}
    return Wanted(
        words,
        stems=frozenset(stems.difference(words)),
        is_prefix=is_last and len(words[0]) >= SHORTEST_PREFIX,
        typed=run,
    )

"""The order of results: where the words stand first, then how exactly they stand there.

An exact title comes before a title that begins so, then titles that have the words, headings of
parts that have them, and texts. Within each, the whole phrase as typed comes before all words as
typed, and those before inflected and longer ones. What is equal so far goes by how much of the
text the words are; the key decides at last, so that the order is the same each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from articles.search.entries import Kind
from articles.search.words import Query, Wanted, language_of

EXACT_TITLE, TITLE_BEGINS, IN_TITLE, IN_HEADING, IN_TEXT = range(5)
PHRASE, AS_TYPED, IN_OTHER_FORMS = range(3)

KINDS = list(Kind)
_ORDER = {kind.value: number for number, kind in enumerate(KINDS)}
NAMED = {Kind.ARTICLE.value, Kind.TERM.value}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that matches, with what ranking and counting read of it."""

    pk: int
    kind: str
    category: int | None
    language: str
    article: int | None
    position: int
    key: str
    title_words: str
    words: str

    @classmethod
    def of(cls, row: Sequence[Any]) -> Candidate:
        """From a row of `engines.CANDIDATE`."""
        pk, kind, category, language, *others = row
        return cls(pk, kind, category, language_of(language), *others)


class Ranking:
    """The order of a query's results, a key for `sorted`: the best come first.

    What is compared is made once for a query, since a search ranks some hundred results.
    """

    def __init__(self, query: Query) -> None:
        self.key = query.key
        self.phrase = f" {query.key} "
        self.parts = [_Looked.of(part) for part in query.wanted]
        self.whole = [part.phrase for part in self.parts]
        # How often these stand there, also as the beginning of longer words, is how dense they are.
        self.forms = [form for part in self.parts for form in (part.phrase[:-1], *part.stems)]

    def __call__(self, candidate: Candidate) -> tuple[Any, ...]:
        """The place, how exactly the words stand there, how densely, the kind, and the key."""
        title, text = f" {candidate.title_words} ", f" {candidate.words} "
        place = self.place(candidate, title)
        quality = self._quality(title if place < IN_TEXT else title + text)
        count = 0
        for form in self.forms:
            count += title.count(form) * 5 + text.count(form)
        density = count / (50 + len(text) + len(title))
        return (place, quality, -round(density, 4), _ORDER[candidate.kind], candidate.pk)

    def place(self, candidate: Candidate, title: str) -> int:
        """Where the words stand."""
        is_named = candidate.kind in NAMED
        if is_named and candidate.key.startswith(self.key):
            return EXACT_TITLE if candidate.key == self.key else TITLE_BEGINS
        if all(part.stands_in(title) for part in self.parts):
            return IN_TITLE if is_named else IN_HEADING
        return IN_TEXT

    def _quality(self, text: str) -> int:
        if self.phrase in text:
            return PHRASE
        return AS_TYPED if all(phrase in text for phrase in self.whole) else IN_OTHER_FORMS


class _Looked(NamedTuple):
    """What is looked for of one thing wanted: texts with a space before them."""

    phrase: str
    begins: str
    stems: tuple[str, ...]

    @classmethod
    def of(cls, part: Wanted) -> _Looked:
        phrase = f" {' '.join(part.words)}"
        begins = phrase if part.is_prefix else f"{phrase} "
        return cls(f"{phrase} ", begins, tuple(f" {stem}" for stem in part.stems))

    def stands_in(self, text: str) -> bool:
        """Whether a text of words has it, an inflected form told by how it begins."""
        return self.begins in text or any(stem in text for stem in self.stems)

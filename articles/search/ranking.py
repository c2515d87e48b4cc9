"""The order of results: where the words stand first, then how exactly they stand there.

An exact title comes before a title that begins so, then titles that have the words, headings of
parts that have them, and texts. Within each, the whole phrase as typed comes before all words as
typed, and those before inflected and longer ones. What is equal so far goes by how much of the
text the words are; the key decides at last, so that the order is the same each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from articles.search.entries import Kind
from articles.search.words import Query, language_of

EXACT_TITLE, TITLE_BEGINS, IN_TITLE, IN_HEADING, IN_TEXT = range(5)
PHRASE, AS_TYPED, IN_OTHER_FORMS = range(3)

KINDS = list(Kind)
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

    def rank(self, query: Query) -> tuple[Any, ...]:
        """What results are sorted by, the best first."""
        title, text = f" {self.title_words} ", f" {self.words} "
        place = self._place(query, title)
        quality = _quality(query, title if place < IN_TEXT else title + text)
        density = sum(
            title.count(f" {form}") * 5 + text.count(f" {form}")
            for part in query.wanted
            for form in (" ".join(part.words), *part.stems)
        ) / (50 + len(text) + len(title))
        return (place, quality, -round(density, 4), KINDS.index(Kind(self.kind)), self.pk)

    def _place(self, query: Query, title: str) -> int:
        if self.kind in NAMED and self.key == query.key:
            return EXACT_TITLE
        if self.kind in NAMED and self.key.startswith(query.key):
            return TITLE_BEGINS
        if all(_has(part, title) for part in query.wanted):
            return IN_TITLE if self.kind in NAMED else IN_HEADING
        return IN_TEXT


def _has(part: Any, text: str) -> bool:
    """Whether a text of words has what is wanted, an inflected form told by how it begins."""
    phrase = " ".join(part.words)
    if f" {phrase} " in text or (part.is_prefix and f" {phrase}" in text):
        return True
    return any(f" {form}" in text for form in part.stems)


def _quality(query: Query, text: str) -> int:
    if f" {query.key} " in text:
        return PHRASE
    if all(f" {' '.join(part.words)} " in text for part in query.wanted):
        return AS_TYPED
    return IN_OTHER_FORMS

"""What is known about labels of infoboxes, and what an article's own words say about names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from articles.formats.text_lines import word_set

LABELS_FILE = Path(__file__).with_name("infobox_labels.txt")
# Words that join others: no label stands right behind one, and none begins a value.
JOINING = word_set(
    "a an the of and or nor in on at by for from to with within without as via per than into onto "
    "over under near between among through during since until before after about against its "
    "their his her de la le les des du da do dos di del della van von der den el al y e und et is "
    "are was were has have had be been being that which who whose when where while called named "
    "st mt mount lake cape saint fort san santa los las new north south east west"
)
_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
_SUPERLATIVES = word_set(
    "oldest newest largest smallest biggest tallest shortest longest highest lowest deepest "
    "fastest slowest earliest latest nearest closest brightest darkest hottest coldest heaviest "
    "lightest easiest hardest widest richest poorest busiest strongest greatest youngest finest "
    "safest cheapest best worst most least essential leading emerging managing famous global "
    "ideal"
)
_WEAK = "~"


def read_labels(text: str) -> list[str]:
    """The labels of a label file: one a line, without comments and empty lines."""
    lines = (line.strip() for line in text.removeprefix("\ufeff").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def fold_words(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared."""
    return tuple(word.casefold().replace("’", "'") for word in text.split())


class LabelBook:
    """The known labels, by their words."""

    def __init__(self, labels: Iterable[str]) -> None:
        self._weak: dict[tuple[str, ...], bool] = {}
        for label in labels:
            words = fold_words(label.removeprefix(_WEAK).rstrip(":"))
            if words:
                self._weak[words] = label.startswith(_WEAK)
        self.longest = max((len(words) for words in self._weak), default=0)
        self.words = {word for words in self._weak for word in words} - JOINING
        self.heads = {words[-1] for words in self._weak}
        # "Typical", "Average", "Main": words that begin several labels can begin others too.
        first = Counter(words[0] for words in self._weak if len(words) > 1)
        self._modifiers = {word for word, count in first.items() if count > 2} - JOINING

    def knows(self, words: tuple[str, ...]) -> bool:
        """Whether these folded words are a label."""
        return words in self._weak

    def is_weak(self, words: tuple[str, ...]) -> bool:
        """Whether these words are a label that often is a part of a name."""
        return self._weak.get(words, False)

    def is_modifier(self, word: str) -> bool:
        """Whether a folded word can stand before a label and make it another one."""
        return word in self._modifiers or word in _SUPERLATIVES

    def leading(self, words: tuple[str, ...]) -> int:
        """How many of the first words are the longest known label at the beginning; 0 for none."""
        for length in range(min(self.longest, len(words)), 0, -1):
            if words[:length] in self._weak:
                return length
        return 0


@cache
def shipped_labels() -> tuple[str, ...]:
    """The labels of the file that comes with the program."""
    return tuple(read_labels(LABELS_FILE.read_text("utf-8")))


@cache
def label_book(extra: tuple[str, ...] = ()) -> LabelBook:
    """The known labels together with those that somebody added."""
    return LabelBook((*shipped_labels(), *extra))


class Prose:
    """The article's text outside its infobox, asked for what it says about single words."""

    def __init__(self, text: str) -> None:
        words = _WORD.findall(text)
        self.common = {word for word in words if word.islower()}
        self._text = f" {' '.join(words)} "
        self._folded = self._text.casefold()

    def has_phrase(self, *words: str) -> bool:
        """Whether the words stand in the text one after another, in this case."""
        return f" {' '.join(_WORD.findall(' '.join(words)))} " in self._text

    def mentions(self, *words: str) -> bool:
        """Whether the words stand in the text one after another, in any case."""
        return f" {' '.join(_WORD.findall(' '.join(words)))} ".casefold() in self._folded

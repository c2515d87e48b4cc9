"""The words of a flattened infobox, and what each says about where a row may begin."""

from __future__ import annotations

import re
from dataclasses import dataclass

from articles.formats.label_book import JOINING, LabelBook, Prose, fold_words
from articles.formats.text_lines import word_set

_BEGINS_VALUE_NEVER = word_set("of and or & is was are were has have had will can that who")
_BEHIND_FIGURES = word_set("bc bce ad ce am pm utc gmt")
_MONTHS = word_set(
    "january february march april may june july august september october november december jan "
    "feb mar apr jun jul aug sep sept oct nov dec"
)
# Words with a capital that follow a figure within a value: "4 January 1643", "44 BC".
_NEVER_LABELS = _MONTHS | _BEHIND_FIGURES | word_set("i ii iii iv")
_BEFORE_FIGURES = word_set(
    "About Approximately Approx. Around Over Nearly Almost Roughly Circa C. Ca. Up More Less "
    "Between Since c. ca. circa"
)
# "Developer(s)": the bracket is a part of the word.
_OPTIONAL_PLURAL = re.compile(r"(?<=\w)\((?:s|es|ies)\)$", re.IGNORECASE)
_SIDES = word_set("North South East West")
# Endings of words that are no names.
_COMMON_ENDING = re.compile(
    r"[a-z]{3,}(?:ing|tion|sion|ment|ness|ity|ance|ence|ive|ous|ical|able|ible|ary|ism|ship|ture)s?"
)
_STARTS_FIGURE = re.compile(r"[~≈<>±+−-]?(?:US|A|C)?[$€£¥]?\d")
_ENDS_OPEN = re.compile(r"[,;:(\[/&–—-]$")


@dataclass(frozen=True, slots=True)
class Word:
    """One word; `core` is without marks around it, `is_inside` tells of brackets and quotes."""

    text: str
    core: str
    is_inside: bool

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital, or with a letter of a script that has none."""
        return self.core[:1].isalpha() and not self.core[:1].islower()

    @property
    def is_small(self) -> bool:
        """Whether it is a small word, and no figure ("c.") or name ("iPhone", "al-Khwarizmi")."""
        return self.core[:1].islower() and self.core.islower() and not self.is_figure

    @property
    def is_optional_plural(self) -> bool:
        """Whether it ends as only labels do: "Developer(s)"."""
        return _OPTIONAL_PLURAL.search(self.core) is not None

    @property
    def is_plain(self) -> bool:
        """Whether no mark follows, so that a label may go on behind it."""
        return bool(self.core) and self.text[-1:] == self.core[-1:]

    @property
    def is_figure(self) -> bool:
        """Whether it is a figure, or a word such as "about" that only stands before one."""
        return _STARTS_FIGURE.match(self.text) is not None or self.text in _BEFORE_FIGURES

    @property
    def has_colon(self) -> bool:
        """Whether a colon follows."""
        return self.text.endswith((":", "："))


def split_words(text: str) -> list[Word]:
    """The words of a line with what matters about each."""
    words: list[Word] = []
    depth = 0
    is_quoted = False
    for piece in text.split():
        starts_quote = piece.lstrip("([")[:1] in ('"', "“", "«")
        inside = depth > 0 or is_quoted or starts_quote or piece[:1] in "(["
        words.append(Word(piece, _core(piece), inside))
        depth = max(0, depth + len(re.findall(r"[(\[]", piece)) - len(re.findall(r"[)\]]", piece)))
        is_quoted = is_quoted != (piece.count('"') % 2 == 1)
        is_quoted = (is_quoted or "“" in piece) and "”" not in piece
    return words


def _core(piece: str) -> str:
    bare = piece.rstrip(":：")
    if _OPTIONAL_PLURAL.search(bare):
        return bare
    return piece.strip('()[]"“”«»,.;:：!?…')


class RowWords:
    """The words of one line, asked whether a label can stand at a place.

    Places from `first` on can hold labels. `opening` counts the words of the title before them,
    when it is known.
    """

    def __init__(self, text: str, book: LabelBook, prose: Prose) -> None:
        self.words = split_words(text)
        cores = (_OPTIONAL_PLURAL.sub("", word.core) or word.text for word in self.words)
        self.folded = fold_words(" ".join(cores))
        self.book, self.prose = book, prose
        self._no_names = book.words | prose.common
        self.opening = self.first = 0
        self.has_colons = False

    def __len__(self) -> int:
        return len(self.words)

    def text(self, start: int, end: int) -> str:
        """The words from start to before end, as they were."""
        return " ".join(word.text for word in self.words[start:end])

    def cores(self, start: int, end: int) -> list[str]:
        """The same without the marks around each."""
        return [word.core for word in self.words[start:end]]

    def may_stand(self, start: int, end: int) -> bool:
        """Whether the words from start to end can be a label at all, whatever they are."""
        if end >= len(self.words) or not self.words[start].is_capital:
            return False
        if any(word.is_inside or not word.core for word in self.words[start:end]):
            return False
        if not all(word.is_plain for word in self.words[start : end - 1]):
            return False
        last = self.words[end - 1]
        if not last.is_plain and not (self.has_colons and last.has_colon):
            return False
        if self.words[end].text.casefold() in _BEGINS_VALUE_NEVER:
            return False
        return start == self.first or self.may_follow(start)

    def may_follow(self, start: int) -> bool:
        """Whether what stands before this word can be the end of a value."""
        before = self.words[start - 1]
        if before.is_inside and not before.text.endswith((")", "]", '"', "”", "»")):
            return False
        if _ENDS_OPEN.search(before.text):
            return False
        if before.core in _SIDES and start > 1 and self.words[start - 2].is_capital:
            # "Lund East".
            return True
        return before.core.casefold() not in JOINING

    def is_boundary(self, start: int) -> bool:
        """Whether a value surely can end before this word: a small letter, a figure or a mark."""
        if start in {0, self.opening}:
            return True
        before = self.words[start - 1]
        if not self.may_follow(start):
            return False
        # "ethical AI": an abbreviation ends a value as the small word before it would.
        is_short_name = before.core.isupper() and len(before.core) > 1 and start > 1
        return (
            before.core[:1].islower()
            or (is_short_name and self.words[start - 2].core[:1].islower())
            or before.text[-1].isdigit()
            or before.text[-1] in ')]%.!?°"”»²³'
            or before.is_figure
            or self._is_era(start - 1)
            or self.is_hard_boundary(start)
        )

    def _is_era(self, place: int) -> bool:
        """Whether a word ends a date or time: "44 BC", "9 pm"."""
        word = self.words[place].core.casefold()
        return place > 0 and word in _BEHIND_FIGURES and self.words[place - 1].is_figure

    def is_hard_boundary(self, start: int) -> bool:
        """Whether a measure or a bracket ends before this word, behind which no name goes on."""
        if start < 2 or not self.may_follow(start):
            return start == self.opening
        before, earlier = self.words[start - 1], self.words[start - 2]
        is_unit = earlier.is_figure and len(before.core) <= 4 and not before.core[:1].isdigit()
        is_month = before.core.casefold() in _NEVER_LABELS
        return (is_unit and not is_month) or before.text[-1] in ")%°"

    def is_head(self, place: int) -> bool:
        """Whether labels end in this word, in its singular or plural."""
        word = self.folded[place]
        return bool({word, f"{word}s", word.removesuffix("s")} & self.book.heads)

    def is_common(self, place: int) -> bool:
        """Whether a word is no name."""
        word = self.words[place].core.casefold()
        forms = {word, f"{word}s", word.removesuffix("s")}
        if forms & self._no_names or self.book.is_modifier(word):
            return True
        return _COMMON_ENDING.fullmatch(word) is not None

    def is_part_of_name(self, start: int, end: int) -> bool:
        """Whether the article says these words together with those before or behind them."""
        before, last, after = self.words[start - 1], self.words[end - 1], self.words[end]
        if start > self.first and before.is_capital:
            with_before = self.prose.has_phrase(before.core, self.words[start].core)
        else:
            with_before = False
        if with_before:
            return True
        return last.is_capital and after.is_capital and self.prose.has_phrase(last.core, after.core)

    def can_begin_row(self, start: int) -> bool:
        """Whether a word that no label is known for may begin a row, by what stands before it."""
        word = self.words[start]
        if not word.is_capital or word.is_inside or word.core.casefold() in _NEVER_LABELS:
            return False
        if self.is_boundary(start):
            return True
        # "China Key Compounds …": two words that are no names behind one that is.
        return (
            start > self.first
            and start + 1 < len(self.words)
            and self.may_follow(start)
            and not self.is_common(start - 1)
            and self.is_common(start)
            and self.is_common(start + 1)
            and self.words[start + 1].is_capital
            and not self.words[start + 1].is_inside
        )

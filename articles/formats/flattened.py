"""An infobox that lost its structure: "Title Label value Label value …" in one line.

Nothing separates labels from values, so the reader weighs what speaks for each place: a known
label, the small letter or figure before it, the figure behind it, a colon, and whether the prose
uses the same words as a name. Of all ways to cut the line the one with most weight is taken.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from articles.formats.label_book import LabelBook, Prose
from articles.formats.row_labels import (
    Label,
    capital_labels,
    colon_labels,
    compound_labels,
    count_colons,
    known_labels,
    plural_labels,
    without_small_starts,
)
from articles.formats.row_words import RowWords
from articles.formats.sentence_labels import is_sentence_case, sentence_labels

# A longer line is no infobox; looking at every word of it would take too long.
LONGEST = 50_000
# A title has no more words than this before it is said again in the article.
_LONGEST_TITLE = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A row that was cut out. `is_known` is False for a label found by its capitals.

    `doubt` are the words in the value at which another row may begin, or ''.
    """

    label: str
    value: str
    is_known: bool
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """What a flattened line was cut into; `opening` stands before the first label."""

    opening: str
    rows: tuple[Row, ...]


def cut_rows(
    text: str, book: LabelBook, prose: Prose, *, titles: Sequence[str], has_title: bool
) -> Cut:
    """Cut a line into rows in the way that most speaks for.

    `titles` are texts the line may begin with. With `has_title` the title is known, and the line
    may begin with a label at once; without, some words must be left for the title.
    """
    if len(text) > LONGEST:
        return Cut(text, ())
    line = RowWords(text, book, prose)
    repeated = _repeated_opening(line)
    line.opening = _opening_length(line, titles) or (0 if has_title else repeated)
    line.first = line.opening or (0 if has_title else 1)
    line.has_colons = count_colons(line) >= 2
    labels = _choose(line)
    if not labels:
        return Cut(text, ())
    rows = []
    for label, following in zip(labels, [*labels[1:], None], strict=True):
        end = following.start if following else len(line)
        name = line.text(label.start, label.end).rstrip(":： ")
        row = Row(name, line.text(label.end, end), label.is_known, _doubt(line, label.end, end))
        rows.append(row)
    return Cut(line.text(0, labels[0].start), tuple(rows))


def _choose(line: RowWords) -> list[Label]:
    found = without_small_starts(line, list(known_labels(line)))
    if line.has_colons:
        found.extend(colon_labels(line))
    found.extend(plural_labels(line))
    in_sentences = is_sentence_case(line, found)
    found.extend(sentence_labels(line, found))
    if not in_sentences:
        found.extend(compound_labels(line))
    labels = _best(_without_repeats(line, found))
    capitals = capital_labels(line, labels)
    if in_sentences:
        capitals = (label for label in capitals if label.end - label.start == 1)
    labels = _best(_without_repeats(line, [*labels, *capitals]))
    return [_with_bracket(line, label) for label in labels]


def _without_repeats(line: RowWords, labels: Iterable[Label]) -> list[Label]:
    """Of labels that stand twice the weightier one: an infobox names nothing twice."""
    best: dict[tuple[str, ...], Label] = {}
    for label in labels:
        phrase = line.folded[label.start : label.end]
        other = best.setdefault(phrase, label)
        if label.weight > other.weight:
            best[phrase] = label
    return list(best.values())


def _best(labels: Sequence[Label]) -> list[Label]:
    """The labels of greatest weight together that leave each other a value of one word.

    Weighted interval scheduling (Kleinberg and Tardos, Algorithm Design, 6.1).
    """
    ordered = sorted(set(labels), key=lambda label: (label.end, label.start))
    ends = [label.end for label in ordered]
    # For the first n labels the greatest weight, and whether it takes the n-th.
    best: list[tuple[int, bool]] = [(0, False)]
    for at, label in enumerate(ordered):
        before = bisect_right(ends, label.start - 1, 0, at)
        weight = best[before][0] + label.weight
        best.append((weight, True) if weight > best[at][0] else (best[at][0], False))
    chosen: list[Label] = []
    at = len(ordered)
    while at > 0:
        at -= 1
        if best[at + 1][1]:
            chosen.append(ordered[at])
            at = bisect_right(ends, ordered[at].start - 1, 0, at)
    return chosen[::-1]


def _with_bracket(line: RowWords, label: Label) -> Label:
    """The label with a year or unit in brackets behind it: "Population (2020) 3,677,472"."""
    following = line.words[label.end : label.end + 2]
    is_bracket = len(following) == 2 and re.fullmatch(r"\([^()]{1,12}\)", following[0].text)
    return replace(label, end=label.end + 1) if is_bracket and following[1].is_figure else label


def _opening_length(line: RowWords, titles: Sequence[str]) -> int:
    """How many words at the beginning are one of the titles; the longest counts."""
    best = 0
    for title in titles:
        wanted = _letters(title)
        for length in range(1, min(len(line), len(title.split()) + 2) + 1):
            if wanted and _letters(line.text(0, length)) == wanted:
                best = max(best, length)
    return max(0, min(best, len(line) - 1))


def _repeated_opening(line: RowWords) -> int:
    """How many words at the beginning the article says again, if need be in another case."""
    longest = min(_LONGEST_TITLE, len(line) - 1)
    for is_said in (line.prose.has_phrase, line.prose.mentions):
        length = 0
        while length < longest and is_said(*line.cores(0, length + 1)):
            length += 1
        if length:
            return length
    return 0


def _doubt(line: RowWords, start: int, end: int) -> str:
    """The words in a value at which another row may begin."""
    for place in range(start + 1, end - 1):
        word, after = line.words[place], line.words[place + 1]
        is_label = word.is_capital and line.book.leading(line.folded[place:end])
        if not is_label and not line.can_begin_row(place):
            continue
        starts_row = word.is_plain and (after.is_capital or after.is_figure)
        is_name = line.prose.has_phrase(word.core, after.core)
        if starts_row and not is_name and line.may_stand(place, place + 1):
            return line.text(place, min(place + 4, end))
    return ""


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())

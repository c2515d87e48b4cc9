"""Labels nobody has seen before in infoboxes that write them as sentences begin: "Track gauge".

There a label is a capital and small words behind it, up to the capital or the figure with which its
value begins: "Torch relay length 1,200 km", "Conjectured by Francis Guthrie". Values can look the
same, so a candidate needs a reason beside its letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from articles.formats.label_book import JOINING
from articles.formats.row_labels import Label
from articles.formats.row_words import RowWords
from articles.formats.text_lines import word_set

_MOST_SMALL_WORDS = 4
_INSIDE = word_set("of by in at on for from to as with per and the or")
_AT_END = word_set("by in at on for from to as with since")
_PARTICIPLE = re.compile(r"(?:\w{2,}(?:ed|en|wn|lt|nt|ung|ade)|set|led|held|run|sold|told|cut)")
_KNOWN_REASON, _FIGURE_REASON, _NO_REASON = 15, 12, 9


def is_title_case(line: RowWords, known: Sequence[Label]) -> bool:
    """Whether the known labels of several words begin every word with a capital: "Key Trends"."""
    capital, small = _case_counts(line, known)
    return capital > 1 and not small


def is_sentence_case(line: RowWords, known: Sequence[Label]) -> bool:
    """Whether the known labels of several words begin only the first with a capital."""
    capital, small = _case_counts(line, known)
    return small > 1 and not capital


def _case_counts(line: RowWords, known: Sequence[Label]) -> tuple[int, int]:
    last = [line.words[label.end - 1].core for label in known if label.end - label.start > 1]
    last = [word for word in last if word.casefold() not in JOINING]
    capital = sum(word[:1].isupper() for word in last)
    return capital, len(last) - capital


def sentence_labels(line: RowWords, known: Sequence[Label]) -> Iterator[Label]:
    """Candidates by their small words. `known` are the labels of the book that may stand here."""
    if is_title_case(line, known):
        return
    values_are_small = _values_are_small(line, known)
    beginnings = {label.start for label in known}
    for start in range(line.first, len(line) - 2):
        if values_are_small and start in beginnings:
            continue
        end = _end(line, start)
        if not end or not line.may_stand(start, end):
            continue
        if weight := _weight(line, start, end):
            yield Label(start, end, weight, is_known=False)


def _values_are_small(line: RowWords, known: Sequence[Label]) -> bool:
    """Whether values of this line begin with small letters, as in "Colour red Taste sweet"."""
    sure = [label for label in known if line.is_boundary(label.start)]
    small = 0
    for label in sure:
        end = _end(line, label.start)
        has_longer = end > label.end and _weight(line, label.start, end) >= _KNOWN_REASON
        small += line.words[label.end].is_small and not has_longer
    return 4 * small > len(sure)


def _end(line: RowWords, start: int) -> int:
    """The end of the small words behind the capital at `start`; 0 when they make no label."""
    words = line.words
    if not words[start].is_capital or not words[start].is_plain:
        return 0
    end = start + 1
    while end < len(words) and words[end].is_small and not words[end].is_inside:
        end += 1
        if not words[end - 1].is_plain:
            return 0
    if not 1 <= end - start - 1 <= _MOST_SMALL_WORDS or end >= len(words):
        return 0
    small = line.folded[start + 1 : end]
    if any(word in JOINING and word not in _INSIDE for word in small):
        return 0
    if small[-1] in JOINING and not (small[-1] in _AT_END and _takes_joint(line, start, end - 1)):
        return 0
    return end


def _takes_joint(line: RowWords, start: int, end: int) -> bool:
    """Whether "by" or "in" can follow these words in a label: "Conjectured by", "First seen in"."""
    has_participle = any(_PARTICIPLE.fullmatch(word) for word in line.folded[start:end])
    return has_participle or line.book.is_modifier(line.folded[start])


def _weight(line: RowWords, start: int, end: int) -> int:
    """How much speaks for a label here; nothing when only its letters do."""
    last = line.folded[end - 1]
    is_sure_place = line.is_boundary(start)
    has_figure = line.words[end].is_figure
    is_modified = line.book.is_modifier(line.folded[start])
    if last in JOINING or line.is_head(end - 1) or (has_figure and is_modified):
        weight = _KNOWN_REASON
    elif has_figure or is_modified:
        weight = _FIGURE_REASON
    elif is_sure_place and not line.prose.mentions(*line.cores(start, end)):
        weight = _NO_REASON
    else:
        return 0
    is_name = not is_sure_place and line.is_part_of_name(start, end)
    weight += end - start - 2
    return 0 if is_name else weight - (0 if is_sure_place else 3)

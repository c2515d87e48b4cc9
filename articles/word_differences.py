"""What differs between two texts, in words: text in, runs of words out. No database.

The runs show both texts whole: what is kept and removed is the text before, what is kept and added
the text after, to the letter.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from typing import Literal

# What SequenceMatcher may cost in one passage: it looks at all words and all pairs of equal ones
# again for each piece that it finds, so that a long text with many changes would take minutes.
MOST_STEPS = 2_000_000
# How often a passage that would cost more is cut at words that stand once in either version.
MOST_CUTS = 6
# So many words that stand in both versions are no chance.
MOST_BY_CHANCE = 4

_SIGNS = r"!-/:-@\[-`{-~\u00a1-\u00bf\u060c\u061b\u061f\u2010-\u206f\u3000-\u303f\uff00-\uff0f"
# Scripts that are written without spaces: each sign is a word, with what selects its variant.
_IDEOGRAPHS = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# A citation, a link to a term and a number with its percent sign are read as one word each.
_WORD = re.compile(
    rf"""(?P<space>\s*)(?P<word>
        \[@[^\[\]\n]{{1,300}}\] | \[\[[^\[\]\n]{{1,300}}\]\]
        | \d++(?:[.,]\d++)*+(?:%|(?![^\W_]))
        | [{_IDEOGRAPHS}][\ufe00-\ufe0f\U000e0100-\U000e01ef]*
        | [^\s{_SIGNS}{_IDEOGRAPHS}]+(?:['’\-][^\s{_SIGNS}{_IDEOGRAPHS}]+)*
        | \S
    )""",
    re.VERBOSE,
)

_LINE = re.compile(r"[^\n]*\n*")

type Kind = Literal["kept", "removed", "added"]
type _Word = tuple[str, str]
# Whether it is the same, where it begins and ends in the one list, and where in the other.
type _Step = tuple[bool, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Run:
    """Words that stand together and were all kept, all removed or all added."""

    kind: Kind
    text: str


def word_runs(before: str, after: str) -> tuple[Run, ...]:
    """The runs that lead from one text to the other, none of them empty.

    Lines are compared first and words only in lines that changed; a passage too long for that, in
    which every word is frequent, counts as replaced. A word or two that happen to stand in both
    versions of a rewritten passage do not break it up.
    """
    old, new = _lines(before), _lines(after)
    runs: list[Run] = []
    for same, start, end, new_start, new_end in _steps(old, new):
        if same:
            runs.append(Run("kept", "".join(new[new_start:new_end])))
        else:
            runs += _in_words("".join(old[start:end]), "".join(new[new_start:new_end]))
    return tuple(_tidy(runs))


def middles(before: str, after: str) -> tuple[str, str]:
    """What is left of two texts without the words that both begin and both end with."""
    old, new = _words(before), _words(after)
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    return _joined(old[start : len(old) - end]), _joined(new[start : len(new) - end])


def count_words(text: str) -> int:
    """How many words a text has; signs of punctuation do not count."""
    return sum(any(map(str.isalnum, word)) for _space, word in _words(text))


def _lines(text: str) -> list[str]:
    """The lines, each with its end and the empty lines behind it, which are not to be found."""
    return [line for line in _LINE.findall(text) if line]


def _words(text: str) -> list[_Word]:
    """The words with the white space before each; that after the last word is one without."""
    found = [(match["space"], match["word"]) for match in _WORD.finditer(text)]
    rest = text[sum(len(space) + len(word) for space, word in found) :]
    return [*found, (rest, "")] if rest else found


def _shared(old: Sequence[_Word], new: Sequence[_Word]) -> int:
    """With how many equal words two lists begin."""
    pairs = zip(old, new, strict=False)
    return next(
        (index for index, (one, other) in enumerate(pairs) if one[1] != other[1]),
        min(len(old), len(new)),
    )


def _joined(words: Iterable[_Word]) -> str:
    return "".join(space + word for space, word in words).strip()


def longest_rise(numbers: Sequence[int]) -> list[int]:
    """The indexes of a longest increasing subsequence of different numbers (Fredman 1975)."""
    ends: list[int] = []
    at: list[int] = []
    previous: list[int] = []
    for index, number in enumerate(numbers):
        length = bisect_left(ends, number)
        ends[length : length + 1] = [number]
        at[length : length + 1] = [index]
        previous.append(at[length - 1] if length else -1)
    found = []
    index = at[-1] if at else -1
    while index >= 0:
        found.append(index)
        index = previous[index]
    return found[::-1]


def _steps(old: Sequence[str], new: Sequence[str], cuts: int = MOST_CUTS) -> Iterator[_Step]:
    """Which pieces of two lists are the same and which differ, in their order."""
    if min(len(old), len(new)) * (len(old) + _pairs(old, new)) <= MOST_STEPS:
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        for tag, start, end, new_start, new_end in matcher.get_opcodes():
            yield tag == "equal", start, end, new_start, new_end
        return
    anchors = _anchors(old, new) if cuts else []
    if not anchors:
        yield False, 0, len(old), 0, len(new)
        return
    start = new_start = 0
    for end, new_end in [*anchors, (len(old), len(new))]:
        for same, a, b, c, d in _steps(old[start:end], new[new_start:new_end], cuts - 1):
            yield same, start + a, start + b, new_start + c, new_start + d
        if end < len(old):
            yield True, end, end + 1, new_end, new_end + 1
        start, new_start = end + 1, new_end + 1


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The places of words that stand once in either list and in the same order in both.

    The "patience diff" of Bram Cohen.
    """
    places = _places_of_single(new)
    both = [(at, places[word]) for word, at in _places_of_single(old).items() if word in places]
    return [both[index] for index in longest_rise([place for _at, place in both])]


def _places_of_single(words: Sequence[str]) -> dict[str, int]:
    counts = Counter(words)
    return {word: at for at, word in enumerate(words) if counts[word] == 1}


def _pairs(old: Sequence[str], new: Sequence[str]) -> int:
    """How many pairs of equal words there are."""
    counts = Counter(new)
    return sum(counts[word] for word in old)


def _in_words(before: str, after: str) -> Iterator[Run]:
    old, new = _words(before), _words(after)
    keys = [word for _space, word in old], [word for _space, word in new]
    for same, start, end, new_start, new_end in _steps(*keys):
        if not same:
            yield Run("removed", "".join(space + word for space, word in old[start:end]))
            yield Run("added", "".join(space + word for space, word in new[new_start:new_end]))
            continue
        for (old_space, _same), (space, word) in zip(
            old[start:end], new[new_start:new_end], strict=True
        ):
            if space == old_space:
                yield Run("kept", space + word)
            else:
                yield from (Run("removed", old_space), Run("added", space), Run("kept", word))


def _tidy(runs: Iterable[Run]) -> list[Run]:
    """Neighbours of a kind joined, and changes joined over what is kept between them by chance."""
    joined = [(run, count_words(run.text)) for run in _merged(runs)]
    tidied: list[Run] = []
    # Words replaced since the last run that was kept.
    behind = {"removed": 0, "added": 0}
    for index, (run, count) in enumerate(joined):
        if run.kind != "kept":
            behind[run.kind] += count
            tidied.append(run)
        elif _is_chance(run.text, count, behind, _ahead(joined, index)):
            behind = {kind: words + count for kind, words in behind.items()}
            tidied += [Run("removed", run.text), Run("added", run.text)]
        else:
            behind = {"removed": 0, "added": 0}
            tidied.append(run)
    return _merged(tidied)


def _is_chance(text: str, count: int, behind: dict[str, int], ahead: dict[str, int]) -> bool:
    """Whether kept words are fewer than the words replaced by other words on either side of them.

    The "semantic cleanup" of Neil Fraser's diff-match-patch, in words.
    """
    count = max(count, 1)
    replaced = min(*behind.values(), *ahead.values())
    return "\n" not in text and count < MOST_BY_CHANCE and count <= replaced


def _ahead(runs: Sequence[tuple[Run, int]], index: int) -> dict[str, int]:
    """How many words are removed and added between a run that is kept and the next one."""
    words = {"removed": 0, "added": 0}
    for run, count in runs[index + 1 : index + 3]:
        if run.kind == "kept":
            break
        words[run.kind] += count
    return words


def _merged(runs: Iterable[Run]) -> list[Run]:
    """The runs with changes between two kept ones as at most one removed and one added."""
    merged: list[Run] = []
    for is_kept, group in groupby(runs, key=lambda run: run.kind == "kept"):
        texts = {"kept": "", "removed": "", "added": ""}
        for run in group:
            texts[run.kind] += run.text
        kinds: tuple[Kind, ...] = ("kept",) if is_kept else ("removed", "added")
        merged += [Run(kind, texts[kind]) for kind in kinds if texts[kind]]
    # Empty runs may have stood between two kept ones.
    if any(one.kind == other.kind for one, other in pairwise(merged)):
        return _merged(merged)
    return merged

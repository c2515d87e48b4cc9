"""What differs between two texts, in words: text in, runs of words out. No database.

The runs show both texts whole: what is kept and removed is the text before, what is kept and added
the text after, to the letter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from typing import Literal

# More pairs of equal words than this in one changed passage are not tried out, first without the
# frequent words, then not at all. The cost of SequenceMatcher grows with them.
MOST_PAIRS = 300_000
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

type Kind = Literal["kept", "removed", "added"]
type _Word = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Run:
    """Words that stand together and were all kept, all removed or all added."""

    kind: Kind
    text: str


def word_runs(before: str, after: str) -> tuple[Run, ...]:
    """The runs that lead from one text to the other, none of them empty.

    Lines are compared first and words only in lines that changed; a passage too long for that
    counts as replaced. A word or two that happen to stand in both versions of a rewritten passage
    do not break it up.
    """
    old, new = _lines(before), _lines(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    runs: list[Run] = []
    for same, start, end, new_start, new_end in _steps(matcher):
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
    return text.splitlines(keepends=True)


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


def _steps(matcher: SequenceMatcher[str]) -> Iterator[tuple[bool, int, int, int, int]]:
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        yield tag == "equal", start, end, new_start, new_end


def _in_words(before: str, after: str) -> Iterator[Run]:
    old, new = _words(before), _words(after)
    keys = [word for _space, word in old], [word for _space, word in new]
    is_long = _pairs(*keys) > MOST_PAIRS
    if is_long and _pairs(*keys, most=len(new) // 100 + 1) > MOST_PAIRS:
        yield from (Run("removed", before), Run("added", after))
        return
    # With `autojunk` words that make up more than a hundredth of the text begin no match.
    matcher = SequenceMatcher(None, *keys, autojunk=is_long)
    for same, start, end, new_start, new_end in _steps(matcher):
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


def _pairs(old: Sequence[str], new: Sequence[str], most: int | None = None) -> int:
    """How many pairs of equal words there are: what the comparison looks at in each round.

    With `most`, those of the words that `new` has no more often.
    """
    counts = Counter(new)
    return sum(counts[word] for word in old if most is None or counts[word] <= most)


def _tidy(runs: Iterable[Run]) -> list[Run]:
    """Neighbours of a kind joined, and changes joined over what is kept between them by chance."""
    joined = _merged(runs)
    for index, run in enumerate(joined):
        if run.kind == "kept" and _is_chance(run.text, joined, index):
            joined[index : index + 1] = [Run("removed", run.text), Run("added", run.text)]
    return _merged(joined)


def _is_chance(text: str, runs: Sequence[Run], index: int) -> bool:
    """Whether kept words are fewer than the words replaced on either side of them.

    The "semantic cleanup" of Neil Fraser's diff-match-patch, in words.
    """
    if "\n" in text:
        return False
    count = max(count_words(text), 1)
    return count < MOST_BY_CHANCE and all(count <= _replaced(runs, index, step) for step in (-1, 1))


def _replaced(runs: Sequence[Run], index: int, step: Literal[-1, 1]) -> int:
    """How many words are replaced by how many beside a run, in that direction: the smaller one."""
    words = {"removed": 0, "added": 0}
    index += step
    while 0 <= index < len(runs) and (run := runs[index]).kind != "kept":
        words[run.kind] += count_words(run.text)
        index += step
    return min(words.values())


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

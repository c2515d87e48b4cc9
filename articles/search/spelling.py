"""What a search that found nothing may have meant.

Words that nothing readers may see has are compared with the words of all texts: those that share
most groups of three letters are asked of the database, and of these the nearest by edits are kept
(optimal string alignment: a letter more, less, other, or two swapped). A correction is offered only
when a search for it finds something, so that no word of a draft is ever told.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from articles.search.engines import engine
from articles.search.finding import counted
from articles.search.models import SHORTEST_WORD, Word
from articles.search.words import STOP_WORDS, Query, Wanted, read_query

# Near words kept for each mistyped one, and corrections of a whole query that are tried.
NEAREST = 3
MOST_TRIED = 6
# Words of a query that are corrected at most: each costs a look at the vocabulary.
MOST_CORRECTED = 3


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do when nothing was found: another text, or words that something has by themselves.

    `alone` are words as typed with the number of results that each has, at most `LOOKED` + 1.
    """

    correction: str = ""
    alone: tuple[tuple[str, int], ...] = ()


# Up to how many results of a single word are counted.
LOOKED = 99


def advise(query: Query, languages: Sequence[str]) -> Advice:
    """What a query that found nothing may have meant. At most six statements."""
    alone = counted(
        [Query(part.typed, (part,), " ".join(part.words)) for part in query.wanted], LOOKED
    )
    wrong = [
        part
        for part, number in zip(query.wanted, alone, strict=True)
        if not number and _can_be_corrected(part)
    ][:MOST_CORRECTED]
    correction = _correction(query, wrong, languages) if wrong else ""
    found = [
        (part.typed, number)
        for part, number in zip(query.wanted, alone, strict=True)
        if number and len(query.wanted) > 1
    ]
    return Advice(correction, tuple(found))


def _can_be_corrected(part: Wanted) -> bool:
    return len(part.words) == 1 and len(part.words[0]) >= SHORTEST_WORD and part.words[0].isalpha()


def _correction(query: Query, wrong: list[Wanted], languages: Sequence[str]) -> str:
    words = [part.words[0] for part in wrong]
    likes = engine().likes(words)
    choices = [nearest(word, likes[word]) for word in words]
    for word, near in zip(words, choices, strict=True):
        near += _taken_apart(word)
    tried = list(itertools.islice(itertools.product(*choices), MOST_TRIED))
    texts = [_replaced(query, dict(zip(words, chosen, strict=True))) for chosen in tried]
    numbers = counted((read_query(text, languages) for text in texts), 0)
    return next((text for text, number in zip(texts, numbers, strict=True) if number), "")


def _replaced(query: Query, corrected: dict[str, str]) -> str:
    """The query with other words in place of the wrong ones, as somebody would type it."""
    pieces = []
    for part in query.wanted:
        text = corrected.get(part.words[0], part.typed) if len(part.words) == 1 else part.typed
        pieces.append(f'"{text}"' if f'"{part.typed}"' in query.typed else text)
    return " ".join(pieces)


def _taken_apart(word: str) -> list[str]:
    """The word as two known words: "deeplearning" is "deep learning"."""
    places = range(3, len(word) - 2)
    halves = {half for place in places for half in (word[:place], word[place:])}
    if not halves:
        return []
    known = {*Word.objects.filter(text__in=halves).values_list("text", flat=True), *STOP_WORDS}
    found = [
        f"{word[:place]} {word[place:]}"
        for place in places
        if word[:place] in known and word[place:] in known
    ]
    # Halves of equal length first: short words stand in many others by chance.
    return sorted(found, key=lambda pair: abs(len(pair) - 2 * pair.index(" ") - 1))[:1]


def nearest(word: str, others: Iterable[str]) -> list[str]:
    """At most NEAREST of the others that are a few edits away from the word, the nearest first."""
    most = 1 if len(word) <= 5 else 2 if len(word) <= 9 else 3
    near = [
        (edits, other[0] != word[0], abs(len(other) - len(word)), index, other)
        for index, other in enumerate(others)
        if other != word and (edits := distance(word, other, most)) <= most
    ]
    return [other for *_order, other in sorted(near)[:NEAREST]]


def distance(one: str, other: str, most: int) -> int:
    """Edits between two words (optimal string alignment), or `most` + 1 when there are more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, another in enumerate(other, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != another))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == another:
                cost = min(cost, before_last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before_last, last = last, row
    return min(last[-1], most + 1)

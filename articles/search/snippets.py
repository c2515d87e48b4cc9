"""Excerpts of texts with the words that were found, marked.

Marks are made by two control characters, which no stored text may hold; the text is escaped with
them in it, and only then do they become `<mark>` and `</mark>`.
"""

from __future__ import annotations

import re
from html import escape

from django.utils.safestring import SafeString, mark_safe

from articles.search.words import Query, Wanted, find_runs, fold_word, is_paired, split, stem

# An excerpt's length in characters, and how much of a long text is looked through for one.
LENGTH = 220
READ = 30_000
_ON, _OFF = "\x02", "\x03"
_BLANK = re.compile(r"\s")


def highlighted(text: str, query: Query, language: str) -> SafeString:
    """The whole text as HTML, with what the query found marked."""
    return _html(text, _spans(text, query, language))


def excerpt(text: str, query: Query, language: str) -> SafeString:
    """Some LENGTH characters of the text as HTML, where most of the query's words stand.

    Cut between words, with "…" where something was left out.
    """
    text = _BLANK.sub(" ", text[: READ + LENGTH])
    spans = _spans(text[:READ], query, language)
    start = _best_start(spans)
    if start > 0:
        # A little of what comes before, from a word's beginning on.
        start = max(0, start - LENGTH // 4)
        start = text.find(" ", start) + 1 if start else 0
    end = start + LENGTH
    if end < len(text):
        cut = text.rfind(" ", start + LENGTH // 2, end)
        end = cut if cut > 0 else end
    end = min(end, len(text))
    inside = [(a - start, b - start) for a, b in spans if a >= start and b <= end]
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return mark_safe(before + _html(text[start:end], inside) + after)  # noqa: S308 - escaped there


def _best_start(spans: list[tuple[int, int]]) -> int:
    """Where the stretch of LENGTH characters with most marks begins."""
    best, most, last = 0, 0, 0
    for first, (start, _end) in enumerate(spans):
        last = max(last, first)
        while last < len(spans) and spans[last][1] <= start + LENGTH * 3 // 4:
            last += 1
        if last - first > most:
            best, most = start, last - first
    return best


def _html(text: str, spans: list[tuple[int, int]]) -> SafeString:
    pieces, at = [], 0
    text = text.replace(_ON, " ").replace(_OFF, " ")
    for start, end in spans:
        pieces += [text[at:start], _ON, text[start:end], _OFF]
        at = end
    pieces.append(text[at:])
    safe = escape("".join(pieces)).replace(_ON, "<mark>").replace(_OFF, "</mark>")
    return mark_safe(safe)  # noqa: S308 - escaped above


def _spans(text: str, query: Query, language: str) -> list[tuple[int, int]]:
    """Where in the text the words of the query stand, from left to right."""
    singles = [part for part in query.wanted if len(part.words) == 1]
    forms = {form for part in singles for form in (*part.words, *part.stems)}
    # Words of a phrase are marked wherever they stand; the phrase itself has been found anyway.
    forms |= {word for part in query.wanted if len(part.words) > 1 for word in part.words}
    prefixes = tuple(part.words[0] for part in singles if part.is_prefix)
    paired = [_unpaired(part) for part in query.wanted if is_paired(part.typed)]
    spans: list[tuple[int, int]] = []
    for start, end in find_runs(text):
        run = text[start:end].lower()
        if is_paired(run):
            spans += _in_run(run, start, paired)
            continue
        folded = fold_word(run)
        if (
            folded in forms
            or (prefixes and folded.startswith(prefixes))
            or stem(run, language) in forms
            or (not folded.isalnum() and forms.intersection(split(run)))
        ):
            spans.append((start, end))
    return spans


def _unpaired(part: Wanted) -> str:
    """The text that pairs of letters were made from."""
    return part.words[0] + "".join(pair[1:] for pair in part.words[1:])


def _in_run(run: str, start: int, wanted: list[str]) -> list[tuple[int, int]]:
    folded = "".join(fold_word(letter) or letter for letter in run)
    # Where a letter folds to two, places no longer agree: then nothing is marked.
    if len(folded) != len(run):
        return []
    places = [
        (match.start() + start, match.end() + start)
        for text in wanted
        for match in re.finditer(re.escape(text), folded)
    ]
    merged: list[tuple[int, int]] = []
    for first, last in sorted(places):
        if merged and first < merged[-1][1]:
            merged[-1] = merged[-1][0], max(last, merged[-1][1])
        else:
            merged.append((first, last))
    return merged

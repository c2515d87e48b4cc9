"""Searching: `search` is all that the rest of the site needs to know.

A search reads at most MOST results; where there are more it says "more than", in the total and
beside each filter alike, so that its cost does not grow with the site. What it reads first are
those that have the words in their titles and those that have them as they were typed.

Who may see a result is asked of `Article.objects.live()` and `Term.objects.public()` in the
statements themselves (`statements.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings

from articles.search.engines import Filters
from articles.search.models import SearchDocument
from articles.search.ranking import KINDS, Candidate, Ranking
from articles.search.statements import Group, Statements
from articles.search.words import Query, read_query

# Results that are counted, ranked and paged through; beyond it there are "more than" so many.
MOST = 200
# Results of which the first look tells how they spread over the choices of the filters.
SPREAD = 3000
PAGE_SIZE = 20
# Results of one kind on the page of all kinds.
SHOWN_OF_KIND = 4
# Categories offered to choose from, those with most results.
CATEGORIES_OFFERED = 10


@dataclass(frozen=True, slots=True)
class Amount:
    """How many results there are: so many, or more than so many."""

    number: int
    is_more: bool = False

    @classmethod
    def of(cls, counted: int) -> Amount:
        """From a number that was counted up to one beyond MOST."""
        return cls(min(counted, MOST), counted > MOST)

    def __bool__(self) -> bool:
        return self.number > 0


@dataclass(slots=True)
class Counts:
    """How many results each choice of a filter would show, the other filters staying.

    The choice None or "" is that of all.
    """

    kinds: dict[str, Amount] = field(default_factory=dict)
    categories: dict[int, Amount] = field(default_factory=dict)
    languages: dict[str, Amount] = field(default_factory=dict)
    all_kinds: Amount = Amount(0)


@dataclass(slots=True)
class Found:
    """What a search found: the candidates in their order, and what is counted."""

    query: Query
    filters: Filters
    ranked: list[Candidate] = field(default_factory=list)
    total: Amount = Amount(0)
    counts: Counts = field(default_factory=Counts)
    # Whether anything at all has the words, whatever the filters let through.
    unfiltered: bool = False

    def of_kind(self, kind: str) -> list[Candidate]:
        """Those of one kind, in their order."""
        return [candidate for candidate in self.ranked if candidate.kind == kind]


def languages() -> list[str]:
    """The languages in which words are understood: those of all texts, and the site's."""
    return [*SearchDocument.objects.languages(), settings.LANGUAGE_CODE]


def search(typed: str, filters: Filters = Filters(), *, known: Sequence[str] = ()) -> Found:  # noqa: B008 - frozen
    """Find what readers may see and has all words of `typed`, in the order of `ranking`.

    `known` are the languages in which inflections are understood; see `languages`. Finds nothing
    for a text without a word. Takes two statements on SQLite and four on PostgreSQL where there
    are at most MOST results, and up to twice as many beyond that, whatever is stored. Raises
    nothing for any text.
    """
    query = read_query(typed, known or languages())
    if not query:
        return Found(query, filters)
    ask = Statements()
    with ask.index.steady():
        whole_words = query.without_prefix()
        everything = ask.matching(ask.index.everything(whole_words, []), MOST + 1)
        if len(everything) > MOST:
            # More than are read have the last word as it is: longer ones need not be looked for.
            query = whole_words
        elif query != whole_words:
            everything = ask.matching(ask.index.everything(query, []), MOST + 1)
        if len(everything) <= MOST:
            return _whole(query, filters, everything)
        return _bounded(ask, query, filters, everything)


def counted(queries: Iterable[Query], most: int = MOST) -> list[int]:
    """How many results each query has, counted up to one beyond `most`. One statement."""
    ask = Statements()
    matches = [ask.index.everything(query, []) for query in queries]
    with ask.index.steady():
        return ask.count(matches, most) if matches else []


def detailed(candidates: Sequence[Candidate]) -> list[SearchDocument]:
    """The documents of these candidates in the same order, with article and term. One query."""
    documents = SearchDocument.objects.select_related(
        "article__rendered", "term__article", "category"
    ).defer(
        "title_words", "words", "other_forms", "marks", "key",
        "article__rendered__page", "article__short_answer", "article__retired_anchors",
        "term__article__short_answer", "term__article__retired_anchors",
    )  # fmt: skip
    by_key = documents.in_bulk([candidate.pk for candidate in candidates])
    # One may be gone since it was found.
    return [by_key[candidate.pk] for candidate in candidates if candidate.pk in by_key]


def with_some_words(words: Sequence[str], kinds: Sequence[str], limit: int) -> list[Candidate]:
    """Articles or terms that have any of these folded words in their title. One statement."""
    ask = Statements()
    match = ask.index.some_in_titles(words, [f"_k{kind}" for kind in kinds])
    with ask.index.steady():
        return ask.matching(match, limit)


def missing_kinds(found: Found, kinds: Iterable[str]) -> dict[str, list[Candidate]]:
    """Some results of kinds that are counted and not among the best. One statement at most."""
    wanted = [kind for kind in kinds if found.counts.kinds.get(kind)]
    if not wanted:
        return {}
    ask = Statements()
    filters = [replace(found.filters, kind=kind) for kind in wanted]
    matches = [ask.index.everything(found.query, each.marks) for each in filters]
    with ask.index.steady():
        candidates = ask.union([ask.select(match, SHOWN_OF_KIND) for match in matches])
    return {
        kind: _ranked(found.query, (row for row in candidates if row.kind == kind))
        for kind in wanted
    }


# How it is done -----------------------------------------------------------------------------------


def _passes(candidate: Candidate | Group, filters: Filters) -> bool:
    return (
        filters.kind in {"", candidate.kind}
        and filters.category in {None, candidate.category}
        and filters.language in {"", candidate.language}
    )


def _ranked(query: Query, candidates: Iterable[Candidate]) -> list[Candidate]:
    unique = {candidate.pk: candidate for candidate in candidates}
    return sorted(unique.values(), key=Ranking(query))


def _whole(query: Query, filters: Filters, everything: list[Candidate]) -> Found:
    """Few enough to know them all."""
    passing = [candidate for candidate in everything if _passes(candidate, filters)]

    def spread(name: str, free: Filters) -> Counter[Any]:
        return Counter(getattr(row, name) for row in everything if _passes(row, free))

    kinds = spread("kind", replace(filters, kind=""))
    categories = spread("category", replace(filters, category=None))
    known = spread("language", replace(filters, language=""))
    del categories[None]
    chosen = [filters.category] if filters.category else []
    offered = [key for key, _count in categories.most_common(CATEGORIES_OFFERED)]
    counts = Counts(
        kinds={kind.value: Amount(kinds[kind.value]) for kind in KINDS},
        categories={key: Amount(categories[key]) for key in dict.fromkeys([*offered, *chosen])},
        languages={key: Amount(known[key]) for key in sorted({*known, filters.language} - {""})},
        all_kinds=Amount(kinds.total()),
    )
    ranked = _ranked(query, passing)
    return Found(query, filters, ranked, Amount(len(passing)), counts, bool(everything))


def _bounded(ask: Statements, query: Query, filters: Filters, everything: list[Candidate]) -> Found:
    """Too many to read: the best of them, and counts up to MOST."""
    index, marks = ask.index, filters.marks
    passing = everything
    if marks:
        passing = ask.matching(index.everything(query, marks), MOST + 1)
    in_titles = ask.matching(index.in_titles(query, marks), MOST + 1)
    best = ask.by_title(query, filters)
    if " " in query.key:
        # Of words that very many texts have, PostgreSQL would look through all these texts.
        in_sample = ask.were_in_sample(everything)
        best.append(ask.select(index.as_typed(query, marks), MOST + 1, sample=in_sample))
    ranked = _ranked(query, [*in_titles, *(ask.union(best) if best else ()), *passing])
    if len(passing) <= MOST:
        # All of them are known: what else matches by chance as typed is none of them.
        keys = {candidate.pk for candidate in passing}
        ranked = [candidate for candidate in ranked if candidate.pk in keys]
    else:
        ranked = ranked[:MOST]
    counts = _count(ask, query, filters, [*everything, *ranked])
    return Found(query, filters, ranked, Amount.of(len(passing)), counts, unfiltered=True)


def _count(ask: Statements, query: Query, filters: Filters, seen: Iterable[Candidate]) -> Counts:
    """How many results each choice would show, each counted up to one beyond MOST.

    Most choices are known from one look at the first SPREAD results. Only those that few of these
    pass are counted one by one.
    """
    seen = list(seen)
    # Of results without filters, that tells little about the choices beside a chosen filter.
    is_narrowed = filters != Filters()
    spread, is_all = ask.spread(ask.index.everything(query, []), SPREAD, few=is_narrowed)
    by_category = Counter(row.category for row in seen if row.category)
    for group, number in spread.items():
        if group.category and _passes(group, replace(filters, category=None)):
            by_category[group.category] += number
    offered = [key for key, _number in by_category.most_common(CATEGORIES_OFFERED)]
    categories = list(dict.fromkeys([*offered, *([filters.category] if filters.category else [])]))
    known = {row.language for row in seen} | {group.language for group in spread}
    languages = sorted((known | {filters.language}) - {""})
    choices = [
        replace(filters, kind=""),
        *(replace(filters, kind=kind.value) for kind in KINDS),
        *(replace(filters, category=key) for key in categories),
        *(replace(filters, language=language) for language in languages),
    ]
    numbers = {
        choice: sum(number for group, number in spread.items() if _passes(group, choice))
        for choice in choices
    }
    if not is_all:
        unsure = [choice for choice, number in numbers.items() if number <= MOST]
        matches = [ask.index.everything(query, choice.marks) for choice in unsure]
        numbers |= zip(unsure, ask.count(matches, MOST), strict=True)
    amounts = [Amount.of(numbers[choice]) for choice in choices]
    return Counts(
        all_kinds=amounts[0],
        kinds={kind.value: amount for kind, amount in zip(KINDS, amounts[1:7], strict=True)},
        categories=dict(zip(categories, amounts[7:], strict=False)),
        languages=dict(zip(languages, amounts[7 + len(categories) :], strict=True)),
    )

"""The statements of a search: candidates, counts, and who may see what they are of."""

# ruff: noqa: S608 - statements are made of fixed text; all that was typed is a parameter.

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils import timezone

from articles.models import Article, Term
from articles.search.engines import CANDIDATE, Engine, Filters, Match, Sql, engine, rows
from articles.search.entries import Kind
from articles.search.ranking import Candidate
from articles.search.tables import SAMPLE
from articles.search.words import Query, language_of

# Titles that begin as the query does, of which the best are wanted only.
MOST_BY_TITLE = 50
# Where a statement wants the moment at which it is asked.
NOW = object()


class Group(NamedTuple):
    """What documents have in common for the filters."""

    kind: str
    category: int | None
    language: str


class Statements:
    """What one search asks of the database; all of it at one moment, for readers.

    Each method but `by_title` is one statement, two on PostgreSQL where a sample is not enough.
    """

    def __init__(self) -> None:
        self.index: Engine = engine()
        self.visible = _visible()

    def matching(self, match: Match, limit: int) -> list[Candidate]:
        """Some `limit` documents that match."""
        if self.index.samples:
            found = rows(*self.select(match, limit, sample=True))
            if len(found) == limit:
                return [Candidate.of(row) for row in found]
        return [Candidate.of(row) for row in rows(*self.select(match, limit))]

    def select(self, match: Match, limit: int, *, sample: bool = False) -> Sql:
        """The statement for at most `limit` documents that match."""
        sql, params = self.index.source(match, self.visible, sample=sample)
        return f"SELECT {CANDIDATE} {sql} LIMIT {limit:d}", params

    def union(self, selects: Sequence[Sql]) -> list[Candidate]:
        """What several statements find."""
        parts = (f"SELECT * FROM ({sql}) AS part" for sql, _params in selects)
        params = [param for _sql, params in selects for param in params]
        return [Candidate.of(row) for row in rows(" UNION ALL ".join(parts), params)]

    def by_title(self, query: Query, filters: Filters) -> list[Sql]:
        """The statement for titles that are the query or begin with it; none for mere parts."""
        if filters.kind not in {"", Kind.ARTICLE, Kind.TERM}:
            return []
        sql, params = self.visible
        conditions, params = [sql], [*params]
        if filters.kind:
            conditions.append("d.kind = %s")
            params.append(filters.kind)
        if filters.category:
            conditions.append("d.category_id = %s")
            params.append(filters.category)
        if filters.language:
            conditions.append("(d.language = %s OR d.language LIKE %s)")
            params += [filters.language, f"{filters.language}-%"]
        documents = f"SELECT {CANDIDATE} FROM search_searchdocument d WHERE NOT (d.key = '')"
        # Letter by letter, whatever the order of the database's language is.
        at_least, below = ("~>=~", "~<~") if connection.vendor == "postgresql" else (">=", "<")
        begins = f"d.key {at_least} %s AND d.key {below} %s"
        where = " AND ".join([begins, *conditions])
        ends = [query.key, f"{query.key}\U0010ffff"]
        return [(f"{documents} AND {where} LIMIT {MOST_BY_TITLE}", [*ends, *params])]

    def were_in_sample(self, found: Sequence[Candidate]) -> bool:
        """Whether these are of the sample alone, which has enough only of very common words."""
        return self.index.samples and all(
            row.article and row.article % SAMPLE == 0 for row in found
        )

    def spread(self, match: Match, limit: int, *, few: bool = False) -> tuple[Counter[Group], bool]:
        """How the first `limit` documents that match are spread, and whether these are all.

        With `few` those of the sample are enough, where there is one.
        """
        groups: Counter[Group] = Counter()
        for sample in (True, False) if self.index.samples else (False,):
            sql, params = self.index.source(match, self.visible, sample=sample)
            columns = "d.kind AS kind, d.category_id AS category, d.language AS language"
            found = rows(
                "SELECT kind, category, language, count(*) FROM "
                f"(SELECT {columns} {sql} LIMIT {limit:d}) AS part "
                "GROUP BY kind, category, language",
                params,
            )
            groups.clear()
            for kind, category, language, number in found:
                groups[Group(kind, category, language_of(language))] += number
            if groups.total() == limit or (few and sample):
                return groups, False
        return groups, True

    def count(self, matches: Sequence[Match], most: int) -> list[int]:
        """How many documents each matches, counted up to one beyond `most`."""
        if not matches:
            return []
        unique = list(dict.fromkeys(matches))
        if self.index.samples:
            found: Sequence[int] = self._counted_by_row(unique, most)
        else:
            numbers = [self._number(match, most) for match in unique]
            params = [param for _sql, params in numbers for param in params]
            (found,) = rows(f"SELECT {', '.join(sql for sql, _params in numbers)}", params)
        counted = dict(zip(unique, found, strict=True))
        return [counted[match] for match in matches]

    def _counted_by_row(self, matches: Sequence[Match], most: int) -> list[int]:
        """The same, planned once for all: planning takes PostgreSQL longer than counting.

        All of a match is counted only where the sample has not enough.
        """
        sample, own = self._number(None, most, sample=True)
        number, others = self._number(None, most)
        found = rows(
            f"SELECT CASE WHEN few.number > {most:d} THEN few.number ELSE {number} END "
            "FROM unnest(%s::tsquery[]) WITH ORDINALITY AS m (match, place), "
            f"LATERAL (SELECT {sample} AS number) AS few ORDER BY m.place",
            [*others, [match.text for match in matches], *own],
        )
        return [number for (number,) in found]

    def _number(self, match: Match | None, most: int, *, sample: bool = False) -> Sql:
        sql, params = self.index.source(match, self.visible, sample=sample)
        return f"(SELECT count(*) FROM (SELECT 1 {sql} LIMIT {most + 1:d}) AS part)", params


def _visible() -> Sql:
    """The condition that readers may see the document `d` now."""
    sql, params = _condition(connection.vendor)
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    return sql, [now if param is NOW else param for param in params]


@cache
def _condition(vendor: str) -> Sql:
    """The same with NOW wherever the moment stands.

    Django takes some milliseconds to write it, as long as the database needs for the whole search.
    OFFSET 0 keeps PostgreSQL from reading all articles before the first question about one.
    """
    adapt: Any = connection.ops.adapt_datetimefield_value
    before = adapt(timezone.now())
    live = Article.objects.live().filter(pk=RawSQL("d.article_id", [])).order_by().values("pk")
    public = Term.objects.public().filter(pk=RawSQL("d.term_id", [])).order_by().values("pk")
    live_sql, live_params = live.query.sql_with_params()
    public_sql, public_params = public.query.sql_with_params()
    after = adapt(timezone.now())
    is_live = f"EXISTS (SELECT 1 FROM ({live_sql}) AS live OFFSET 0)"
    is_public = f"EXISTS (SELECT 1 FROM ({public_sql}) AS public OFFSET 0)"
    if vendor == "sqlite":
        # Which has no OFFSET without a LIMIT, and asks about each by itself anyway.
        is_live, is_public = f"EXISTS ({live_sql})", f"EXISTS ({public_sql})"
    params = [
        NOW if type(param) is type(before) and before <= param <= after else param
        for param in (*live_params, *public_params)
    ]
    return f"CASE WHEN d.article_id IS NOT NULL THEN {is_live} ELSE {is_public} END", params

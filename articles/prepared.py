"""Queries that are built and translated to SQL once, and then asked with other values.

Django builds a query and translates it anew each time it is asked, which for a union of four costs
ten times what the database needs to answer. The few queries that every view of an article asks,
always in the same form, are prepared here instead. The rows are those of the same queryset, by the
same conversions.

It leans on `django.db.models.sql.compiler`, which Django does not promise to keep as it is:
`tests/articles/test_prepared.py` compares each prepared query with the queryset it is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import DateTimeField

from articles.kept import Kept

# Stand for values while a query is built: no row has such a number or text.
_NUMBER = -7_700_000_000_000
_TEXT = "\ufdd0 stands for a value "
_MOMENT = datetime(3, 3, 3, tzinfo=UTC)

type Value = int | str | datetime
type Values = Value | list[int] | list[str]


class Prepared:
    """A query whose rows are asked for by the values that `build` takes by name.

    `build` gives a `values_list` queryset, or a union of such, and does nothing with its values but
    put them into filters: they are whole numbers, texts, moments, or lists of these. A list makes
    a query of its own for each power of two: its last value fills it up, so it stands for a set.
    """

    def __init__(self, build: Callable[..., Any]) -> None:
        self.build = build
        self._made: Kept[tuple[Any, str, list[Any]] | None] = Kept(most=50)

    def rows(self, **values: Values) -> Iterator[tuple[Any, ...]]:
        """The rows for these values."""
        values = {name: _filled_up(value) for name, value in values.items()}
        stand_ins, meant = _stand_ins(values)
        shape = tuple(len(value) if isinstance(value, list) else None for value in values.values())
        made = self._made.get(shape, lambda: self._translate(stand_ins))
        if made is None:
            return iter(())
        translated, sql, places = made
        compiler = copy(translated)
        # This thread's own.
        compiler.connection = connection
        # As the database wants it: some have types of their own for numbers.
        parameters = tuple(
            _like(place, meant[place]) if place in meant else place for place in places
        )
        compiler.as_sql = lambda *_arguments, **_options: (sql, parameters)
        return iter(compiler.results_iter(tuple_expected=True))

    def _translate(self, stand_ins: dict[str, Values]) -> tuple[Any, str, list[Any]] | None:
        """The compiler that knows the columns, the SQL and its parameters; None for no rows."""
        compiler = self.build(**stand_ins).query.get_compiler(using=DEFAULT_DB_ALIAS)
        try:
            sql, places = compiler.as_sql()
        except EmptyResultSet:
            return None
        return compiler, sql, list(places)


def _filled_up(value: Values) -> Values:
    """A list of the next length of which there is a query."""
    if not isinstance(value, list) or not value:
        return value
    wanted = 1 << (len(value) - 1).bit_length()
    found: Any = value
    return found + found[-1:] * (wanted - len(value))


def _stand_ins(values: dict[str, Values]) -> tuple[dict[str, Values], dict[Any, Any]]:
    """The values to build a query with, and what each of them stands for."""
    meant: dict[Any, Any] = {}

    def stand_in(value: Value) -> Value:
        number = len(meant)
        found: Value
        if isinstance(value, datetime):
            found = _MOMENT + timedelta(hours=number)
            meant[_as_parameter(found)] = _as_parameter(value)
            return found
        found = _NUMBER - number if isinstance(value, int) else f"{_TEXT}{number}"
        meant[found] = value
        return found

    built: dict[str, Any] = {
        name: [stand_in(each) for each in value] if isinstance(value, list) else stand_in(value)
        for name, value in values.items()
    }
    return built, meant


def _like(place: Any, value: Any) -> Any:
    """A value in the type that the database has for it at this place."""
    return value if type(place) is type(value) else type(place)(value)


def _as_parameter(moment: datetime) -> Any:
    """A moment as the database is given it."""
    return DateTimeField().get_db_prep_value(moment, connection)

"""The rendered page of an article as it comes out of the database: read once for one text."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable
from typing import Any

from django.db import models

from articles.kept import Kept

# Pages of articles that were read lately: with what is made of one for readers and for editors, a
# megabyte each. Others ask the page cache; these are for views that it cannot answer.
_pages: Kept[StoredPage] = Kept(most=8)


class StoredPage(dict[str, Any]):
    """A rendered page. All who read the same text share it, so nobody may change it."""

    def __init__(self, content: dict[str, Any]) -> None:
        super().__init__(content)
        # What readers see, and what editors do.
        self._made: Kept[Any] = Kept(most=2)

    def once[Value](self, key: Hashable, make: Callable[[], Value]) -> Value:
        """What `make` gives, kept as long as this page; `key` says what else it depends on."""
        value: Value = self._made.get(key, make)
        return value


class StoredPageField(models.JSONField):
    """JSON that is parsed once for each text, into a `StoredPage`."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """The page of a text, or what a query picked out of one."""
        if not isinstance(value, str) or not isinstance(expression, models.expressions.Col):
            return super().from_db_value(value, expression, connection)
        # Not the text, which would be kept beside what is made of it. That two of eight texts of
        # one length have one hash does not happen: it has 64 bits and a secret.
        return _pages.get((hash(value), len(value)), lambda: StoredPage(json.loads(value)))

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """To migrations it is the JSON that the column holds."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

"""What a search's address may say. Values that make no sense narrow nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.http import QueryDict

from articles.models import Article, Category
from articles.search.engines import Filters
from articles.search.entries import Kind

_LANGUAGE = re.compile(r"[a-z]{2,8}")


@dataclass(frozen=True, slots=True)
class Asked:
    """An address, read: what is sought, narrowed to what, and how.

    `exact` looks for nothing but what was typed, however little that finds.
    """

    typed: str
    filters: Filters
    category: Category | None = None
    exact: bool = False
    page: str = ""


def read_address(data: QueryDict) -> Asked:
    """Read a query string. One query when it names a category: one of a live article counts."""
    kind, language = data.get("kind", ""), data.get("language", "")
    category = _category(data.get("category", ""))
    filters = Filters(
        kind=kind if kind in set(Kind) else "",
        category=category.pk if category else None,
        language=language if _LANGUAGE.fullmatch(language) else "",
    )
    typed = data.get("q", "")
    return Asked(typed, filters, category, data.get("exact") == "1", data.get("page", ""))


def _category(slug: str) -> Category | None:
    if not slug or "\x00" in slug:
        return None
    # Asked of this one: a list of the categories of all articles would take longer than the search.
    live = Article.objects.live().filter(category=OuterRef("pk"))
    return Category.objects.filter(Exists(live), slug=slug[:200]).first()

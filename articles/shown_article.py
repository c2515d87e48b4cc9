"""The one article of a page, with what the page shows of it and no more: one query.

Readers ask it in one form, so that it is prepared (see `articles.prepared`).
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from articles.models import Article, Category, RenderedArticle, User
from articles.prepared import Prepared

# The columns that the page of an article and its twins read: they cost time by the column.
OWN = (
    "id", "title", "slug", "short_answer", "language", "status", "published_at", "changed_at",
    "copy_of_id", "category_id", "author_id",
)  # fmt: skip
CATEGORY = ("id", "name", "slug")
AUTHOR = ("id", "public_name", "slug")
RENDERED = ("article_id", "page", "summary", "last_verified", "revision_number", "card")


def shown(articles: QuerySet[Article], slug: str) -> Article | None:
    """The one of these articles that has the slug and was rendered, as its page shows it."""
    found = articles.select_related("category", "author", "rendered").only(
        *OWN[:-2], *_of("category", CATEGORY), *_of("author", AUTHOR), *_of("rendered", RENDERED)
    )
    return found.filter(slug=slug, rendered__isnull=False).first()


def shown_live(slug: str) -> Article | None:
    """The same of the articles that readers may see."""
    row = next(_live.rows(slug=slug, now=timezone.now()), None)
    if row is None:
        return None
    values = iter(row)
    article = _made(Article, OWN, values)
    article.category = _made(Category, CATEGORY, values)
    article.author = _made(User, AUTHOR, values)
    article.rendered = _made(RenderedArticle, RENDERED, values)
    return article


def _of(relation: str, names: tuple[str, ...]) -> list[str]:
    return [f"{relation}__{name}" for name in names]


def _query(slug: str, now: Any) -> Any:
    rows = Article.objects.live(now).filter(slug=slug, rendered__isnull=False).order_by()
    columns = (*OWN, *_of("category", CATEGORY), *_of("author", AUTHOR), *_of("rendered", RENDERED))
    return rows.values_list(*columns)


_live = Prepared(_query)


def _made(model: Any, names: tuple[str, ...], values: Any) -> Any:
    """An object from the next columns of a row, its key first; None where there is none."""
    row = dict(zip(names, values, strict=False))
    if row[names[0]] is None:
        return None
    # `from_db` takes them in the order of the model.
    known = [field.attname for field in model._meta.concrete_fields if field.attname in row]
    return model.from_db(connection.alias, known, [row[name] for name in known])

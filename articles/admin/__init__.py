"""The admin: one page edits a whole article, and each save that changes its words is a revision."""

from articles.admin import (
    articles,
    names,
    pages,
    part_pages,
    people,
    revisions,
    site,
    sources,
    tasks,
)

__all__ = [
    "articles",
    "names",
    "pages",
    "part_pages",
    "people",
    "revisions",
    "site",
    "sources",
    "tasks",
]

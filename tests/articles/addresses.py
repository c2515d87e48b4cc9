"""Every public address of the site, from its URLconf: a new one is tested from its first day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from articles import store
from articles.cards import site_card
from articles.models import Article, SiteSettings, Source
from articles.models.references import source_digest
from tests.articles.bridges import BOOK, make_article
from tests.factories import make_first_pages

# Signing in and editing: private, and tested by themselves.
PRIVATE = ("admin/", "accounts/")
# Forms, which are never cached, and permanent addresses of comments, which lead elsewhere: these
# are tested in tests/discussion/ and test_since.py.
FORMS = ("discussion/new/", "since/", "comments/<int:pk>/", "comments/manage/<str:token>/")

# The number of the source that BOOK leads to, on the site that `make_site` makes.
SOURCE = 7001

# What stands for each argument of an address on that site.
EXAMPLES = {
    "site-<str:name>": "000000000000",
    "articles/<uslug:slug>": "stone-bridges",
    "categories/<uslug:slug>": "building",
    "tags/<uslug:slug>": "masonry",
    "authors/<uslug:slug>": "nora-pont",
    "terms/<uslug:slug>": "thrust",
    "sources/<int:pk>": str(SOURCE),
    "pages/<uslug:slug>": "about",
    "sitemap-<str:section>": "articles",
    # The picture of the site itself.
    "media/cards/<str:name>": site_card(SiteSettings()).url.rpartition("/")[2].removesuffix(".png"),
}
# And for the arguments behind the first one.
NUMBERS = {"<int:number>": "1", "<int:old>": "1", "<int:new>": "3"}


def make_source() -> Source:
    """The source of BOOK under its number; articles that are made later lead to it."""
    identity = f"isbn:{BOOK.isbn}"
    made: Source = Source.objects.create(
        pk=SOURCE, identity=identity, digest=source_digest(identity)
    )
    return made


def make_site(**values: Any) -> Article:
    """The site on which all of `addresses()` exist, and its one article (see `make_article`).

    The article has three revisions, the last of which says what the first does.
    """
    make_first_pages()
    make_source()
    article = make_article(**values)
    document = store.load(article)
    if article.is_live:
        store.save(replace(document, short_answer="Soon."), article=article)
        store.save(document, article=article)
    return article


def routes() -> list[str]:
    """The routes of all public addresses, such as `articles/<uslug:slug>/`."""
    return [
        route
        for route in _routes(get_resolver())
        if not route.startswith(PRIVATE) and not route.endswith(FORMS)
    ]


def _routes(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern, route)
        else:
            assert isinstance(pattern, URLPattern)
            yield route


def address(route: str) -> str:
    """The route with an example for each argument. Raises KeyError when there is none here."""
    if "<" not in route:
        return f"/{route}"
    start, end = route.split(">", 1)
    for argument, number in NUMBERS.items():
        end = end.replace(argument, number)
    assert "<" not in end, f"give {route} an example"
    name = f"{start}>"
    return "/" + name[: name.index("<")] + EXAMPLES[name] + end


def is_file(address: str) -> bool:
    """Whether the address is that of a file for programs, which is no page for people."""
    return bool(address) and not address.endswith("/") and "." in address.rpartition("/")[2]


def addresses() -> list[str]:
    """All public addresses of the site that `make_site` makes."""
    return [address(route) for route in routes()]

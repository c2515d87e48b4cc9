"""Every public address of the site, from its URLconf: a new one is tested from its first day."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

# Signing in and editing: private, and tested by themselves.
PRIVATE = ("admin/", "accounts/")
# Forms, which are never cached, and permanent addresses of comments, which lead elsewhere: these
# are tested in tests/discussion/.
FORMS = ("discussion/new/", "comments/<int:pk>/", "comments/manage/<str:token>/")

# What stands for each argument of an address on a site with the article of `make_document()`.
EXAMPLES = {
    "site-<str:name>": "000000000000",
    "articles/<uslug:slug>": "stone-bridges",
    "categories/<uslug:slug>": "building",
    "tags/<uslug:slug>": "masonry",
    "authors/<uslug:slug>": "nora-pont",
    "terms/<uslug:slug>": "thrust",
}


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
    """The route with an example for its argument. Raises KeyError when there is none here."""
    if "<" not in route:
        return f"/{route}"
    start, end = route.split(">", 1)
    assert "<" not in end, f"give {route} an example"
    name = f"{start}>"
    return "/" + name[: name.index("<")] + EXAMPLES[name] + end


def addresses() -> list[str]:
    """All public addresses of a site with the article of `make_document()`."""
    return [address(route) for route in routes()]

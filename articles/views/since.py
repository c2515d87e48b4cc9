"""What changed since a reader last read an article: asked for, shown, marked as read, forgotten.

The article's own page is the same for everybody. What is somebody's own comes from this address,
which no cache keeps.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from articles.access import Moved, get_live, redirect_with_query, wants_fragment
from articles.change_sentences import part_words
from articles.changes import PartChange
from articles.models import Article
from articles.remembered import Seen, Since, forget, read_seen, remember, since, with_read

# Changed parts that are linked to.
MOST_LINKS = 12


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def since_read(request: HttpRequest, slug: str) -> HttpResponse:
    """What changed since the reader's last time; POST `do`: `remember`, `read` or `forget`."""
    try:
        article = get_live(slug, "title", "language")
    except Moved as moved:
        return redirect_with_query(request, reverse("articles:since", args=[moved.slug]))
    seen = read_seen(request)
    if request.method == "POST":
        return _do(request, article, seen)
    found = since(article, (seen or {}).get(article.pk))
    response = _show(request, article, seen, found)
    if seen is not None and found.newest and not found.before and wants_fragment(request):
        # They asked that what they read be remembered, and here they read it.
        remember(response, with_read(seen, article, found.newest.number))
    return response


def _do(request: HttpRequest, article: Article, seen: Seen | None) -> HttpResponse:
    wish = request.POST.get("do")
    found = since(article, (seen or {}).get(article.pk))
    if wish not in {"remember", "read", "forget"}:
        return _show(request, article, seen, found, status=400)
    response: HttpResponse = HttpResponseRedirect(reverse("articles:since", args=[article.slug]))
    if wish == "forget":
        seen = None
        forget(response)
    elif found.newest:
        seen = with_read(seen or {}, article, found.newest.number)
        remember(response, seen)
    if not wants_fragment(request):
        return response
    shown = _show(request, article, seen, since(article, (seen or {}).get(article.pk)))
    shown.cookies.update(response.cookies)
    return shown


def _show(
    request: HttpRequest,
    article: Article,
    seen: Seen | None,
    found: Since,
    *,
    status: int = 200,
) -> HttpResponse:
    """The page, or the note that stands on the article's page."""
    is_fragment = wants_fragment(request)
    changes = found.changes
    context: dict[str, Any] = {
        "article": article,
        "asked": seen is not None,
        "found": found,
        "sentences": changes.sentences() if changes else [],
        "links": _links(article, changes.parts, is_fragment) if changes else [],
        "action": reverse("articles:since", args=[article.slug]),
    }
    name = "since_note" if is_fragment else "since"
    response = render(request, f"articles/{name}.html", context, status=status)
    response.headers["Vary"] = "HX-Request, Cookie"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _links(
    article: Article, parts: tuple[PartChange, ...], is_fragment: bool
) -> list[tuple[str, str]]:
    """Where the parts that are new or changed are: addresses and names."""
    page = "" if is_fragment else article.get_absolute_url()
    links: list[tuple[str, str]] = []
    for part in parts:
        if part.after and len(links) < MOST_LINKS:
            # A long timeline is shown a page at a time: the address says which page.
            is_dated = part.kind == "milestone"
            address = f"{article.get_absolute_url()}?at={quote(part.anchor)}" if is_dated else page
            links.append((f"{address}#{part.anchor}", part_words(part)))
    return links

"""The history that readers see: revisions, one of them as it read then, and two compared.

All three are the same for everybody; editors have the whole history in the admin.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe

from articles.access import Moved, get_live, redirect_with_query
from articles.differences import compare
from articles.document import Document, DocumentError
from articles.languages import direction
from articles.models import Article, Revision, SiteSettings
from articles.revision_page import revision_page
from articles.summaries import sentences_of_each

PAGE_SIZE = 20
# Changed parts that a comparison shows.
MOST_PARTS = 300
# What a column of numbers holds.
MOST_NUMBER = 2**31 - 1


def _of_live_article(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view the live article instead of its slug; an old slug leads to the new one."""

    @wraps(view)
    def wrapper(request: HttpRequest, slug: str, **numbers: int) -> HttpResponse:
        try:
            article = get_live(slug, "title", "language", "changed_at")
        except Moved as moved:
            match: Any = request.resolver_match
            address = reverse(match.view_name, kwargs={**numbers, "slug": moved.slug})
            return redirect_with_query(request, address)
        return view(request, article, **numbers)

    return wrapper


@require_safe
@conditional_page
@_of_live_article
def history(request: HttpRequest, article: Article) -> HttpResponse:
    """The revisions, the newest first, each with what it changed; `?old=&new=` compares two."""
    old, new = (_number(request.GET.get(name, "")) for name in ("old", "new"))
    if old and new:
        return HttpResponseRedirect(_comparison(article, old, new))
    revisions = Revision.objects.public().filter(article=article).select_related("author")
    revisions = revisions.defer("document")
    page = Paginator(revisions, PAGE_SIZE).get_page(request.GET.get("page"))
    canonical = f"{settings.SITE_URL}{reverse('articles:history', args=[article.slug])}"
    entries = _entries(page)
    oldest = entries[-1][0].number if entries and not page.has_next() else 1
    context = {
        "article": article,
        "page": page,
        "entries": entries,
        # Revisions from before the article was public, of which the end of the list tells.
        "unseen": oldest - 1,
        "canonical": f"{canonical}?page={page.number}" if page.number > 1 else canonical,
    }
    return render(request, "articles/history.html", context)


def _number(text: str) -> int:
    """The number of a revision that somebody chose; 0 when it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0


def _comparison(article: Article, old: int, new: int) -> str:
    """Where two revisions are compared, the older one first; one with itself is just shown."""
    if old == new:
        return reverse("articles:revision", args=[article.slug, old])
    return reverse("articles:comparison", args=[article.slug, min(old, new), max(old, new)])


def _entries(page: Page[Revision]) -> list[tuple[Revision, Revision | None, list[str]]]:
    """Each revision of a page with the one before it and what happened between them."""
    start = (page.number - 1) * PAGE_SIZE
    # One more than is shown: what the last one on the page is compared with.
    rows: list[Any] = list(page.paginator.object_list[start : start + PAGE_SIZE + 1])
    page.object_list = rows[:PAGE_SIZE]
    pairs = list(pairwise([*rows, None]))[:PAGE_SIZE]
    said = sentences_of_each(pairs)
    return [(new, old, found) for (new, old), found in zip(pairs, said, strict=True)]


@require_safe
@conditional_page
@_of_live_article
def revision(request: HttpRequest, article: Article, number: int) -> HttpResponse:
    """The article as it read then."""
    found, document = _find(article, number)[number]
    numbers = _others(article, number)
    site = SiteSettings.current()
    past, page = revision_page(found, document, site, request.GET.get("at", ""))
    context = {
        "article": past,
        "current": article,
        "author": document.author,
        "category": document.category,
        "page": page,
        "revision": found,
        "site": site,
        "direction": direction(document.language),
        "canonical": f"{settings.SITE_URL}{article.get_absolute_url()}",
        **numbers,
    }
    # Without a `Last-Modified`: the text never changes, but what stands around it does.
    return render(request, "articles/revision.html", context)


def _others(article: Article, number: int) -> dict[str, int | None]:
    """The numbers of the public revision before and of the newest one."""
    revisions = Revision.objects.public().filter(article=article).order_by("-number")
    numbers: Any = revisions.values_list("number", flat=True)
    return {
        "newest": numbers.first(),
        "previous": numbers.filter(number__lt=number).first(),
    }


@require_safe
@conditional_page
@_of_live_article
def comparison(request: HttpRequest, article: Article, old: int, new: int) -> HttpResponse:
    """What changed from one revision to another, part by part."""
    if old >= new:
        return HttpResponseRedirect(_comparison(article, old, new))
    found = _find(article, old, new)
    (before, before_document), (after, after_document) = found[old], found[new]
    changes = compare(before_document, after_document, for_readers=True)
    context = {
        "article": article,
        "before": before,
        "after": after,
        "changes": changes,
        "parts": changes.parts[:MOST_PARTS],
        "more": max(0, len(changes.parts) - MOST_PARTS),
        "sentences": changes.sentences(),
        "language": after_document.language,
        "direction": direction(after_document.language),
        "canonical": f"{settings.SITE_URL}{_comparison(article, old, new)}",
    }
    return render(request, "articles/comparison.html", context)


def _find(article: Article, *numbers: int) -> dict[int, tuple[Any, Document]]:
    """Public revisions by their numbers, with what they say. Raises Http404 unless all are."""
    if max(numbers) > MOST_NUMBER:
        raise Http404
    rows = Revision.objects.public().filter(article=article, number__in=numbers)
    found = {row.number: row for row in rows.select_related("author")}
    if len(found) < len(numbers):
        raise Http404
    for row in found.values():
        row.article = article
    try:
        return {number: (row, row.read()) for number, row in found.items()}
    except DocumentError as error:
        raise Http404(str(error)) from error

"""The lists of articles: all, by category, by tag, by author."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles.access import editor_of, keep_private
from articles.models import Article, Category, Tag, User
from articles.views.paging import address_of_page

PAGE_SIZE = 30


def _paginated(
    request: HttpRequest,
    template: str,
    rows: QuerySet[Any],
    context: dict[str, Any],
    *,
    hide_empty: bool = False,
) -> HttpResponse:
    """A page of a list; a page number that makes no sense shows the first or the last page.

    With `hide_empty` an empty list is an editor's alone: its name may be that of a draft's subject.
    Raises Http404 for everybody else.
    """
    page: Page[Any] = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    # Their keys come from an index, however late the page; only what is shown is read whole.
    start = (page.number - 1) * PAGE_SIZE
    keys = rows.values("pk")[start : start + PAGE_SIZE]
    page.object_list = Article.objects.filter(pk__in=keys).for_list().order_by(*rows.query.order_by)
    is_hidden = hide_empty and not page.paginator.count
    if is_hidden and editor_of(request) is None:
        raise Http404
    canonical = address_of_page(request, page)
    response = render(request, template, {"page": page, "canonical": canonical, **context})
    return keep_private(response) if is_hidden else response


@require_safe
def article_list(request: HttpRequest) -> HttpResponse:
    """Every live article, by title."""
    rows = Article.objects.live().for_list().order_by("title_folded", "pk")
    return _paginated(request, "articles/article_list.html", rows, {})


@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """The live articles of one category."""
    found = get_object_or_404(Category, slug=slug)
    rows = Article.objects.live().filter(category=found).for_list()
    return _articles_of(request, rows, {"category": found})


@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """The live articles with one tag."""
    found = get_object_or_404(Tag, slug=slug)
    rows = Article.objects.live().filter(tags=found).for_list()
    return _articles_of(request, rows, {"tag": found})


@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """The live articles of one person, who must have a public name."""
    found = get_object_or_404(User.objects.exclude(public_name=""), slug=slug)
    rows = Article.objects.live().filter(author=found).for_list()
    return _articles_of(request, rows, {"author": found})


def _articles_of(
    request: HttpRequest, rows: QuerySet[Article], context: dict[str, Any]
) -> HttpResponse:
    (name,) = context.values()
    context["name"] = name
    return _paginated(request, "articles/article_list.html", rows, context, hide_empty=True)

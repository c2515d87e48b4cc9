"""What links to an article, and what belongs to it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.access import Moved, get_live, redirect_with_query
from articles.related import related_to
from articles.uses import grouped, links_to
from articles.views.paging import address_of_page

USES = 50


@require_safe
def links(request: HttpRequest, slug: str) -> HttpResponse:
    """The parts of live articles that link to a live article, and its related articles."""
    try:
        found = get_live(slug, "title", "slug", "language")
    except Moved as moved:
        return redirect_with_query(request, reverse("articles:links", args=[moved.slug]))
    page = Paginator(links_to(found), USES).get_page(request.GET.get("page"))
    context = {
        "article": found,
        "page": page,
        "articles": grouped(page.object_list),
        "related": related_to(found),
        "canonical": address_of_page(request, page),
    }
    return render(request, "articles/links.html", context)

"""The article page, and its twins for machines."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from articles import store
from articles.access import (
    Moved,
    editor_of,
    get_article,
    keep_private,
    open_to_programs,
    redirect_with_query,
)
from articles.discussion.thread import discussion_page
from articles.formats import json_file, markdown_file
from articles.languages import direction
from articles.models import Article, SiteSettings, User
from articles.page import ArticlePage, FactsPage
from articles.related import related_to
from articles.structured_data import article_graph


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole page of one article; a query string filters its timeline.

    `?view=facts` shows the short answer and the facts alone.
    """
    editor = editor_of(request)
    try:
        found = get_article(slug, editor)
    except Moved as moved:
        return redirect_with_query(request, reverse("articles:article", args=[moved.slug]))
    site = SiteSettings.current()
    if request.GET.get("view") == "facts":
        return _facts(request, found, site, editor)
    page = ArticlePage(found, site, request.GET, for_editor=bool(editor))
    discussion, related = discussion_page(found), related_to(found)
    # What stands below the parts of the article itself.
    if related:
        page.contents += (("related-articles", _("Related articles"), 2),)
    page.contents += (("keep", _("Keep and reuse"), 2),)
    context = {
        "page": page,
        "article": found,
        "discussion": discussion,
        "related": related,
        "site": site,
        "editor": editor,
        "direction": direction(found.language),
        "canonical": f"{settings.SITE_URL}{found.get_absolute_url()}",
        "is_article": True,
        "graph": article_graph(found, page, discussion, site) if found.is_live else "",
    }
    response = render(request, "articles/article.html", context)
    return keep_private(response) if editor else response


def _facts(
    request: HttpRequest, found: Article, site: SiteSettings, editor: User | None
) -> HttpResponse:
    context = {
        "page": FactsPage(found, site, for_editor=bool(editor)),
        "article": found,
        "site": site,
        "direction": direction(found.language),
        "canonical": f"{settings.SITE_URL}{found.get_absolute_url()}",
    }
    response = render(request, "articles/facts.html", context)
    return keep_private(response) if editor else response


@conditional_page
@require_safe
def article_markdown(request: HttpRequest, slug: str) -> HttpResponse:
    """The article as a Markdown file with front matter."""
    return _twin(request, slug, "article_markdown", "text/markdown; charset=utf-8")


@conditional_page
@require_safe
def article_json(request: HttpRequest, slug: str) -> HttpResponse:
    """The article's document as JSON."""
    return _twin(request, slug, "article_json", "application/json")


def _twin(request: HttpRequest, slug: str, name: str, content_type: str) -> HttpResponse:
    editor = editor_of(request)
    try:
        found = get_article(slug, editor)
    except Moved as moved:
        return redirect_with_query(request, reverse(f"articles:{name}", args=[moved.slug]))
    write = json_file.write if name == "article_json" else markdown_file.write
    text = write(store.load(found), licence=SiteSettings.current().terms)
    response = HttpResponse(text, content_type=content_type)
    canonical = f"{settings.SITE_URL}{found.get_absolute_url()}"
    return keep_private(response) if editor else open_to_programs(response, canonical)

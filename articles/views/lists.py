"""The lists of articles (all, by category, tag or author), and the glossary."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.encoding import escape_uri_path
from django.views.decorators.http import require_safe

from articles.access import editor_of, keep_private
from articles.models import Article, Category, Tag, Term, User

PAGE_SIZE = 30
TERMS_PAGE_SIZE = 100


def _paginated(
    request: HttpRequest,
    template: str,
    rows: QuerySet[Any],
    context: dict[str, Any],
    *,
    size: int | None = None,
    hide_empty: bool = False,
) -> HttpResponse:
    """A page of a list; a page number that makes no sense shows the first or the last page.

    With `hide_empty` an empty list is an editor's alone: its name may be that of a draft's subject.
    Raises Http404 for everybody else.
    """
    page = Paginator(rows, size or PAGE_SIZE).get_page(request.GET.get("page"))
    is_hidden = hide_empty and not page.paginator.count
    if is_hidden and editor_of(request) is None:
        raise Http404
    canonical = f"{settings.SITE_URL}{escape_uri_path(request.path)}"
    if page.number > 1:
        canonical += f"?page={page.number}"
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


@require_safe
def term_list(request: HttpRequest) -> HttpResponse:
    """The glossary: the terms that have a definition, or a live article about them."""
    terms = Term.objects.public().select_related("article")
    about = Article.objects.live().filter(pk=OuterRef("article"))
    rows = terms.filter(~Q(definition="") | Exists(about)).order_by(Lower("name"), "pk")
    return _paginated(request, "articles/term_list.html", rows, {}, size=TERMS_PAGE_SIZE)


@require_safe
def term(request: HttpRequest, slug: str) -> HttpResponse:
    """A term: its definition, and the live articles that use it. Editors see hidden ones too."""
    editor = editor_of(request)
    terms = Term.objects.all() if editor else Term.objects.public()
    found = get_object_or_404(terms.select_related("article"), slug=slug)
    names = found.names.values("folded")
    using = Article.objects.filter(Q(term_uses__folded__in=names) | Q(relatedterms__term=found))
    rows = Article.objects.live().filter(pk__in=using.values("pk")).for_list()
    about = found.article.get_absolute_url() if found.article and found.article.is_live else ""
    context = {"term": found, "about": about}
    response = _paginated(request, "articles/term.html", rows, context)
    return keep_private(response) if editor else response

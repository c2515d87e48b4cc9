"""The front page, the lists of articles (all, by category, tag or author), and the glossary."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.models import Article, Category, Tag, Term, User
from articles.page import term_url

PAGE_SIZE = 30
TERMS_PAGE_SIZE = 100
NEWEST = 5
SUBJECTS = 60

LIVE = Q(
    articles__status=Article.Status.PUBLISHED,
    articles__copy_of=None,
)


def _live_now() -> Q:
    return LIVE & Q(articles__published_at__lte=timezone.now())


def _paginated(
    request: HttpRequest, template: str, rows: QuerySet[Any], size: int, context: dict[str, Any]
) -> HttpResponse:
    """A page of a list; a page number that makes no sense shows the nearest page."""
    page = Paginator(rows, size).get_page(request.GET.get("page"))
    canonical = f"{settings.SITE_URL}{request.path}"
    if page.number > 1:
        canonical += f"?page={page.number}"
    return render(request, template, {"page": page, "canonical": canonical, **context})


@require_safe
def front_page(request: HttpRequest) -> HttpResponse:
    """What the site is, its newest articles, and its subjects."""
    live = Article.objects.live()
    figures = live.aggregate(
        articles=Count("pk"),
        statements=Sum("rendered__statement_count", default=0),
        sourced=Sum("rendered__sourced_count", default=0),
    )
    categories = (
        Category.objects.annotate(count=Count("articles", filter=_live_now()))
        .filter(count__gt=0)
        .order_by("-count", "name")[:SUBJECTS]
    )
    context = {
        "newest": live.for_list()[:NEWEST],
        "figures": figures,
        "categories": sorted(categories, key=lambda category: category.name.casefold()),
        "canonical": f"{settings.SITE_URL}/",
    }
    return render(request, "articles/front_page.html", context)


@require_safe
def article_list(request: HttpRequest) -> HttpResponse:
    """Every live article, by title."""
    rows = Article.objects.live().for_list().order_by("title_folded", "pk")
    return _paginated(request, "articles/article_list.html", rows, PAGE_SIZE, {})


@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """The live articles of one category."""
    found = get_object_or_404(Category, slug=slug)
    rows = Article.objects.live().filter(category=found).for_list()
    return _paginated(
        request, "articles/article_list.html", rows, PAGE_SIZE, {"category": found, "name": found}
    )


@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """The live articles with one tag."""
    found = get_object_or_404(Tag, slug=slug)
    rows = Article.objects.live().filter(tags=found).for_list()
    return _paginated(
        request, "articles/article_list.html", rows, PAGE_SIZE, {"tag": found, "name": found}
    )


@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """The live articles of one author; a person without any has no page."""
    found = get_object_or_404(User, slug=slug)
    rows = Article.objects.live().filter(author=found).for_list()
    if not rows.exists():
        raise Http404
    return _paginated(
        request, "articles/article_list.html", rows, PAGE_SIZE, {"author": found, "name": found}
    )


def _public_terms() -> QuerySet[Term]:
    """Terms that say something to readers: with a definition, or with a live article about them."""
    about = Article.objects.live().filter(pk=OuterRef("article"))
    found: QuerySet[Term] = Term.objects.filter(~Q(definition="") | Exists(about))
    return found


@require_safe
def term_list(request: HttpRequest) -> HttpResponse:
    """The glossary."""
    rows = _public_terms().select_related("article").order_by("name", "pk")
    return _paginated(request, "articles/term_list.html", rows, TERMS_PAGE_SIZE, {})


@require_safe
def term(request: HttpRequest, slug: str) -> HttpResponse:
    """A term: its definition, and the live articles that use it."""
    found = get_object_or_404(Term.objects.select_related("article"), slug=slug)
    names = found.names.values("folded")
    using = Article.objects.live().filter(
        Q(term_uses__folded__in=names) | Q(relatedterms__term=found)
    )
    rows = Article.objects.filter(pk__in=using.values("pk")).for_list()
    about = term_url(found) if found.article and found.article.is_live else ""
    context = {"term": found, "about": about}
    return _paginated(request, "articles/term.html", rows, PAGE_SIZE, context)

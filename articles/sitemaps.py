"""`/sitemap.xml`: the pages that search engines shall know, with the day their text last changed.

One file while everything fits; then an index of files, as https://www.sitemaps.org/protocol.html
has it. Only addresses that are canonical and may be indexed are named, and a date only where it is
known when what a reader sees was changed.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as django_views
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.models import Article, Category, Tag, Term, User

# The protocol allows 50,000; smaller files are made in a fraction of a second each.
PAGE_SIZE = 2_000


class SiteSitemap(Sitemap):
    """Addresses of this site by its own name, whatever host was asked."""

    limit = PAGE_SIZE

    def get_domain(self, site: Any = None) -> str:
        """The host and port of SITE_URL, and the path below which a copy of the site may lie."""
        return settings.SITE_URL.partition("://")[2]

    def get_protocol(self, protocol: str | None = None) -> str:
        """The scheme of SITE_URL."""
        return urlsplit(settings.SITE_URL).scheme


class Articles(SiteSitemap):
    """Every live article."""

    def items(self) -> QuerySet[Article]:
        """From the oldest on, so that the files of a large site stay as they are."""
        live: QuerySet[Article] = Article.objects.live()
        return live.only("slug", "changed_at", "published_at").order_by("pk")

    def lastmod(self, article: Article) -> datetime.datetime:
        """When its text changed, or when it could first be read."""
        return max(article.changed_at, article.published_at or article.changed_at)

    def get_latest_lastmod(self) -> datetime.datetime | None:
        """The newest of these."""
        latest = self.items().aggregate(changed=Max("changed_at"), published=Max("published_at"))
        return max((date for date in latest.values() if date), default=None)


class Terms(SiteSitemap):
    """The terms that the glossary lists."""

    def items(self) -> QuerySet[Term]:
        """Those with a definition, or with a live article about them."""
        about = Article.objects.live().filter(pk=OuterRef("article"))
        terms: QuerySet[Term] = Term.objects.public().filter(~Q(definition="") | Exists(about))
        return terms.only("slug").order_by("pk")


class Subjects(SiteSitemap):
    """Lists of articles that have any: categories, tags, people."""

    model: type[Category | Tag | User]

    def items(self) -> Any:
        """Those whose page is not empty."""
        live = Article.objects.live()
        rows: Any = self.model._default_manager.filter(Exists(self._articles(live)))
        if self.model is User:
            rows = rows.exclude(public_name="").exclude(slug=None)
        return rows.only("slug").order_by("pk")

    def _articles(self, live: Any) -> Any:
        field = {Category: "category", Tag: "tags", User: "author"}[self.model]
        return live.filter(**{field: OuterRef("pk")})


class Categories(Subjects):
    """Pages of categories."""

    model = Category


class Tags(Subjects):
    """Pages of tags."""

    model = Tag


class People(Subjects):
    """Pages of authors."""

    model = User


class Entrances(SiteSitemap):
    """The pages that lead to all others."""

    def items(self) -> Sequence[str]:
        """Names of addresses."""
        return [
            "articles:front_page",
            "articles:article_list",
            "timeline:site",
            "articles:term_list",
        ]

    def location(self, name: str) -> str:
        """The address."""
        return reverse(name)


SECTIONS: dict[str, Any] = {
    "entrances": Entrances,
    "articles": Articles,
    "terms": Terms,
    "categories": Categories,
    "tags": Tags,
    "people": People,
}


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """All addresses, or where the files are that name them."""
    sections: dict[str, Any] = {name: section() for name, section in SECTIONS.items()}
    if sum(section.paginator.count for section in sections.values()) <= PAGE_SIZE:
        return django_views.sitemap(request, sitemaps=sections)
    items = []
    for name, section in sections.items():
        latest = section.get_latest_lastmod() if isinstance(section, Articles) else None
        address = reverse("articles:sitemap_section", args=[name])
        for number in section.paginator.page_range:
            query = f"?p={number}" if number > 1 else ""
            items.append({"location": f"{settings.SITE_URL}{address}{query}", "last_mod": latest})
    return TemplateResponse(
        request, "sitemap_index.xml", {"sitemaps": items}, content_type="application/xml"
    )


@require_safe
def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    """The addresses of one section, a page of them by `p`."""
    if section not in SECTIONS:
        raise Http404
    return django_views.sitemap(request, sitemaps=SECTIONS, section=section)

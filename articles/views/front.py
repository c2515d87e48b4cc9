"""The front page: what the site is, and the ways into it."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Count, F, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.models import Article, Category, RenderedArticle, SiteSettings
from articles.models.article import ArticleQuerySet
from articles.standing import stale_before
from articles.survey import Survey, survey_of
from timeline.chart import skyline
from timeline.counts import count_years
from timeline.models import Milestone

NEWEST = 6
WANTED = 6
SUBJECTS = 60


@require_safe
def front_page(request: HttpRequest) -> HttpResponse:
    """The article changed last with its survey, those before, the times, the gaps, the subjects."""
    live = Article.objects.live()
    site = SiteSettings.current()
    figures = live.aggregate(
        articles=Count("pk"),
        statements=Sum("rendered__statement_count", default=0),
        sourced=Sum("rendered__sourced_count", default=0),
    )
    newest = list(live.for_list()[:NEWEST])
    missing = F("rendered__statement_count") - F("rendered__sourced_count")
    # In the order of an index, which is read only as far as something is shown.
    wanted = live.for_list().annotate(missing=missing).filter(missing__gt=0)
    wanted = wanted.order_by(missing.desc(), "-rendered__article_id")
    context = {
        "site": site,
        "latest": newest[0] if newest else None,
        "survey": _survey(newest[0], site) if newest else None,
        "newest": newest[1:],
        "figures": figures,
        "skyline": skyline(count_years(Milestone.objects.live())),
        "wanted": wanted[:WANTED],
        "categories": _subjects(live),
        "canonical": f"{settings.SITE_URL}/",
    }
    return render(request, "articles/front_page.html", context)


def _subjects(live: ArticleQuerySet) -> list[Category]:
    """The categories with the most live articles by name, each with its `count`. Two queries.

    Counted are articles alone, which an index has; names are read of those that are shown.
    """
    counted = live.filter(category__isnull=False).values("category").annotate(count=Count("pk"))
    counts = dict(
        counted.order_by("-count", "category").values_list("category", "count")[:SUBJECTS]
    )
    found = list(Category.objects.filter(pk__in=counts))
    for category in found:
        category.count = counts[category.pk]  # type: ignore[attr-defined]
    return sorted(found, key=lambda category: category.name.casefold())


def _survey(article: Article, site: SiteSettings) -> Survey:
    """The standing of each of its statements today; of none while it is not rendered."""
    pages = RenderedArticle.objects.values_list("page", flat=True)
    page = pages.filter(article=article).first() or {"infobox": [], "facts": [], "timeline": []}
    return survey_of(page, stale_before(timezone.localdate(), site.stale_after_months))

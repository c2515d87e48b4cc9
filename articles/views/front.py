"""The front page: what the site is, and the ways into it."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Count, F, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.models import Article, Category, RenderedArticle, SiteSettings
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
    wanted = live.for_list().annotate(missing=missing).filter(missing__gt=0)
    categories = (
        Category.objects.filter(articles__in=live)
        .annotate(count=Count("articles"))
        .order_by("-count", "name")[:SUBJECTS]
    )
    context = {
        "site": site,
        "latest": newest[0] if newest else None,
        "survey": _survey(newest[0], site) if newest else None,
        "newest": newest[1:],
        "figures": figures,
        "skyline": skyline(count_years(Milestone.objects.filter(article__in=live))),
        "wanted": wanted.order_by("-missing", "-changed_at", "-pk")[:WANTED],
        "categories": sorted(categories, key=lambda category: category.name.casefold()),
        "canonical": f"{settings.SITE_URL}/",
    }
    return render(request, "articles/front_page.html", context)


def _survey(article: Article, site: SiteSettings) -> Survey:
    """The standing of each of its statements today; of none while it is not rendered."""
    pages = RenderedArticle.objects.values_list("page", flat=True)
    page = pages.filter(article=article).first() or {"infobox": [], "facts": [], "timeline": []}
    return survey_of(page, stale_before(timezone.localdate(), site.stale_after_months))

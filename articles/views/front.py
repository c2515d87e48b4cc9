"""The front page: what the site is, and the ways into it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, F, StringAgg, Sum, TextField, Value
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.models import Article, Category, RenderedArticle, SiteSettings
from articles.models.article import ArticleQuerySet
from articles.standing import stale_before
from articles.survey import Survey, survey_of
from articles.until_written import UntilWritten
from timeline.chart import skyline
from timeline.counts import Counts, count_years
from timeline.models import Milestone
from timeline.tallies import most

NEWEST = 6
WANTED = 6
SUBJECTS = 60


@require_safe
def front_page(request: HttpRequest) -> HttpResponse:
    """The article changed last with its survey, those before, the times, the gaps, the subjects."""
    live = Article.objects.live()
    site = SiteSettings.current()
    figures = _figures.get(lambda: _read_figures(live))
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
        "skyline": skyline(figures.years),
        "wanted": wanted[:WANTED],
        "categories": _subjects(figures),
        "canonical": f"{settings.SITE_URL}/",
    }
    return render(request, "articles/front_page.html", context)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the page adds up over the whole site; `subjects` are the largest ones by their keys."""

    articles: int
    statements: int
    sourced: int
    subjects: dict[int, int]
    years: Counts


_figures: UntilWritten[Figures] = UntilWritten()


def _read_figures(live: ArticleQuerySet) -> Figures:
    """Count the site: two queries, of which each reads one index from end to end."""
    keys = StringAgg(Cast(F("category_id"), TextField()), Value(","))
    numbers = live.order_by().aggregate(
        articles=Count("pk"),
        statements=Sum("rendered__statement_count", default=0),
        sourced=Sum("rendered__sourced_count", default=0),
        filed=keys,
    )
    filed = Counter((numbers.pop("filed") or "").split(","))
    filed.pop("", None)
    subjects = {key: filed[str(key)] for key in most(filed, SUBJECTS)}
    return Figures(**numbers, subjects=subjects, years=count_years(Milestone.objects.live()))


def _subjects(figures: Figures) -> list[Category]:
    """The categories with the most live articles by name, each with its `count`. One query."""
    found = list(Category.objects.filter(pk__in=figures.subjects))
    for category in found:
        category.count = figures.subjects[category.pk]  # type: ignore[attr-defined]
    return sorted(found, key=lambda category: category.name.casefold())


def _survey(article: Article, site: SiteSettings) -> Survey:
    """The standing of each of its statements today; of none while it is not rendered."""
    pages = RenderedArticle.objects.values_list("page", flat=True)
    page = pages.filter(article=article).first() or {"infobox": [], "facts": [], "timeline": []}
    return survey_of(page, stale_before(timezone.localdate(), site.stale_after_months))

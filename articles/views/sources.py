"""The sources of the site, and all that leans on each of them."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles.models import Article, Citation, Reference, Source
from articles.until_written import UntilWritten
from articles.uses import grouped, uses_of_source
from articles.views.paging import address_of_page, counted_page

# Sources, and parts that lean on one, on a page.
SOURCES = 50
USES = 50
# References that are compared for the best entry: a popular source has thousands.
MOST_ENTRIES = 50


@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    """The sources that live articles cite, the most used first."""
    order = _order.get(_read_order)
    page: Page[Any] = Paginator(range(len(order.sources)), SOURCES).get_page(
        request.GET.get("page")
    )
    shown = [
        {"source": order.sources[n], "uses": order.uses[n], "articles": order.articles[n]}
        for n in page.object_list
    ]
    entries = _entries([row["source"] for row in shown])
    context = {
        "page": page,
        "sources": [
            row | {"entry": _fields(entries[row["source"]])}
            # What left the site between two queries has no entry any more.
            for row in shown
            if row["source"] in entries
        ],
        "canonical": address_of_page(request, page),
    }
    return render(request, "articles/source_list.html", context)


@dataclass(frozen=True, slots=True)
class Order:
    """The sources that live articles cite, the most used first: keys, uses, and articles."""

    sources: array[int]
    uses: array[int]
    articles: array[int]


_order: UntilWritten[Order] = UntilWritten()


def _read_order() -> Order:
    cited = Citation.objects.filter(Article.objects.live().of(), source__isnull=False).order_by()
    counted = cited.values("source").annotate(
        uses=Count("pk"), articles=Count("article", distinct=True)
    )
    order = Order(array("q"), array("q"), array("q"))
    rows: Any = counted.order_by("-uses", "source").values_list("source", "uses", "articles")
    for source, uses, articles in rows.iterator():
        order.sources.append(source)
        order.uses.append(uses)
        order.articles.append(articles)
    return order


@require_safe
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """Every statement of the site that leans on a source; 404 when no live article names it."""
    found = get_object_or_404(Source, pk=pk)
    entries = list(_references().filter(source=found).fullest_first()[:MOST_ENTRIES])
    if not entries:
        raise Http404
    rows = uses_of_source(found)
    figures = rows.order_by().aggregate(
        uses=Count("pk"), articles=Count("article_id", distinct=True), checked=Max("checked")
    )
    page = counted_page(request, rows, USES, figures["uses"])
    context = {
        "source": found,
        # Its identifiers stand below it, with those that other articles give.
        "entry": _fields(entries[0]) | {"doi": "", "isbn": "", "url": ""},
        "identifiers": _identifiers(entries),
        "figures": figures,
        "page": page,
        "articles": grouped(page.object_list),
        "canonical": address_of_page(request, page),
    }
    return render(request, "articles/source.html", context)


def _references() -> Any:
    return Reference.objects.filter(Article.objects.live().of())


def _entries(sources: list[int]) -> dict[int, Reference]:
    """The best entry of each of these sources."""
    best = _references().filter(source=OuterRef("pk")).fullest_first().values("pk")[:1]
    chosen = Source.objects.filter(pk__in=sources).values_list(Subquery(best))
    references = Reference.objects.filter(pk__in=chosen)
    return {reference.source_id: reference for reference in references if reference.source_id}


def _fields(reference: Reference) -> dict[str, Any]:
    """A reference as the reference list of an article has it."""
    return {name: getattr(reference, name) for name in Reference.content} | {
        "placeholder": False,
        "kind_label": reference.get_source_kind_display(),
    }


def _identifiers(entries: list[Reference]) -> dict[str, list[str]]:
    """Every DOI, ISBN and address that articles give for the source, each once."""
    names = ("doi", "isbn", "url", "archived_url")
    return {
        name: list(dict.fromkeys(getattr(entry, name) for entry in entries if getattr(entry, name)))
        for name in names
    }

"""The page of results, whole or as the fragment that HTMX puts in; and OpenSearch."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe
from django_htmx.http import push_url, replace_url
from django_htmx.middleware import HtmxDetails

from articles.access import wants_fragment
from articles.models import SiteSettings
from articles.search.forms import read_address
from articles.search.results import results


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Results for what somebody typed; without anything typed, what can be sought and how."""
    site = SiteSettings.current()
    asked = read_address(request.GET)
    shown = results(asked, site)
    context = {"results": shown, "site": site, "is_search_page": True}
    if not wants_fragment(request):
        context["canonical"] = f"{settings.SITE_URL}{shown.address(page=asked.page)}"
        response = render(request, "search/search.html", context)
        patch_vary_headers(response, ["HX-Request"])
        return response
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    is_typing = htmx.trigger_name == "q"
    # Whoever types or sends the form stays in the field; a link that was followed is gone.
    context["focus_status"] = htmx.trigger not in {"search-form", "search-words"}
    response = render(request, "search/fragment.html", context)
    response = _with_address(response, shown.address(page=asked.page), htmx, is_typing=is_typing)
    # It answers what the browser shows now, which no other asks in the same way.
    patch_cache_control(response, no_store=True)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _with_address(
    response: HttpResponse, address: str, htmx: HtmxDetails, *, is_typing: bool
) -> HttpResponse:
    """Have the browser's address say what is shown.

    Each search is a step of the way back, but not each pause while one is typed: those take the
    place of the step before once a search is shown.
    """
    try:
        current = htmx.current_url_abs_path or ""
    except ValueError:
        current = ""
    if current == address:
        return push_url(response, False)
    if is_typing and current.startswith(f"{reverse('articles:search')}?q="):
        return replace_url(response, address)
    return push_url(response, address)


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    """The description by which browsers add this site to their search fields (OpenSearch 1.1)."""
    site = SiteSettings.current()
    context = {
        "site": site,
        # The specification allows a short name 16 characters.
        "short_name": site.name[:16].strip(),
        "address": settings.SITE_URL + reverse("articles:search"),
        "icon": settings.SITE_URL + static("icon.svg"),
    }
    return render(
        request,
        "search/opensearch.xml",
        context,
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )

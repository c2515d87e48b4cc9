"""The stylesheet of a site that looks other than it comes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from articles.models import SiteSettings

YEAR = 365 * 24 * 3600


@require_safe
def site_stylesheet(request: HttpRequest, name: str) -> HttpResponse:
    """The rules that follow from the site's settings and from the owner's own stylesheet.

    `name` says which content is asked for. A page that was kept somewhere may ask for older rules:
    it gets those of today, for now.
    """
    site = SiteSettings.current()
    known = {sheet.name: sheet for sheet in (site.accent_stylesheet, site.stylesheet)}
    sheet = known.get(name, site.stylesheet)
    response = HttpResponse(sheet.css, content_type="text/css; charset=utf-8")
    if name == sheet.name:
        patch_cache_control(response, public=True, max_age=YEAR, immutable=True)
    else:
        patch_cache_control(response, no_cache=True)
    return response

"""The site's addresses, and a Django view that answers stored bytes, for comparison."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import handler400, handler403, handler404, handler500
from config.urls import urlpatterns as site_urls
from tests.benchmarks.server_wsgi import stored

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def bare(request: HttpRequest, name: str) -> HttpResponse:
    """The least a Django view can do to answer these bytes."""
    response = HttpResponse(stored(name), content_type="text/html; charset=utf-8")
    response.headers["Content-Encoding"] = "br"
    return response


urlpatterns = [path("bare-view/<name>/", bare), *site_urls]

"""The site's addresses, and two views that do nothing, for comparison."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import (
    handler400,
    handler403,
    handler404,
    handler500,
)
from config.urls import urlpatterns as site_urls

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def bare(request: HttpRequest) -> HttpResponse:
    """The least a Django view can do."""
    return HttpResponse(b"<!doctype html><title>Bare</title><p>Nothing.")


def bare_of_size(request: HttpRequest, size: int) -> HttpResponse:
    """The same with a body of `size` bytes."""
    return HttpResponse(b"x" * size)


urlpatterns = [
    path("bare/", bare),
    path("bare/<int:size>/", bare_of_size),
    *site_urls,
]

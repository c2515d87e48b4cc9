"""The addresses of a site under DEBUG."""

from __future__ import annotations

from django.urls import include, path

from config import urls

urlpatterns = [*urls.urlpatterns, path("styleguide/", include("articles.styleguide.urls"))]
handler404 = urls.handler404

"""Public addresses of searching."""

from __future__ import annotations

from django.urls import path

from articles.search import views

urlpatterns = [
    path("search/", views.search, name="search"),
    path("opensearch.xml", views.opensearch, name="opensearch"),
]

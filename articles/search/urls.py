"""Public addresses of searching."""

from __future__ import annotations

from django.urls import path

from articles.public import public
from articles.search import views

urlpatterns = [
    path("search/", public(views.search), name="search"),
    path("opensearch.xml", public(views.opensearch), name="opensearch"),
]

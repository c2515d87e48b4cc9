"""Addresses of the style page; `config.urls` includes them under DEBUG."""

from __future__ import annotations

from django.urls import path

from articles.styleguide import views

app_name = "styleguide"

urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:name>/", views.specimen, name="specimen"),
]

"""Public addresses of timelines. They are promises: once live they do not change."""

from __future__ import annotations

from django.urls import path

from timeline import views

app_name = "timeline"

urlpatterns = [
    path("articles/<uslug:slug>/timeline/", views.article, name="article"),
    path("articles/<uslug:slug>/timeline.csv", views.csv_file, name="csv"),
    path("articles/<uslug:slug>/timeline.json", views.json_file, name="json"),
    path("articles/<uslug:slug>/timeline.ics", views.calendar_file, name="calendar"),
    path("timeline/", views.site, name="site"),
]

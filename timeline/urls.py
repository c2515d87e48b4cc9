"""Public addresses of timelines. They are promises: once live they do not change."""

from __future__ import annotations

from django.urls import path

from articles.public import public
from timeline import views

app_name = "timeline"

urlpatterns = [
    path("articles/<uslug:slug>/timeline/", public(views.article), name="article"),
    path("articles/<uslug:slug>/timeline.csv", public(views.csv_file), name="csv"),
    path("articles/<uslug:slug>/timeline.json", public(views.json_file), name="json"),
    path("articles/<uslug:slug>/timeline.ics", public(views.calendar_file), name="calendar"),
    path("timeline/", public(views.site), name="site"),
]

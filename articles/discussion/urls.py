"""Addresses of the discussion; included by `articles.urls`, in its namespace."""

from __future__ import annotations

from django.urls import path

from articles.discussion import sending, views
from articles.public import public

urlpatterns = [
    path("articles/<uslug:slug>/discussion/", public(views.discussion), name="discussion"),
    path("articles/<uslug:slug>/discussion/new/", sending.new_comment, name="new_comment"),
    path("comments/<int:pk>/", views.comment, name="comment"),
    path("comments/manage/<str:token>/", views.manage, name="manage_comment"),
]

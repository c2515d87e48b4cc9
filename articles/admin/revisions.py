"""Revisions over all articles: what was changed on the site lately, and by whom."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.admin.sources import ReadOnlyAdmin
from articles.models import Revision


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    """Revisions, the newest first; each leads to its page in the history of its article."""

    list_display = ["created_at", "article_title", "number", "kind", "author", "summary"]
    list_filter = ["kind"]
    list_select_related = ["article", "author"]
    search_fields = ["article__title", "summary", "author__username", "author__public_name"]
    date_hierarchy = "created_at"
    ordering = ["-created_at", "-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Revisions without their documents, which a list does not show."""
        return super().get_queryset(request).defer("document")

    @admin.display(description=_("article"), ordering="article__title_folded")
    def article_title(self, revision: Revision) -> str:
        """The title of its article."""
        return str(revision.article)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Its page in the history of its article."""
        revision = self.get_object(request, object_id)
        if revision is None:
            return super().change_view(request, object_id, form_url, extra_context)
        address = reverse(
            "admin:articles_article_revision", args=[revision.article_id, revision.number]
        )
        return HttpResponseRedirect(address)

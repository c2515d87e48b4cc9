"""Sources: what references of all articles lead to. They follow from references."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from articles.admin.base import BaseAdmin
from articles.models import Reference, Source

# References that the page of a source names.
MOST_REFERENCES = 100


class ReadOnlyAdmin(BaseAdmin):
    """Rows that follow from others: to be looked at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


@admin.register(Source)
class SourceAdmin(ReadOnlyAdmin):
    """Sources by identity."""

    search_fields = ["identity", "references__title", "references__key"]
    list_display = ["identity", "fullest_title", "reference_count", "citation_count"]
    ordering = ["identity", "pk"]
    fields = ["identity", "created_at", "used_by"]
    readonly_fields = ["identity", "created_at", "used_by"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Sources with how they are called best, and how often they are listed and cited."""
        titled = Reference.objects.filter(source=OuterRef("pk")).exclude(title="").fullest_first()
        counts = {
            "best_title": Subquery(titled.values("title")[:1]),
            "references_number": Count("references", distinct=True),
            "citations_number": Count("citations", distinct=True),
        }
        return super().get_queryset(request).annotate(**counts)

    @admin.display(description=_("title"), empty_value="–")
    def fullest_title(self, source: Any) -> str | None:
        """The title in the entry that says most about it."""
        title: str | None = source.best_title
        return title

    @admin.display(description=_("references"), ordering="references_number")
    def reference_count(self, source: Any) -> int:
        """How many references of articles lead here."""
        number: int = source.references_number
        return number

    @admin.display(description=_("citations"), ordering="citations_number")
    def citation_count(self, source: Any) -> int:
        """How many statements lean on it."""
        number: int = source.citations_number
        return number

    @admin.display(description=_("references"))
    def used_by(self, source: Source) -> str:
        """The references that lead here, with their articles."""
        rows = source.references.select_related("article").order_by("article__title", "pk")
        return format_html_join(
            mark_safe("<br>"),
            '<a href="{}">{}</a> [{}] {}',
            (
                (
                    reverse("admin:articles_article_change", args=[row.article_id]),
                    row.article,
                    row.key,
                    row.title,
                )
                for row in rows[:MOST_REFERENCES]
            ),
        )

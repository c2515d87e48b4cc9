"""The pages of the site itself: about, privacy, imprint, contact."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.admin.base import BaseAdmin
from articles.models import Page


@admin.register(Page)
class PageAdmin(BaseAdmin):
    """Pages with what is to be done about each."""

    list_display = ["title", "to_do", "in_footer", "position", "updated_at"]
    search_fields = ["title", "slug", "body"]
    ordering = ["position", "title", "pk"]
    fields = ["title", "slug", "body", "to_do", "is_published", "in_footer", "position"]
    readonly_fields = ["to_do"]
    prepopulated_fields = {"slug": ["title"]}

    @admin.display(description=_("what readers see"))
    def to_do(self, page: Page) -> str:
        """Whether readers see the page; if not, what is missing."""
        if not page.body:
            return gettext(
                "Nothing: the page has no text yet. Write it, and the footer leads to it."
            )
        if not page.is_published:
            return gettext("Nothing: the page is not published.")
        return gettext("The page")

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        """The slug of a new page follows its title; that of a page which has one stays."""
        return {} if obj else super().get_prepopulated_fields(request, obj)

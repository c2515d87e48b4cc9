"""Filters of the list of articles."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, F, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.admin.keys import is_key
from articles.models import Article, Category, Tag, User
from articles.until_written import UntilWritten

# Choices that a filter offers; the search finds the others.
MOST_CHOICES = 30


class StatusFilter(admin.SimpleListFilter):
    """What readers can see of an article, rather than the bare column."""

    title = _("status")
    parameter_name = "shown"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The states an article can be in."""
        return [
            ("live", _("Live")),
            ("scheduled", _("Scheduled")),
            ("draft", _("Draft")),
            ("withdrawn", _("Withdrawn")),
            ("copy", _("Working copy")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The articles in the chosen state."""
        match self.value():
            case "live":
                return queryset.filter(pk__in=Article.objects.live().values("pk"))
            case "scheduled":
                published = queryset.filter(status=Article.Status.PUBLISHED)
                return published.filter(published_at__gt=timezone.now())
            case "draft" | "withdrawn" as status:
                return queryset.filter(status=status, copy_of=None)
            case "copy":
                return queryset.exclude(copy_of=None)
        return queryset


class SourcesFilter(admin.SimpleListFilter):
    """Whether something in the article wants a source."""

    title = _("sources")
    parameter_name = "sources"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Missing or complete."""
        return [
            ("missing", _("Has statements without a source")),
            ("complete", _("Every statement has a source")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The articles with or without gaps."""
        count = F("rendered__statement_count")
        match self.value():
            case "missing":
                return queryset.filter(rendered__sourced_count__lt=count)
            case "complete":
                return queryset.filter(rendered__sourced_count=count)
        return queryset


class LanguageFilter(admin.SimpleListFilter):
    """The languages that articles are written in."""

    title = _("language")
    parameter_name = "language"
    # Counted over all articles, so remembered until somebody writes.
    _most: ClassVar[UntilWritten[list[tuple[str, Any]]]] = UntilWritten()

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The commonest languages, in order of their codes."""
        return self._most.get(self._read)

    @staticmethod
    def _read() -> list[tuple[str, Any]]:
        counted = Article.objects.order_by().values("language").annotate(count=Count("pk"))
        most = counted.order_by("-count", "language")[:MOST_CHOICES]
        return sorted((row["language"], row["language"]) for row in most)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The articles in the chosen language."""
        value = self.value()
        return queryset.filter(language=value) if value else queryset


class MostUsedFilter(admin.SimpleListFilter):
    """The categories, tags or people with most articles; a filter that lists all would not end."""

    model: type[Any]
    field: str
    _most: UntilWritten[list[tuple[str, Any]]]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        # Counted over all articles, so remembered until somebody writes.
        cls._most = UntilWritten()

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The most used, in order of their names."""
        return self._most.get(self._read)

    def _read(self) -> list[tuple[str, Any]]:
        counted = self.model.objects.order_by().annotate(count=Count("articles"))
        most = counted.filter(count__gt=0).order_by("-count", "pk")[:MOST_CHOICES]
        return sorted(
            ((str(row.pk), str(row)) for row in most), key=lambda pair: pair[1].casefold()
        )

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The articles filed so; a value that is no key finds nothing."""
        value = self.value()
        if not value:
            return queryset
        if not is_key(value):
            return queryset.none()
        return queryset.filter(**{self.field: int(value)})


class CategoryFilter(MostUsedFilter):
    """By category."""

    title = _("category")
    parameter_name = "category"
    model = Category
    field = "category"


class TagFilter(MostUsedFilter):
    """By tag."""

    title = _("tag")
    parameter_name = "tag"
    model = Tag
    field = "tags"


class AuthorFilter(MostUsedFilter):
    """By author."""

    title = _("author")
    parameter_name = "author"
    model = User
    field = "author"

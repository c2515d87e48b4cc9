"""Milestones and tracks in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.admin.base import BaseAdmin
from articles.admin.names import NamedForm
from articles.admin.part_pages import PartAdmin, PartPageForm
from timeline.dates import show
from timeline.models import Milestone, Track


class MilestonePageForm(PartPageForm):
    """A milestone on a page of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["tracks"] = [track.pk for track in self.instance.tracks.all()]


@admin.register(Milestone)
class MilestoneAdmin(PartAdmin):
    """Milestones of all articles, in the order of their dates."""

    form = MilestonePageForm
    fields = ["article", ("date", "understood"), "title", "body", "tracks", "checked", "anchor"]
    list_display = ["date_in_words", "title", "article", "checked"]
    list_display_links = ["date_in_words", "title"]
    list_filter = ["tracks"]
    search_fields = ["title", "body", "date"]
    ordering = ["start_min", "position", "pk"]

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """As any model: the site's milestones are worth a list."""
        return admin.ModelAdmin.get_model_perms(self, request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """How the date was understood is said, not typed."""
        return [*super().get_readonly_fields(request, obj), "understood"]

    @admin.display(description=_("date"), ordering="start_min")
    def date_in_words(self, milestone: Milestone) -> str:
        """The date as readers see it."""
        return show(milestone.date)

    @admin.display(description=_("understood as"))
    def understood(self, milestone: Milestone) -> str:
        """The stored date in words."""
        return show(milestone.date) if milestone.pk else "–"


@admin.register(Track)
class TrackAdmin(BaseAdmin):
    """Tracks in their order."""

    form = NamedForm
    fields = ["name", "slug", "position"]
    list_display = ["name", "slug", "position", "milestone_count"]
    ordering = ["position", "pk"]
    search_fields = ["name", "slug"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Tracks with the number of their milestones."""
        return super().get_queryset(request).annotate(milestone_number=Count("milestones"))

    @admin.display(description=_("milestones"), ordering="milestone_number")
    def milestone_count(self, track: Any) -> int:
        """How many milestones are on it."""
        number: int = track.milestone_number
        return number

"""The filter of the list of articles by whether somebody compared their statements with sources."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from articles.models import Citation, SiteSettings
from articles.standing import stale_before

# The kinds of part that have a day of their last check.
KINDS = ("infobox-row", "fact", "milestone")


class ChecksFilter(admin.SimpleListFilter):
    """Articles with statements whose sources want looking at; without a source there is none to."""

    title = _("checks")
    parameter_name = "checks"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Never or too long ago."""
        return [
            ("never", _("Has statements never checked")),
            ("stale", _("Has statements whose check is stale")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The articles with such a statement."""
        of_kind = Q()
        for kind in KINDS:
            of_kind |= Q(part_anchor__startswith=f"{kind}-")
        cited = Citation.objects.filter(of_kind, article=OuterRef("pk"))
        match self.value():
            case "never":
                return queryset.filter(Exists(cited.filter(checked=None)))
            case "stale":
                months = SiteSettings.current().stale_after_months
                if day := stale_before(localdate(), months):
                    return queryset.filter(Exists(cited.filter(checked__lt=day)))
                return queryset.none()
        return queryset

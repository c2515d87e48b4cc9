"""The page that says to superusers what is wrong with the site: `doctor`, in the admin."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.upkeep.checks.doctor import examine
from articles.upkeep.checks.findings import State


@require_safe
@admin.site.admin_view
def condition(request: HttpRequest) -> HttpResponse:
    """The quick checks, or with `?all` those too that take seconds and ask other machines."""
    if not request.user.is_superuser:
        raise PermissionDenied
    everything = "all" in request.GET
    results = examine(slow=everything, outside=everything)
    # What is wrong comes first; within each the order of the checks stays.
    order = [State.WRONG, State.LOOK, State.FINE]
    context = {
        **admin.site.each_context(request),
        "title": _("Condition of the site"),
        "results": sorted(results, key=lambda result: order.index(result.finding.state)),
        "wrong": sum(result.finding.state is State.WRONG for result in results),
        "look": sum(result.finding.state is State.LOOK for result in results),
        "everything": everything,
    }
    return TemplateResponse(request, "admin/condition.html", context)

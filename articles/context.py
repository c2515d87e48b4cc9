"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from articles.models import SiteSettings
from articles.upkeep.read_only import current


def site(request: HttpRequest) -> dict[str, Any]:
    """`site`: the site's settings, read from the database when a template first asks.

    Also as `own_site`: the admin's own pages mean something else by `site`. `read_only` says
    whether nothing can be sent now; pages that are kept must not ask.
    """
    # The admin has read them already.
    known = getattr(request, "site_settings", None)
    settings = known or SimpleLazyObject(SiteSettings.current)
    read_only = SimpleLazyObject(current)
    return {"site": settings, "own_site": settings, "read_only": read_only}

"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from articles.models import SiteSettings


def site(request: HttpRequest) -> dict[str, Any]:
    """`site`: the site's settings, read from the database when a template first asks.

    Also as `own_site`: the admin's own pages mean something else by `site`.
    """
    # The admin has read them already.
    known = getattr(request, "site_settings", None)
    settings = known or SimpleLazyObject(SiteSettings.current)
    return {"site": settings, "own_site": settings}

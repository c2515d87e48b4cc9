"""What people send while the site is read-only is answered with a page that gives it back."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from articles.upkeep import read_only
from articles.views.errors import unavailable

SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}


class Maintenance:
    """Refuses what is sent before anything is made of it: 503, and when to come again.

    Pages that write although they are only asked for are refused by the database, see
    `articles.upkeep.read_only`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer of the inner layers, but for what would write while nothing may."""
        if request.method not in SAFE and read_only.current():
            return unavailable(request)
        return self.get_response(request)

"""`/healthz` and `/readyz`: asked by the machine itself, under whatever name and scheme.

The middleware answers before every other one: no redirect to https, no check of the host, no
session, no line in the log.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase

from articles.upkeep import read_only
from articles.upkeep.checks import echo
from articles.upkeep.readiness import readiness

ALIVE, READY = "/healthz", "/readyz"


class Health:
    """Answers the two addresses, and hands on all others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Alive: 200 and "ok" without a look at anything. Ready: JSON, 503 when it is not."""
        if request.path_info not in {ALIVE, READY}:
            return self.get_response(request)
        response: HttpResponse
        if request.method not in {"GET", "HEAD"}:
            response = HttpResponseNotAllowed(["GET", "HEAD"])
        elif request.path_info == READY:
            results = readiness()
            said = {name: "ok" if good else "not ok" for name, good in results.items()}
            if read_only.current():
                # As somebody wanted: readers can be sent here.
                said["writing"] = "read-only"
            response = JsonResponse(said, status=200 if all(results.values()) else 503)
        elif echo.HEADER in request.headers and echo.may_ask(request):
            response = JsonResponse(echo.echo(request))
        else:
            response = HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

"""Every request has an id, which its lines in the log, its answer and its error page share."""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from articles.upkeep.logs import request_id, shown_path

logger = logging.getLogger(__name__)

# Below these people give passwords.
HASHING = ("/accounts/", "/admin/articles/user/")
PLAUSIBLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


def id_of(request: HttpRequest) -> str:
    """The id that a trusted proxy gave the request, if it looks like one, or a new one."""
    given = request.headers.get("X-Request-ID", "") if settings.TRUSTED_PROXIES else ""
    return given if PLAUSIBLE.fullmatch(given) else os.urandom(8).hex()


class RequestLog:
    """The outermost middleware: one line for each request that Django answers.

    The answer carries the id as `X-Request-ID`, but for one that caches may give to others.
    Who asked is told by the number of the account alone, and only where the request needed it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and write the line."""
        name = id_of(request)
        request.request_id = name  # type: ignore[attr-defined]
        token = request_id.set(name)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            if "public" not in response.headers.get("Cache-Control", ""):
                response.headers["X-Request-ID"] = name
            log(request, response.status_code, round((time.perf_counter() - started) * 1000))
        finally:
            request_id.reset(token)
        return response


def log(request: HttpRequest, status: int, milliseconds: int) -> None:
    """Write the line of a request: a warning when it was slow."""
    hashes = request.method == "POST" and request.path.startswith(HASHING)
    limit = settings.SLOW_HASHING_MILLISECONDS if hashes else settings.SLOW_REQUEST_MILLISECONDS
    slow = milliseconds >= limit
    level = logging.WARNING if slow else logging.INFO
    if not logger.isEnabledFor(level) or (
        request.path.startswith(settings.STATIC_URL) and status < 500 and not slow
    ):
        return
    method, path = str(request.method)[:10], shown_path(request.path)
    fields = {"method": method, "path": path, "status": status, "ms": milliseconds}
    # Not `request.user`: that would read the session of somebody whom no view asked for.
    user = getattr(request, "_cached_user", None)
    if user is not None and user.pk:
        fields["user"] = user.pk
    logger.log(
        level,
        "%s %s %d in %d ms%s",
        method,
        path,
        status,
        milliseconds,
        ", which is slow" if slow else "",
        extra={"fields": fields},
    )

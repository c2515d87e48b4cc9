"""Error pages. They render plain templates and read no form data, which may be what broke."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import loader

from articles.access import Withdrawn
from articles.context import site
from articles.search.suggestions import suggest, words_of

logger = logging.getLogger(__name__)


def _error(request: HttpRequest, status: int, **more: Any) -> HttpResponse:
    # The site's name is read when the page asks for it; a page about our own mistakes needs none.
    context = {} if status == HTTPStatus.INTERNAL_SERVER_ERROR else site(request)
    context |= {"status": status, "request_id": getattr(request, "request_id", ""), **more}
    content = loader.render_to_string(f"errors/{status}.html", context)
    response = HttpResponse(content, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request cannot be read. Django's own page would read the broken form again."""
    return _error(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: not allowed."""
    return _error(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without a valid token: an old page, blocked cookies, or a wrong SITE_URL."""
    return _error(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, and what the address may have meant; 410 for what was withdrawn.

    The page says no word of a withdrawn article: its title may be what had to go.
    """
    try:
        words, found = words_of(request.path), suggest(request.path)
    except Exception:
        # Whatever is wrong with the address or the index, the answer stays that nothing is there.
        logger.exception("No suggestions for %r", request.path[:200])
        words, found = [], []
    status = 410 if isinstance(exception, Withdrawn) else 404
    return _error(request, status, words=" ".join(words), suggestions=found, is_search_page=True)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a mistake of ours; the page needs no database."""
    return _error(request, 500)

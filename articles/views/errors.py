"""Error pages. They render plain templates and read no form data, which may be what broke."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.template import loader

from articles.context import site


def _error(request: HttpRequest, status: int) -> HttpResponse:
    # The site's name is read when the page asks for it; a page about our own mistakes needs none.
    context = {} if status == HTTPStatus.INTERNAL_SERVER_ERROR else site(request)
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
    """404: nothing here."""
    return _error(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a mistake of ours; the page needs no database."""
    return _error(request, 500)

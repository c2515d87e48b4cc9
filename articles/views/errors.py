"""Error pages. They render plain templates and read no form data, which may be what broke."""

from __future__ import annotations

import logging
import sys
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import loader

from articles.access import Withdrawn
from articles.accounts.middleware import FactorMissing, SignedOut
from articles.context import site
from articles.search.suggestions import suggest, words_of
from articles.upkeep import read_only
from articles.upkeep.checks import refused_forms
from articles.upkeep.outages import SECONDS_TO_RETRY, is_full, outage
from articles.views.given_back import give_back

logger = logging.getLogger(__name__)


def _error(request: HttpRequest, status: int, **more: Any) -> HttpResponse:
    # The site's name is read when the page asks for it; a page about our own mistakes needs none.
    context = {} if status >= HTTPStatus.INTERNAL_SERVER_ERROR else site(request)
    context |= {"status": status, "request_id": getattr(request, "request_id", ""), **more}
    content = loader.render_to_string(f"errors/{status}.html", context)
    response = HttpResponse(content, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request cannot be read. Django's own page would read the broken form again.

    A session that could not be written is one that ended meanwhile to Django, whatever the reason.
    """
    if outage(exception):
        return unavailable(request)
    return _error(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: not allowed. What an editor sent comes back; above all when a session has ended."""
    why = "signed_out" if isinstance(exception, SignedOut) else ""
    why = "no_factor" if isinstance(exception, FactorMissing) else why
    return _refused(request, why)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without a valid token: an old page, blocked cookies, or a wrong SITE_URL.

    Who signed in again in another tab has another token: what they sent comes back with it.
    """
    refused_forms.note(request)
    return _refused(request, "old_form")


def _refused(request: HttpRequest, why: str) -> HttpResponse:
    return _error(request, 403, why=why, given=give_back(request, new_token=get_token))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, and what the address may have meant; 410 for what was withdrawn.

    The page says no word of a withdrawn article: its title may be what had to go.
    """
    try:
        absent = getattr(exception, "slug", "")
        words, found = words_of(request.path), suggest(request.path, absent=absent)
    except Exception:
        # Whatever is wrong with the address or the index, the answer stays that nothing is there.
        logger.exception("No suggestions for %r", request.path[:200])
        words, found = [], []
    status = 410 if isinstance(exception, Withdrawn) else 404
    return _error(request, status, words=" ".join(words), suggestions=found, is_search_page=True)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a mistake of ours, or 503: what the site needs is away. The pages need no database."""
    if outage(error := sys.exception()):
        return unavailable(request, is_full=is_full(error))
    return _error(request, 500)


def unavailable(request: HttpRequest, *, is_full: bool = False) -> HttpResponse:
    """503: come again. Who sent a form gets back what they wrote.

    A disk that is full waits for somebody, so then no minute is named.

    A form that HTMX sent stays where it is, and says why above its fields.
    """
    is_form = request.method == "POST"
    state = read_only.current()
    if "HX-Request" in request.headers:
        note = loader.render_to_string(
            "errors/503_note.html", {"read_only": state, "is_full": is_full}
        )
        response = HttpResponse(note, status=503)
        response.headers["HX-Retarget"] = "find .problems-slot" if is_form else "this"
        response.headers["HX-Reswap"] = "innerHTML" if is_form else "none"
        response.headers["Cache-Control"] = "no-store"
    else:
        given = give_back(request)
        more = {"is_form": is_form, "is_full": is_full, "given": given, "read_only": state}
        response = _error(request, 503, **more)
    seconds = state.seconds_to_retry if state else SECONDS_TO_RETRY
    response.headers["Retry-After"] = str(seconds)
    return response

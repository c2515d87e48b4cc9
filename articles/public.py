"""What caches may keep: the pages that are the same for every reader, and say so.

A view is marked in the URLconf, by `public`; what is not marked is kept by nobody. The page cache
of `config/pagecache.py` believes this mark, and so do caches of others.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# A cache may keep it, and asks each time whether it is still so, which costs next to nothing: the
# answer has a tag. (`no-cache` means the same, and many caches keep nothing that says it.)
PUBLIC = "public, max-age=0, must-revalidate"
# Of somebody of whom the site knows something, even where it makes no difference.
PERSONAL = "private, no-cache"


# So the cookies begin that the site itself gives: to guests, and to readers who asked for it.
OWN_COOKIES = "milepost_"


def personal_cookies() -> re.Pattern[str]:
    """Finds, in a Cookie header, one by which an answer may be somebody's own."""
    names = settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, CookieStorage.cookie_name
    known = "|".join(map(re.escape, names))
    return re.compile(rf"(?:^|[;\s])(?:{known}|{OWN_COOKIES}\w*)\s*=")


def public(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view, whose answers say that they are the same for everybody, unless they say otherwise.

    Only what was found (200): an address that is not there may be there tomorrow.
    """

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code == 200 and not response.has_header("Cache-Control"):
            # A piece of a page must never stand for the page: not every cache heeds `Vary`.
            if "HX-Request" in request.headers:
                response.headers["Cache-Control"] = "no-store"
                return response
            cookies = request.headers.get("Cookie", "")
            personal = response.cookies or (cookies and personal_cookies().search(cookies))
            response.headers["Cache-Control"] = PERSONAL if personal else PUBLIC
        return response

    return marked

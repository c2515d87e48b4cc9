"""The headers that keep a browser from doing more with an answer than was meant, on every answer.

Django's own middlewares stand further in and leave out what is answered before them: static files,
redirects to https, requests for another host.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.csp import build_policy

# A page of text needs none of the browser's powers but signing in by a passkey.
POLICY = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
)
# A file is read by programs or shown alone: whatever is in it, nothing of it comes alive.
FILE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
# Scripts and stylesheets are no documents; a browser takes no policy from them, nor needs one.
PAGES = {"text/html", "text/javascript", "application/javascript", "text/css"}


class HeadersMiddleware:
    """Adds what the inner layers did not set; stands outside of all that may answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.page_policy = build_policy(settings.SECURE_CSP)
        self.always = {
            "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
            "Permissions-Policy": POLICY,
            "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": settings.X_FRAME_OPTIONS,
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response of the inner layers, with the headers added."""
        response = self.get_response(request)
        headers = response.headers
        for name, value in self.always.items():
            response.setdefault(name, value)
        kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind in PAGES or not kind:
            response.setdefault("Content-Security-Policy", self.page_policy)
        else:
            headers["Content-Security-Policy"] = FILE_POLICY
        # What any site may read, any site may show; the rest is for this one.
        is_open = headers.get("Access-Control-Allow-Origin") == "*"
        whose = "cross-origin" if is_open else "same-origin"
        response.setdefault("Cross-Origin-Resource-Policy", whose)
        return response

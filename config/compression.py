"""Pages compressed with Brotli (RFC 7932), or gzip for those who do not read it."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from typing import Any, TypeGuard

import brotli
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import patch_vary_headers

# Below this the headers weigh more than what is saved; the same bound as Django's GZipMiddleware.
SHORTEST = 200
# 5 is quicker than gzip's default and saves an eighth more; 11 takes seventy times as long.
QUALITY = 5
GZIP_LEVEL = 6
# Text shrinks to a sixth. Pictures, fonts and archives are compressed already.
COMPRESSIBLE = re.compile(
    r"text/|application/(?:json|xml|javascript|x-bibtex|x-research-info-systems)\b"
    r"|[a-z]+/[a-z0-9.-]+\+(?:json|xml)\b"
)
# In the environment of a request that the page cache hands on: says of a status and headers whether
# it will compress this answer itself, for all who ask.
KEPT = "milepost.page_is_kept"


def accepts(header: str, encoding: str) -> bool:
    """Whether an Accept-Encoding header (RFC 9110, section 12.5.3) takes this; not as `q=0`."""
    pattern = rf"(?:^|,)\s*{encoding}\s*(?:;\s*q\s*=\s*(?P<q>[\d.]+)\s*)?(?:,|$)"
    found = re.search(pattern, header, re.IGNORECASE)
    if found is None:
        return False
    try:
        return found["q"] is None or float(found["q"]) > 0
    except ValueError:
        return False


def choose_encoding(header: str) -> str:
    """The best encoding that an Accept-Encoding header takes: `br`, `gzip`, or '' for none."""
    return next((name for name in ("br", "gzip") if accepts(header, name)), "")


def compress(content: bytes, encoding: str) -> bytes:
    """The content in an encoding; as it is for ''."""
    if encoding == "br":
        compressed: bytes = brotli.compress(content, mode=brotli.MODE_TEXT, quality=QUALITY)
        return compressed
    return gzip.compress(content, GZIP_LEVEL, mtime=0) if encoding else content


def weaken(tag: str) -> str:
    """The same tag for bytes that mean the same and are others (RFC 9110, section 8.8.3)."""
    return f"W/{tag}" if tag.startswith('"') else tag


def is_compressible(response: HttpResponseBase) -> TypeGuard[HttpResponse]:
    """Whether it is text that is neither short, nor streamed, nor compressed already."""
    return (
        isinstance(response, HttpResponse)
        and len(response.content) >= SHORTEST
        and not response.has_header("Content-Encoding")
        and bool(COMPRESSIBLE.match(response.headers.get("Content-Type", "")))
    )


def weaken_tag(response: HttpResponseBase) -> None:
    """Make its tag, if it has one, that of bytes which mean the same."""
    if "ETag" in response.headers:
        response.headers["ETag"] = weaken(response.headers["ETag"])


class TagMiddleware(ConditionalGetMiddleware):
    """Gives pages their tag, and 304 to those who have the page.

    It stands inside `CompressionMiddleware`, so that a tag is that of the page, whatever bytes it
    goes out in, and nothing is compressed for 304. That says what 200 would (RFC 9110, section
    15.4.5): the tag as compression leaves it, and `Vary`.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        """The answer, or 304 in its place."""
        # A view that says 304 by itself has a text: a feed.
        if is_compressible(response) or response.status_code == 304:
            patch_vary_headers(response, ("Accept-Encoding",))
        answer = super().process_response(request, response)
        if (
            answer.status_code == 304
            and "Accept-Encoding" in answer.headers.get("Vary", "")
            and choose_encoding(request.headers.get("Accept-Encoding", ""))
        ):
            weaken_tag(answer)
        return answer


class CompressionMiddleware:
    """Compresses text that a view answered, unless it is short, streamed or compressed already.

    A page with a CSRF token holds it masked anew each time, so that its length tells nothing
    (BREACH).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, compressed when the browser takes it."""
        response = self.get_response(request)
        if not is_compressible(response):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        encoding = choose_encoding(request.headers.get("Accept-Encoding", ""))
        kept = request.META.get(KEPT)
        if not encoding or (kept and kept(str(response.status_code), list(response.items()))):
            return response
        weaken_tag(response)
        compressed = compress(response.content, encoding)
        if len(compressed) < len(response.content):
            response.content = compressed
            response.headers["Content-Length"] = str(len(compressed))
            response.headers["Content-Encoding"] = encoding
        return response

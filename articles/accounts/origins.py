"""At which addresses passkeys work: they belong to one site and are given to no other.

A browser binds a passkey to a host and only uses it over https; `localhost` is the one exception,
and bare numbers such as 127.0.0.1 are no host to it. A site that is only tried out therefore has
its passkeys at `http://localhost:…`.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

LOCAL = ("127.0.0.1", "::1", "localhost")


def relying_party() -> str:
    """The host that passkeys belong to."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    return "localhost" if host in LOCAL else host


def is_own_origin(origin: str, request: HttpRequest) -> bool:
    """Whether a passkey was used on a page of this site: the address of SITE_URL, exactly.

    Of a site that is tried out, the address on this machine that the request itself went to.
    """
    if relying_party() == "localhost":
        return origin == f"http://{request.get_host()}" and _is_localhost(request)
    site = urlsplit(settings.SITE_URL)
    return origin == f"{site.scheme}://{site.netloc}"


def passkeys_work(request: HttpRequest) -> bool:
    """Whether browsers offer passkeys at the address that this page is read at."""
    site = urlsplit(settings.SITE_URL)
    if relying_party() == "localhost":
        return _is_localhost(request)
    return site.scheme == "https" and not _is_number(site.hostname or "")


def address_with_passkeys(request: HttpRequest) -> str:
    """Where the same page has passkeys when it has none here, or '' when that is nowhere."""
    if passkeys_work(request) or relying_party() != "localhost":
        return ""
    port = request.get_host().rpartition(":")[2]
    port = f":{port}" if port.isdigit() else ""
    return f"http://localhost{port}{request.path}"


def _is_localhost(request: HttpRequest) -> bool:
    return urlsplit(f"//{request.get_host()}").hostname == "localhost"


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True

"""Who is writing: somebody who is signed in, or a guest, known by a cookie that a comment set."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from articles.models import User

COOKIE = "milepost_guest"
COOKIE_SALT = "articles.discussion.guest"
COOKIE_PATH = "/articles/"
YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Writer:
    """Who sent a form: a user or None, the random id of a guest's browser, a hash of the network.

    `person` is new when the browser brought none: then an accepted comment gives it the cookie.
    """

    user: User | None
    person: str
    network: str
    is_new: bool = False

    @property
    def is_editor(self) -> bool:
        """Whether this is somebody of the staff who may see articles."""
        user = self.user
        return bool(user and user.is_staff and user.has_perm("articles.view_article"))


def user_of(request: HttpRequest) -> User | None:
    """Who is signed in, or None; a request without a session cookie is not looked at further."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return request.user if isinstance(request.user, User) else None


def writer_of(request: HttpRequest) -> Writer:
    """Who sends this request."""
    network = network_hash(client_address(request))
    if user := user_of(request):
        return Writer(user, "", network)
    person = request.get_signed_cookie(COOKIE, default="", salt=COOKIE_SALT, max_age=YEAR)
    return Writer(None, person or secrets.token_hex(16), network, is_new=not person)


def remember(response: HttpResponse, person: str) -> None:
    """Give a guest whose comment was accepted the cookie by which the next one is known."""
    if person:
        response.set_signed_cookie(
            COOKIE,
            person,
            salt=COOKIE_SALT,
            max_age=YEAR,
            path=COOKIE_PATH,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def client_address(request: HttpRequest) -> str:
    """The address that the request came from, as the nearest proxies that are trusted tell it.

    Proxies add what they see at the right of X-Forwarded-For; what stands further left than there
    are proxies anybody can have written.
    """
    proxies = settings.TRUSTED_PROXIES
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    if proxies and len(hops) >= proxies and hops[-proxies]:
        return hops[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def network_hash(address: str) -> str:
    """A salted hash of the network of an address: 256 addresses of IPv4, a site of IPv6.

    Addresses that cannot be read share one network, so that nobody is without limits.
    """
    return salted_hmac(
        "articles.discussion.network", _network(address), algorithm="sha256"
    ).hexdigest()[:32]


def _network(text: str) -> str:
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(ip_network((address, 24 if address.version == 4 else 48), strict=False))

"""Who is writing: somebody who is signed in, or a guest, known by a cookie that a comment set."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from articles.accounts.factors import must_set_up
from articles.models import SiteSettings, User
from articles.networks import client_address, network_hash

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
    """Who is signed in, or None; a request without a session cookie is not looked at further.

    Nobody who has yet to set up the second factor that the site wants of its staff: readers shall
    not take for an editor whoever has a password alone.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    user = request.user
    if not isinstance(user, User):
        return None
    return None if must_set_up(user, SiteSettings.current()) else user


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

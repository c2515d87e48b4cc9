"""What stands before the admin: a second factor, where the site wants one of its staff.

What somebody sends there who is not let in is refused by an error, never led elsewhere: the page
of the error gives back what was typed (see `articles.views.errors`), and a redirect would lose it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from articles.accounts.factors import must_set_up
from articles.models import SiteSettings, User

# How the routes of its pages begin; see `config/urls.py`.
ADMIN = "admin/"
# Going away, and what the admin's pages load.
OPEN = {"login", "logout", "jsi18n"}


class SignedOut(PermissionDenied):
    """Somebody sent a form to the admin whose session has ended meanwhile."""


class FactorMissing(PermissionDenied):
    """Somebody sent a form to the admin who has to set up a second factor first."""


class SecondFactorMiddleware:
    """Leads staff who need a second factor and have none to where they set one up.

    No page outside the admin is looked at: public ones must not even ask who is there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response of the inner layers."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        """A redirect instead of the page, or None to go on.

        Raises SignedOut, FactorMissing or PermissionDenied where that would lose what was sent.
        """
        match = request.resolver_match
        # By the address: pages of ours stand below the admin's without being of its namespace.
        if match is None or not match.route.startswith(ADMIN) or match.url_name in OPEN:
            return None
        user, is_sent = request.user, request.method == "POST"
        if is_sent and not user.is_authenticated:
            raise SignedOut
        if not (isinstance(user, User) and user.is_staff and user.is_active):
            if is_sent:
                # The admin would lead to where people sign in, and what was sent were gone.
                raise PermissionDenied
            return None
        # Read once for this request: templates ask for them too.
        request.site_settings = SiteSettings.current()  # type: ignore[attr-defined]
        if not must_set_up(user, request.site_settings):  # type: ignore[attr-defined]
            return None
        if is_sent:
            raise FactorMissing
        query = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
        return HttpResponseRedirect(f"{reverse('mfa_index')}{'?' if query else ''}{query}")

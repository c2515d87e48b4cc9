"""One-time sign-in links for others, made in the admin by the owner alone."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from articles.admin.confirming import confirm_first
from articles.models import User
from articles.sign_in import LIFETIME, sign_in_link


class SignInLinks(admin.ModelAdmin):
    """The page that makes one."""

    def get_urls(self) -> list[URLPattern]:
        """Also the page of a person's link."""
        view = require_http_methods(["GET", "HEAD", "POST"])(never_cache(self.sign_in_link))
        own = path(
            "<id>/sign-in-link/", self.admin_site.admin_view(view), name="articles_user_sign_in"
        )
        return [own, *super().get_urls()]

    def sign_in_link(self, request: HttpRequest, id: str) -> HttpResponse:
        """What a link does (GET), or one, which is shown here once and logged (POST).

        404 for nobody, and for whoever may not sign in: no link would help them.
        """
        if not request.user.is_superuser:
            raise PermissionDenied
        person = self.get_object(request, unquote(id))
        if not isinstance(person, User) or not person.is_active:
            raise Http404
        if wait := confirm_first(request):
            return wait
        link = ""
        if request.method == "POST":
            link = sign_in_link(person, settings.SITE_URL)
            self.log_change(request, person, gettext("Made a sign-in link."))
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "person": person,
            "title": gettext("A sign-in link for %(name)s") % {"name": person.username},
            "link": link,
            "hours": LIFETIME.seconds // 3600,
        }
        return TemplateResponse(request, "admin/milepost/sign_in_link.html", context)

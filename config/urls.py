"""All addresses of the site, and its error pages."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from articles.admin.condition import condition

urlpatterns = [
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/condition/", condition, name="condition"),
    path("admin/", admin.site.urls),
    path("accounts/", include("articles.accounts.urls")),
    # The first of these registers the converter for slugs that the others use too.
    path("", include("articles.urls")),
    path("", include("timeline.urls")),
]

if settings.DEBUG:
    urlpatterns.append(path("styleguide/", include("articles.styleguide.urls")))

handler400 = "articles.views.errors.bad_request"
handler403 = "articles.views.errors.forbidden"
handler404 = "articles.views.errors.not_found"
handler500 = "articles.views.errors.server_error"

"""The app's configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    """Names the app for the admin."""

    name = "articles"
    verbose_name = _("Articles")

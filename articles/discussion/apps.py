"""The app's configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DiscussionConfig(AppConfig):
    """Names the app for the admin."""

    name = "articles.discussion"
    label = "discussion"
    verbose_name = _("Discussion")

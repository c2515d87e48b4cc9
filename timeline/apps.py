"""The app's configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TimelineConfig(AppConfig):
    """Names the app for the admin."""

    name = "timeline"
    verbose_name = _("Milestones and tracks")

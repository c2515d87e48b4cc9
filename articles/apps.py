"""The app's configuration."""

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    """Names the app for the admin, and the apps of others that editors meet there."""

    name = "articles"
    verbose_name = _("Content")

    def ready(self) -> None:
        """Name them by what they hold: subclasses of theirs would be other apps to many tools."""
        apps.get_app_config("auth").verbose_name = _("Roles")
        apps.get_app_config("django_tasks_database").verbose_name = _("System tasks")

"""The app's configuration."""

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _

from articles import stamp
from articles.upkeep import slow_queries


class ArticlesConfig(AppConfig):
    """Names the app for the admin, and the apps of others that editors meet there.

    Also has slow queries logged, on every connection from the first on.
    """

    name = "articles"
    verbose_name = _("Content")

    def ready(self) -> None:
        """Name them by what they hold: subclasses of theirs would be other apps to many tools.

        And see every write, so that no page is shown as it was before.
        """
        stamp.watch_connections()
        slow_queries.watch()
        apps.get_app_config("auth").verbose_name = _("Roles")
        apps.get_app_config("django_tasks_database").verbose_name = _("System tasks")

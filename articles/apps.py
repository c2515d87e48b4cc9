"""The app's configuration."""

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _

from articles import stamp
from articles.upkeep import lost_database, read_only, slow_queries


class ArticlesConfig(AppConfig):
    """Names the app for the admin, and the apps of others that editors meet there.

    Also has slow queries logged, and nothing written while the site is read-only, on every
    connection from the first on.
    """

    name = "articles"
    verbose_name = _("Content")

    def ready(self) -> None:
        """Name them by what they hold: subclasses of theirs would be other apps to many tools.

        And see every write, so that no page is shown as it was before.
        """
        stamp.watch_connections()
        slow_queries.watch()
        lost_database.watch()
        # Innermost: what is refused is no write, and tells nobody of one.
        read_only.watch()
        apps.get_app_config("auth").verbose_name = _("Roles")
        apps.get_app_config("django_tasks_database").verbose_name = _("System tasks")

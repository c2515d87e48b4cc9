"""The app's configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Signing in. The label `account` is that of django-allauth, which does the protocols."""

    name = "articles.accounts"
    label = "accounts"
    verbose_name = _("Signing in")

    def ready(self) -> None:
        """Have every sign-in noted in its session."""
        from articles.accounts import recency, sessions

        recency.connect()
        sessions.connect()

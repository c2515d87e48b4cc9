"""The app's configuration."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """Names the app, and fills its tables after an upgrade."""

    name = "articles.search"
    label = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        """Have `migrate` fill in what is missing, with the models as they are then.

        A data migration would have to know the code of today for ever, and could not renew what an
        older way of reading words has left.
        """
        post_migrate.connect(fill_after_migrating, sender=self)


def fill_after_migrating(using: str, **kwargs: Any) -> None:
    """Index what is not, or was by an older version, once all is migrated and the index whole."""
    from articles.search import tables
    from articles.search.indexing import fill, is_migrated

    if is_migrated(using):
        tables.mend(using)
        fill()

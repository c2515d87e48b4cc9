"""What is remembered of wrong guesses, so that guessing becomes slow."""

from __future__ import annotations

import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# By then every level has leaked to nothing, so that a row says no more than no row does.
KEPT = datetime.timedelta(days=1)


class AllowanceQuerySet(models.QuerySet):
    """Allowances of accounts, networks and browsers; `manage.py retention` deletes the old."""

    def forgotten(self, now: datetime.datetime | None = None) -> AllowanceQuerySet:
        """Those that nobody has drawn on for so long that they are whole again."""
        return self.filter(at__lt=(now or timezone.now()) - KEPT)


class Allowance(models.Model):
    """How many wrong guesses one account, network or browser made of late.

    `level` was true at the time `at`, and leaks from then on. `key` is a salted hash of what it is
    about: neither names that somebody typed nor addresses can be read from it.
    """

    kind = models.CharField(_("kind"), max_length=20)
    key = models.CharField(_("key"), max_length=32)
    level = models.FloatField(_("level"), default=0)
    at = models.DateTimeField(_("at"), db_index=True)

    objects = AllowanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("allowance of guesses")
        verbose_name_plural = _("allowances of guesses")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="accounts_allowance_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

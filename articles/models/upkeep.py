"""What was done to keep the site running, where every host that serves it can see it."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# The clocks of two hosts, or of one before and after it was set.
CLOCKS_APART = datetime.timedelta(hours=1)


class BackupQuerySet(models.QuerySet["Backup"]):
    """What is asked of many backups."""

    def until_now(self) -> Self:
        """Without those from the future, which would be the newest for years.

        They were made while a clock was ahead, nobody knows when.
        """
        return self.filter(made_at__lte=timezone.now() + CLOCKS_APART)


class Backup(models.Model):
    """One backup that was written and then read again and found whole.

    The file may lie on a host or disk that this process does not see, so the row says where. It
    goes when `backup` deletes the file; one that somebody deleted by hand leaves its row.
    """

    made_at = models.DateTimeField(_("made"), default=timezone.now)
    path = models.CharField(_("file"), max_length=1000)
    host = models.CharField(_("host"), max_length=255)
    size = models.PositiveBigIntegerField(_("size"))
    version = models.CharField(_("version of Milepost"), max_length=40)
    reason = models.CharField(_("reason"), max_length=20)

    objects: ClassVar[Any] = BackupQuerySet.as_manager()

    class Meta:
        verbose_name = _("backup")
        verbose_name_plural = _("backups")
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["-made_at"], name="backup_made_at")]

    def __str__(self) -> str:
        return self.path

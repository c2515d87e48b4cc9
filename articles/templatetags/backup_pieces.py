"""What the admin's first page says to the owner about backups."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from articles.upkeep.backups import OLD, last_good_backup

register = template.Library()


@register.simple_tag
def last_backup(user: Any) -> str:
    """When the last good backup was and, if that is too long ago, what to do; '' for others."""
    if not user.is_superuser:
        return ""
    last = last_good_backup()
    how = _("Run “manage.py backup” on the server, every night if you can.")
    if last is None:
        return f"{_('There is no backup of this site.')} {how}"
    age = timezone.now() - last.made_at
    said = _("Last good backup: %(age)s ago.") % {"age": timesince(last.made_at, depth=1)}
    return f"{said} {how}" if age > OLD else said

"""What the admin's first page says to the owner about backups."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from articles.upkeep.backup.backups import OLD, last_good_backup, site_is_new

register = template.Library()


@register.simple_tag
def last_backup(user: Any) -> str:
    """When the last good backup was and, if that is too long ago, what to do; '' for others.

    Safe HTML: what should worry the owner has weight, all else has none.
    """
    if not user.is_superuser:
        return ""
    last = last_good_backup()
    how = format_html(
        _("Run {command} on the server, every night if you can."),
        command=format_html("<code>{}</code>", "manage.py backup"),
    )
    if last is None:
        said = _("There is no backup of this site.")
        return format_html("{} {}" if site_is_new() else "<strong>{}</strong> {}", said, how)
    age = timezone.now() - last.made_at
    said = _("Last good backup: %(age)s ago.") % {"age": timesince(last.made_at, depth=1)}
    return format_html("<strong>{}</strong> {}", said, how) if age > OLD else said

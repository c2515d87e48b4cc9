"""Telling the moderators that comments wait: at the first one, then once an hour at most."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import mail
from articles.discussion.models import Comment, ModeratorNotice
from articles.models import User

PERMISSION = "discussion.moderate_comment"
PAUSE = datetime.timedelta(hours=1)
EXCERPT = 300


def moderators() -> list[User]:
    """Active staff who may decide about comments."""
    allowed = User.objects.with_perm(
        PERMISSION, backend="django.contrib.auth.backends.ModelBackend"
    )
    return list(allowed.filter(is_active=True, is_staff=True).order_by("pk"))


def tell_moderators(comment: Comment) -> bool:
    """Write to the moderators that this comment is held, if it is time; whether it was.

    It is when nothing else waits, or when they were told last an hour ago or more. Call it in the
    transaction that saves the comment.
    """
    others = Comment.objects.held().exclude(pk=comment.pk)
    now = timezone.now()
    if others.exists() and ModeratorNotice.objects.filter(sent_at__gt=now - PAUSE).exists():
        return False
    addresses = [person.email for person in moderators() if person.email]
    if not addresses:
        return False
    values = {
        "title": comment.article.title,
        "name": comment.writer,
        "text": comment.body[:EXCERPT],
        "address": settings.SITE_URL + reverse("admin:discussion_comment_changelist")
        + "?status__exact=held",
    }  # fmt: skip
    is_sent = mail.send_later(
        subject=_("A comment waits: %(title)s") % values,
        body=_(
            "%(name)s commented on “%(title)s”:\n\n%(text)s\n\n"
            "It is held until somebody decides. Comments that wait:\n%(address)s\n\n"
            "While comments wait, this mail comes once an hour at most."
        )
        % values,
        to=addresses,
    )
    if is_sent:
        ModeratorNotice.objects.update_or_create(pk=1, defaults={"sent_at": now})
    return is_sent

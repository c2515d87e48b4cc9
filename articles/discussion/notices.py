"""Telling the moderators that comments wait: at the first one, then once an hour at most."""

from __future__ import annotations

import datetime
from textwrap import fill, wrap

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import mail
from articles.discussion.models import Comment, ModeratorNotice
from articles.models import SiteSettings, User
from articles.opening import opening

PERMISSION = "discussion.moderate_comment"
PAUSE = datetime.timedelta(hours=1)
EXCERPT = 600
# What is shorter than this is no line worth beginning.
MOST_LEFT_OUT = 20
# Letters in a line of a mail; RFC 5322 asks for no more than 78.
LINE = 72


def moderators() -> list[User]:
    """Active staff who may decide about comments."""
    allowed = User.objects.with_perm(
        PERMISSION, backend="django.contrib.auth.backends.ModelBackend"
    )
    return list(allowed.filter(is_active=True, is_staff=True).order_by("pk"))


def quoted(text: str) -> str:
    """The beginning of a text as mails quote it: each line behind a sign, none too long to read."""
    lines: list[str] = []
    for paragraph in short_lines(text).split("\n"):
        lines += wrap(paragraph, LINE - 2, break_long_words=False, break_on_hyphens=False) or [""]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def short_lines(text: str) -> str:
    """As many lines as fit into EXCERPT characters, the last one up to a word's end."""
    kept: list[str] = []
    left = EXCERPT
    for line in text.strip().splitlines():
        if left < MOST_LEFT_OUT:
            return "\n".join([*kept, "…"])
        kept.append(line if len(line) <= left else opening(line, left))
        left -= len(line)
    return "\n".join(kept)


def tell_moderators(comment: Comment) -> bool:
    """Write to the moderators that this comment is held, if it is time; whether it was.

    It is when nothing else waits, or when they were told last an hour ago or more. Call it in the
    transaction that saves the comment.
    """
    others = Comment.objects.held().exclude(pk=comment.pk)
    now = timezone.now()
    # One of the future was sent before the clock was set back.
    told = ModeratorNotice.objects.filter(sent_at__gt=now - PAUSE, sent_at__lte=now)
    if others.exists() and told.exists():
        return False
    addresses = [person.email for person in moderators() if person.email]
    if not addresses:
        return False
    site = SiteSettings.current()
    values = {
        "site": site.name,
        "home": settings.SITE_URL,
        "title": comment.article.title,
        "name": comment.writer,
        "part": comment.about_name,
        "text": quoted(comment.body),
        "comment": settings.SITE_URL
        + reverse("admin:discussion_comment_change", args=[comment.pk]),
        "all": settings.SITE_URL + reverse("admin:discussion_comment_changelist")
        + "?status__exact=held",
    }  # fmt: skip
    if comment.about_name:
        opening_line = _("%(name)s commented on “%(title)s”, about %(part)s:") % values
    else:
        opening_line = _("%(name)s commented on “%(title)s”:") % values
    is_sent = mail.send_later(
        subject=_("A comment waits: %(title)s (%(site)s)") % values,
        body=fill(opening_line, LINE)
        + "\n\n"
        + _(
            "%(text)s\n\n"
            "It is held until somebody decides about it:\n%(comment)s\n\n"
            "All comments that wait:\n%(all)s\n\n"
            "While comments wait, this mail comes once an hour at most.\n\n"
            "-- \n%(site)s\n%(home)s"
        )
        % values,
        to=addresses,
    )
    if is_sent:
        ModeratorNotice.objects.update_or_create(pk=1, defaults={"sent_at": now})
    return is_sent

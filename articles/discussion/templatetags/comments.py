"""Comments as HTML, in code because a page has dozens of them (see `templatetags.pieces`).

Names and texts are isolated for direction; what guests typed is escaped, or was made safe when it
was saved.
"""

from __future__ import annotations

from dataclasses import fields
from html import escape
from operator import attrgetter
from typing import Any

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from articles.discussion.models import Comment
from articles.discussion.notices import PERMISSION
from articles.discussion.thread import DiscussionPage, Entry, form_address, part_address
from articles.kept import Kept
from articles.models import Article

register = template.Library()

# Comments of the discussions that are read most, each of about a kilobyte.
drawn: Kept[str] = Kept(most=1500)
_content = attrgetter(*(field.name for field in fields(Entry)))


@register.simple_tag
def thread(discussion: DiscussionPage, *, on_article: bool, can_reply: bool) -> SafeString:
    """The comments of a page, replies in lists below what they answer."""
    pieces = ['<ol class="threads">']
    level = 0
    for index, entry in enumerate(discussion.entries):
        if entry.level > level:
            pieces.append('<ol class="replies">')
        elif index:
            pieces.append("</li>" + "</ol></li>" * (level - entry.level))
        level = entry.level
        comment = _kept_comment(discussion.article, entry, on_article, can_reply)
        pieces.append(f"<li>{comment}")
    pieces.append("</li></ol>" * (level + 1) if discussion.entries else "</ol>")
    return mark_safe("".join(pieces))  # noqa: S308 - escaped


@register.simple_tag
def one_comment(article: Article, entry: Entry) -> SafeString:
    """A comment by itself, as it has just been made."""
    html = _comment(article, entry, on_article=False, can_reply=False)
    return mark_safe(f'<div class="threads">{html}</div>')  # noqa: S308 - escaped


def _kept_comment(article: Article, entry: Entry, on_article: bool, can_reply: bool) -> str:
    """A comment says the same as long as everything in it does."""
    key = (get_language(), article.slug, on_article, can_reply, *_content(entry))
    return drawn.get(key, lambda: _comment(article, entry, on_article, can_reply))


def _comment(article: Article, entry: Entry, on_article: bool, can_reply: bool) -> str:
    about = _about(article, entry, on_article) if entry.about and entry.parent is None else ""
    if entry.is_placeholder:
        text = escape(_("This comment was removed. Its replies stay."))
        return (
            f'<div class="comment removed" id="comment-{entry.pk}" data-comment="{entry.pk}">'
            f'{about}<p class="quiet">{text}</p></div>'
        )
    label = escape(_("Comment by %(name)s") % {"name": entry.name or _("somebody")})
    foot = _foot(article, entry) if can_reply else ""
    return (
        f'<article class="comment" id="comment-{entry.pk}" data-comment="{entry.pk}" '
        f'aria-label="{label}">{about}{_head(entry)}'
        f'<div class="comment-body" dir="auto">{entry.html}</div>{foot}</article>'
    )


def _about(article: Article, entry: Entry, on_article: bool) -> str:
    address = part_address(article, entry.about, on_article=on_article)
    name = f'<a href="{escape(address)}"><bdi>{escape(entry.about_name)}</bdi></a>'
    word = escape(_("About"))
    return f'<p class="about">{word} {name}</p>'


def _head(entry: Entry) -> str:
    roles = {"author": _("author of this article"), "editor": _("editor")}
    role = f' <span class="role">{escape(roles[entry.role])}</span>' if entry.role else ""
    name = escape(entry.name) if entry.name else escape(_("Somebody"))
    return (
        f'<p class="comment-head"><b><bdi>{name}</bdi></b>{role} '
        f'<a href="/comments/{entry.pk}/">{_time(entry)}</a>{_reply_to(entry)}</p>'
    )


def _time(entry: Entry) -> str:
    moment = localtime(entry.created_at)
    day = escape(date_format(moment, "DATE_FORMAT"))
    return f'<time datetime="{moment:%Y-%m-%dT%H:%MZ}">{day}</time>'


def _reply_to(entry: Entry) -> str:
    """What it answers, where its place in the lists does not show that."""
    if not entry.reply_to:
        return ""
    if entry.reply_to_name:
        text = escape(_("in reply to %(name)s"))
        text = text % {"name": f"<bdi>{escape(entry.reply_to_name)}</bdi>"}
    else:
        text = escape(_("in reply to an earlier comment"))
    return f' <a class="reply-to" href="/comments/{entry.reply_to}/">{text}</a>'


def _foot(article: Article, entry: Entry) -> str:
    """The way to answer: a page, or the form in place when HTMX is there."""
    address = escape(form_address(article, parent=entry.pk))
    label = escape(_("Reply to %(name)s") % {"name": entry.name or _("somebody")})
    word = escape(_("Reply"))
    return (
        f'<p class="comment-foot"><a href="{address}" data-hx-get="{address}" '
        f'data-hx-target="next .slot" data-hx-swap="innerHTML" aria-label="{label}">'
        f"{word}</a></p>"
        '<div class="slot"></div>'
    )


@register.simple_tag
def held_comments(user: Any) -> dict[str, Any] | None:
    """How many comments wait and where they are listed; None for who may not decide about them."""
    if not user.has_perm(PERMISSION):
        return None
    count = Comment.objects.held().count()
    address = reverse("admin:discussion_comment_changelist") + "?status__exact=held"
    return {"count": count, "address": address}

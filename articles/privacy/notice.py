"""How long what is kept, which cookies there are, who is responsible: said from what is so.

A page of the site shows these where its text has a paragraph `{{kept}}`, `{{cookies}}` or
`{{responsible}}`, so that it stays true when the owner changes a number of days or moves.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import remembered
from articles.accounts import browsers
from articles.accounts.models import KEPT as GUESSES_KEPT
from articles.discussion import guests
from articles.models import SiteSettings
from articles.privacy.retention import FAILED_TASK_DAYS, TASK_DAYS

DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Line:
    """A thing, what it is for, and for how long there is one."""

    name: str
    purpose: str
    time: str


def days(number: int) -> str:
    """`180 days`; a year of seconds is 365 of them."""
    return ngettext("%(n)d day", "%(n)d days", number) % {"n": number}


def kept(site: SiteSettings) -> list[Line]:
    """What is kept about people on the server."""
    until_deleted = _("until it is taken back or deleted")
    return [
        Line(_("Name and text of a comment"), _("shown below the article"), until_deleted),
        Line(
            _("E-mail address given with a comment"),
            _("for questions of the moderators"),
            _("%(days)s after the comment") % {"days": days(site.keep_email_days)},
        ),
        Line(
            _("Hash of the network of a comment"),
            _("against floods of comments"),
            _("%(days)s after the comment") % {"days": days(site.keep_network_days)},
        ),
        Line(
            _("Rejected comments and spam"),
            _("so that a decision can be looked at again"),
            _("%(days)s after the decision") % {"days": days(site.keep_refused_days)},
        ),
        Line(
            _("Mail that this site sent, with its address"),
            _("to see that it was sent"),
            _("%(sent)s; what could not be sent, %(failed)s")
            % {"sent": days(TASK_DAYS), "failed": days(FAILED_TASK_DAYS)},
        ),
        Line(
            _("Counts of wrong passwords by hashes of account and network"),
            _("against guessing"),
            _("%(days)s after the last") % {"days": days(GUESSES_KEPT.days)},
        ),
        Line(
            _("Sessions of people who sign in"),
            _("to stay signed in, and to see with what kind of browser"),
            _("%(days)s after they last changed")
            % {"days": days(settings.SESSION_COOKIE_AGE // DAY)},
        ),
        Line(
            _("Log of who changed what"),
            _("to understand and undo mistakes"),
            days(site.keep_log_days),
        ),
        Line(
            _("Revisions of articles, with who wrote them"),
            _("the public history of the articles"),
            _("as long as the article"),
        ),
    ]


def cookies(_site: SiteSettings) -> list[Line]:
    """All cookies that there are, by the names that a browser shows."""
    return [
        Line(
            settings.CSRF_COOKIE_NAME,
            _("a random number that protects forms against forgery, set where there is a form"),
            days(settings.CSRF_COOKIE_AGE // DAY),
        ),
        Line(
            guests.COOKIE,
            _("a random number by which your next comment is known to come from you"),
            days(guests.YEAR // DAY),
        ),
        Line(
            remembered.COOKIE,
            _("which articles you read in which revision, set when you ask for it"),
            days(remembered.YEAR // DAY),
        ),
        Line(
            settings.SESSION_COOKIE_NAME,
            _("keeps you signed in, set when you sign in"),
            days(settings.SESSION_COOKIE_AGE // DAY),
        ),
        Line(
            browsers.COOKIE,
            _(
                "lets guesses of others not slow down your own browser, set when you sign in or "
                "choose a new password by a mailed link"
            ),
            days(browsers.KEPT // DAY),
        ),
        Line(
            CookieStorage.cookie_name,
            _("what became of what you did, while you are signed in"),
            _("until it is shown"),
        ),
    ]


LISTS: dict[str, tuple[Any, Callable[[SiteSettings], list[Line]]]] = {
    "kept": (gettext_lazy("What is kept, and how long"), kept),
    "cookies": (gettext_lazy("Cookies"), cookies),
}
# The paragraph that becomes the owner's lines.
RESPONSIBLE = "<p>{{responsible}}</p>"
# An address of the web or of mail, without the full stop after it.
_REACHED = re.compile(r"(https?://[^\s<>\"]*[\w/]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)")


def linked(line: str) -> SafeString:
    """The line of plain text as HTML, with its addresses of the web and of mail as links."""
    pieces = []
    for number, piece in enumerate(_REACHED.split(line)):
        if number % 2:
            address = piece if piece.startswith("http") else f"mailto:{piece}"
            pieces.append(format_html('<a href="{}">{}</a>', address, piece))
        else:
            pieces.append(conditional_escape(piece))
    return mark_safe("".join(pieces))  # noqa: S308 - each piece is escaped


def with_lists(html: SafeString, site: SiteSettings) -> SafeString:
    """The safe HTML of a page, with what is to stand in the place of such a paragraph."""
    text: str = html
    for name, (label, lines) in LISTS.items():
        place = f"<p>{{{{{name}}}}}</p>"
        if place in text:
            list_of = {"label": label, "lines": lines(site)}
            text = text.replace(place, render_to_string("articles/parts/kept.html", list_of))
    if RESPONSIBLE in text:
        said = {"lines": [linked(line) for line in site.responsible.splitlines()]}
        text = text.replace(RESPONSIBLE, render_to_string("articles/parts/responsible.html", said))
    return mark_safe(text)  # noqa: S308 - both came safe

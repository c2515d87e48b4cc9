"""What editors are told when they have saved an article: who reads it now, and whom it names."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from articles.gaps import find_gaps
from articles.models import Article, User


def tell(request: HttpRequest, article: Article) -> None:
    """Say both to the editor who has just saved the article."""
    if not article.copy_of_id:
        messages.info(request, who_reads_it(article))
    if warning := unnamed_author(request, article):
        messages.warning(request, warning)


def tell_gaps(request: HttpRequest, article: Article, *, about: str = "") -> None:
    """Warn the editor of what the article names and nobody wrote; `about` says which article."""
    if found := " ".join(find_gaps(article).sentences()):
        messages.warning(request, f"{about}: {found}" if about else found)


def who_reads_it(article: Article) -> str:
    """Whether readers see an article that is no working copy, with a link to what is to be seen."""
    address = article.get_absolute_url()
    if article.is_live:
        return format_html(
            '{} <a href="{}">{}</a>', _("Readers see it now:"), address, article.title
        )
    text = _("Readers do not see it.")
    if article.status == Article.Status.PUBLISHED and article.published_at:
        day = date_format(localtime(article.published_at), "DATETIME_FORMAT")
        text = _("Readers see it from %(day)s on.") % {"day": day}
    return format_html('{} <a href="{}">{}</a>', text, address, _("Preview"))


def unnamed_author(request: HttpRequest, article: Article) -> str:
    """That readers are not told who wrote the article, and where that is changed; '' if they are.

    Only who may change users can give a name; the others are not led to a page without its field.
    """
    author = article.author
    if author is None or author.public_name:
        return ""
    text = _("Readers are told no author: %(name)s has no public name.")
    text %= {"name": author.username}
    if not (isinstance(request.user, User) and request.user.has_perm("articles.change_user")):
        whom = _("Ask whoever looks after the accounts to give one.")
        return f"{text} {whom}"
    address = reverse("admin:articles_user_change", args=[author.pk])
    return format_html('{} <a href="{}">{}</a>', text, address, _("Give a public name"))

"""Pieces of HTML of the page of results, Python for the same reason as those of `pieces.py`."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from articles.languages import direction
from articles.search.hits import Hit
from articles.search.results import Choice
from articles.templatetags.pieces import standing_words
from articles.templatetags.survey_pieces import source_figures

register = template.Library()


@register.simple_tag
def hits(shown: Iterable[Hit]) -> SafeString:
    """The items of a list of results."""
    return mark_safe("".join(map(_hit, shown)))  # noqa: S308 - escaped


def _hit(hit: Hit) -> str:
    document = hit.document
    words = ""
    if document.language != get_language():
        words = f' lang="{escape(document.language)}" dir="{direction(document.language)}"'
    date, snippet = hit.date, hit.snippet
    before = f"{escape(date)}: " if date else ""
    text = f"<p{words}>{snippet}</p>" if snippet else ""
    return (
        f'<li class="with-evidence" data-hit="{escape(document.kind)}"><h3{words}>'
        f'<a href="{escape(hit.address)}">{before}{hit.title}</a></h3>{text}'
        f'<div class="evidence">{_beside(hit, words)}</div></li>'
    )


def _beside(hit: Hit, words: str) -> str:
    """How well a result is sourced, and what it is a part of."""
    article = hit.document.article
    if article and not hit.document.anchor:
        figures = source_figures(getattr(article, "rendered", None))
        day = date_format(timezone.localtime(article.changed_at), "DATE_FORMAT")
        changed = _("Changed %(day)s") % {"day": day}
        return f"<p>{figures}</p><p>{escape(changed)}</p>"
    if article:
        standing = hit.standing
        shown = f"<p>{standing_words(standing, hit.checked)}</p>" if standing else ""
        address, title = escape(hit.page), escape(article.title)
        return f'{shown}<p><a href="{address}"{words}>{title}</a></p>'
    if about := hit.about:
        text = _("Read the article “%(title)s”") % {"title": about.title}
        return f'<p><a href="{escape(about.get_absolute_url())}">{escape(text)}</a></p>'
    return ""


@register.simple_tag
def choices(offered: Iterable[Choice]) -> SafeString:
    """The choices of a filter: a link for each that shows something or is chosen."""
    items = "".join(f"<li>{_choice(choice)}</li>" for choice in offered)
    return mark_safe(f"<ul>{items}</ul>")  # noqa: S308 - escaped


def _choice(choice: Choice) -> str:
    name, number = escape(choice.name), escape(choice.number)
    if not choice.amount and not choice.is_chosen:
        return f'<span class="none">{name} <span class="n">0</span></span>'
    address = escape(choice.address)
    current = ' aria-current="true"' if choice.is_chosen else ""
    return (
        f'<a href="{address}" data-hx-get="{address}" data-hx-target="#search-results"{current}>'
        f'{name} <span class="n">{number}</span></a>'
    )

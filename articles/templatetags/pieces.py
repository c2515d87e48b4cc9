"""Pieces of HTML that stand on a page dozens of times.

They are Python because a piece costs about ten times as much as a template of the same text, and a
long article has hundreds. Everything that an editor typed is escaped here; regions of the page and
whatever stands there once are templates.
"""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import quote

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from articles.page_text import PageText, Statement
from articles.standing import Standing, sign_of
from articles.templatetags.milepost import day, own_words, place

register = template.Library()


@register.simple_tag
def mark(sign: str, text: str = "") -> SafeString:
    """The symbol of a sign (see `standing.SIGNS`), and a word beside it."""
    return mark_safe(  # noqa: S308 - escaped
        f'<span class="mark mark-{escape(sign)}"><svg aria-hidden="true" focusable="false">'
        f'<use href="#mark-{escape(sign)}"/></svg>{escape(text)}</span>'
    )


# Statements ---------------------------------------------------------------------------------------


@register.simple_tag
def evidence(item: Statement, text: PageText) -> SafeString:
    """How we know: the standing of a statement, its check, its sources, and a link to it."""
    here = escape(item.anchor)
    name = _("Link to %(name)s") % {"name": item.label or item.anchor}
    link = escape(_("Link"))
    cites = "".join(_cite(use, text) for use in item.uses)
    return mark_safe(  # noqa: S308 - escaped
        f'<div class="evidence"{own_words(text.language)}><p>'
        f"{standing_words(item.standing, item.checked)}</p>"
        + (f'<p class="cites">{cites}</p>' if cites else "")
        + f'<p class="handles"><a href="#{here}" aria-label="{escape(name)}">{link}</a>'
        f"{_cite_it(item, text)}{_discuss(item, text)}</p>"
        "</div>"
    )


@register.simple_tag
def row_evidence(row: Statement, language: str) -> SafeString:
    """The same in an infobox, whose sources stand in the text: of a sourced row only the check."""
    words = standing_words(row.standing, row.checked)
    if row.standing == Standing.SOURCED:
        words = mark(row.sign, _check_words(row.standing, row.checked))
    return mark_safe(  # noqa: S308 - escaped
        f'<div class="evidence"{own_words(language)}><p>{words}</p></div>'
    )


@register.simple_tag
def here(anchor: str, name: str) -> SafeString:
    """The link of a part to itself."""
    label = _("Link to %(name)s") % {"name": name}
    return mark_safe(  # noqa: S308 - escaped
        f'<a class="here" href="#{escape(anchor)}" aria-label="{escape(label)}">#</a>'
    )


def _cite_it(item: Statement, text: PageText) -> str:
    """The way to cite and to share a statement."""
    label = _("Cite %(name)s") % {"name": item.label or item.anchor}
    address = escape(f"{text.cite}{quote(item.anchor)}")
    word = escape(_("Cite"))
    return f' <a href="{address}" rel="nofollow" aria-label="{escape(label)}">{word}</a>'


def _discuss(item: Statement, text: PageText) -> str:
    """The way to comment on a statement, where there is one."""
    if not text.discuss:
        return ""
    label = _("Discuss %(name)s") % {"name": item.label or item.anchor}
    address = escape(f"{text.discuss}?about={quote(item.anchor)}")
    word = escape(_("Discuss"))
    return f' <a href="{address}" rel="nofollow" aria-label="{escape(label)}">{word}</a>'


def standing_words(standing: Standing, checked: str) -> str:
    """The standing of a statement in words, and when somebody last looked, or that nobody did.

    `checked` is the ISO day of its check, or ''.
    """
    words = mark(sign_of(standing, is_checked=bool(checked)), standing.label)
    check = _check_words(standing, checked)
    return f'{words} <span class="since">{escape(check)}</span>' if check else words


def _check_words(standing: Standing, checked: str) -> str:
    """When somebody last looked; '' where nobody did and there is no source to compare with."""
    if checked:
        text = _("last checked %(day)s") if standing == Standing.STALE else _("checked %(day)s")
        return text % {"day": day(checked)}
    return _("not checked yet") if standing == Standing.SOURCED else ""


def _cite(use: Any, text: PageText) -> str:
    words = f"{use.number}. {text.short_names[use.key]}{place(use.place)}"
    there = escape(f"{text.references}#reference-{use.key}")
    return f'<a id="{escape(use.id)}" href="{there}">{escape(words)}</a> '


# Sources beside a text ----------------------------------------------------------------------------


@register.simple_tag
def sources(references: list[dict[str, Any]], text: PageText) -> SafeString:
    """The items of a list of sources beside a text: number, short name, where it appeared."""
    return mark_safe(  # noqa: S308 - escaped
        "".join(
            f'<li><a href="#{escape(ref["anchor"])}">{ref["number"]}</a>'
            f"<span>{escape(text.short_names[ref['key']])}{_appeared(ref)}</span></li>"
            for ref in references
        )
    )


def _appeared(ref: dict[str, Any]) -> str:
    is_book = ref["source_kind"] == "book" and ref["authors"]
    name = ref["container"] or (ref["title"] if is_book else "")
    return f", <i>{escape(name)}</i>" if name else ""

"""The survey and the figures of an article: as ticks, and in words that are the same everywhere."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.standing import SIGNS, UNCHECKED, Standing
from articles.survey import Survey, Tick
from articles.templatetags.pieces import mark

register = template.Library()


# Words --------------------------------------------------------------------------------------------


def have_a_source(sourced: int, total: int) -> str:
    """How many statements have a source, whether or not it was ever looked at: one sentence."""
    text = ngettext(
        "%(sourced)s of %(total)s statement has a source",
        "%(sourced)s of %(total)s statements have a source",
        total,
    )
    return text % {"sourced": intcomma(sourced), "total": intcomma(total)}


@register.simple_tag
def source_figures(rendered: Any) -> SafeString:
    """The same of an article in a list; `rendered` is its rendered page, '' or None without one."""
    if not rendered or not rendered.statement_count:
        return escape(_("No statements yet"))
    sourced, total = rendered.sourced_count, rendered.statement_count
    return mark("sourced" if sourced == total else "unsourced", have_a_source(sourced, total))


@register.filter
def survey_figures(survey: Survey) -> str:
    """The same of a survey."""
    return have_a_source(survey.sourced, survey.total)


@register.filter
def signs(survey: Survey | None) -> list[tuple[str, str]]:
    """Each sign that occurs, and how often in words: `("stale", "2 stale")`; the best first."""
    if survey is None:
        return []
    texts = {
        Standing.SOURCED.value: _("%(n)s sourced and checked"),
        UNCHECKED: _("%(n)s sourced but not checked yet"),
        Standing.STALE.value: _("%(n)s stale"),
        Standing.UNSOURCED.value: _("%(n)s unsourced"),
        Standing.DISPUTED.value: _("%(n)s disputed"),
    }
    return [
        (sign, texts[sign] % {"n": intcomma(survey.count(sign))})
        for sign in reversed(SIGNS)
        if survey.count(sign)
    ]


@register.filter
def survey_words(survey: Survey) -> str:
    """All of them: `14 sourced and checked, 2 stale, 2 unsourced`, and a full stop."""
    return ", ".join(words for _sign, words in signs(survey)) + "."


# Ticks --------------------------------------------------------------------------------------------


@register.simple_tag
def ticks(survey: Survey) -> SafeString:
    """The ticks of a survey."""
    return mark_safe("".join(map(_tick, survey.ticks)))  # noqa: S308 - numbers only


def _tick(tick: Tick) -> str:
    x = f"{tick.x:g}%"
    if tick.sign == Standing.UNSOURCED:
        return (
            f'<line class="tick" x1="{x}" x2="{x}" y1="0" y2="7"/>'
            f'<circle class="tick tick-unsourced" cx="{x}" cy="10.5" r="3.5"/>'
        )
    if tick.sign == Standing.DISPUTED:
        return (
            f'<line class="tick tick-disputed" x1="{x}" x2="{x}" y1="0" y2="15"/>'
            f'<svg x="{x}" y="10" overflow="visible">'
            '<path class="tick tick-disputed" d="M-5-2.5H5M-5 2.5H5"/></svg>'
        )
    foot = 7 if tick.sign == UNCHECKED else 14
    return f'<line class="tick tick-{tick.sign}" x1="{x}" x2="{x}" y1="0" y2="{foot}"/>'

"""Milestones as HTML: those of one article, and those of all."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from urllib.parse import quote

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from articles.addresses import address_of
from articles.kept import Kept
from articles.languages import direction
from articles.markup import fill
from articles.page_text import DatedStatement, PageText
from articles.standing import stale_before, standing_of
from articles.templatetags.milepost import own_words
from articles.templatetags.pieces import evidence, standing_words
from timeline import dates
from timeline.pages import MilestoneEntry
from timeline.view import TimelineView

register = template.Library()

# Items of the timeline of all articles: the first pages of the views that are asked for most.
on_site: Kept[str] = Kept(most=1000)


@register.simple_tag
def milestones(items: list[DatedStatement], view: TimelineView, text: PageText) -> SafeString:
    """The items of the timeline of one article."""
    return mark_safe(  # noqa: S308 - escaped, and the texts are sanitised
        "\n".join(
            f'<li id="{escape(item.anchor)}" data-part="milestone">'
            f"{when(item, view, text.language)}{_kept_rest(item, text)}</li>"
            for item in items
        )
    )


def _kept_rest(item: DatedStatement, text: PageText) -> str:
    """What follows the date, which is the same in each view of the timeline."""
    rest: str = text.kept.get(("rest", item.milestone), lambda: _rest(item, text))
    return rest


def _rest(item: DatedStatement, text: PageText) -> str:
    body = f'<div class="milestone-text">{item.html}</div>' if item.html else ""
    return f"{road(item.milestone)}<h3>{escape(item.label)}</h3>{body}{evidence(item, text)}"


@register.simple_tag
def when(item: DatedStatement, view: TimelineView, language: str = "") -> SafeString:
    """The date of a milestone, which is a link to it, and the names of its tracks."""
    here = escape(item.anchor)
    link = f"#{here}"
    if not view.page.is_whole:
        link = f"{escape(view.address + view.query(at=item.anchor))}{link}"
    names = escape(", ".join(name for name, _number in item.milestone.tracks))
    date, _extent_class, _shape = _shown_date(item.milestone.date, get_language())
    html = f'<p class="when"{own_words(language)}><a href="{link}">{date}</a>'
    html += f'<span class="track-name">{names}</span>' if names else ""
    return mark_safe(f"{html}</p>")  # noqa: S308 - escaped


@register.simple_tag(takes_context=True)
def site_milestones(context: Context, entries: list[MilestoneEntry]) -> SafeString:
    """The items of the timeline of all articles: each leads to its place in its article."""
    before = stale_before(timezone.localdate(), context["site"].stale_after_months)
    items = [_kept_site_item(entry, before) for entry in entries]
    return mark_safe("\n".join(items))  # noqa: S308 - escaped


def _kept_site_item(entry: MilestoneEntry, before: str) -> str:
    key = (entry, before, get_language())
    return on_site.get(key, lambda: _site_item(entry, before))


def _site_item(entry: MilestoneEntry, before: str) -> str:
    url = address_of("articles:article", entry.article_slug)
    # An article shows its timeline a page at a time: the address says which page.
    there = escape(f"{url}?at={quote(entry.anchor)}#{entry.anchor}")
    date, _extent_class, _shape = _shown_date(entry.date, get_language())
    names = escape(", ".join(name for name, _number in entry.tracks))
    text = fill(entry.html, numbers={}, targets={}, part=entry.anchor, cites="pulled").html
    checked = entry.checked.isoformat() if entry.checked else ""
    standing = standing_of(sourced=entry.sourced, checked=checked, stale_before=before)
    language = ""
    if entry.language != get_language():
        language = f' lang="{escape(entry.language)}" dir="{direction(entry.language)}"'
    return (
        f'<li id="{escape(entry.element_id)}" data-part="milestone"><p class="when">'
        f'<a href="{there}">{date}</a>'
        + (f'<span class="track-name">{names}</span>' if names else "")
        + f"</p>{road(entry)}<h3{language}>{escape(entry.title)}</h3>"
        + (f'<div class="milestone-text"{language}>{text}</div>' if text else "")
        + f'<div class="evidence"><p{language}><a href="{escape(url)}">{escape(entry.article)}</a>'
        f"</p><p>{standing_words(standing, checked)}</p></div></li>"
    )


@register.simple_tag
def road(milestone: MilestoneEntry) -> SafeString:
    """The mark of a milestone on the line of its timeline: a shape for each track, or an extent."""
    _html, extent, shape = _shown_date(milestone.date, get_language())
    marks = [number for _name, number in milestone.tracks] or [0]
    if extent:
        inner = f'<span class="{extent}"></span>'
    else:
        inner = "".join(
            f'<svg class="track-{number}" viewBox="-8 -8 16 16" focusable="false">'
            f'<use class="{shape}" href="#shape-{number or 1}"/></svg>'
            for number in marks
        )
    track = f" track-{marks[0]}" if extent else ""
    return mark_safe(f'<span class="road{track}" aria-hidden="true">{inner}</span>')  # noqa: S308


@lru_cache(maxsize=1024)
def _shown_date(edtf: str, language: str | None) -> tuple[SafeString, str, str]:
    """A date in HTML, the classes of its extent ('' for none) and those of its shape."""
    date = dates.parse_edtf(edtf)
    value = dates.datetime_attribute(edtf)
    html = f"<b>{escape(dates.show(edtf, short=True))}</b>"
    if value is not None:
        html = f'<time datetime="{escape(value)}">{html}</time>'
    loose = date.is_circa or date.is_uncertain
    shape = "shape shape-circa" if loose else "shape"
    return mark_safe(html), _extent(date) if date.is_interval else "", shape  # noqa: S308


def _extent(date: dates.HistoricalDate) -> str:
    """The classes of a range's bar: open where it goes on, loose where its ends are not known."""
    bounds = date.bounds
    if dates.OPEN_END in (bounds.end_max, bounds.end_min) or bounds.start_min == dates.OPEN_START:
        return "extent extent-open"
    return "extent extent-loose" if date.is_circa or date.is_uncertain else "extent"

"""The picture of a timeline as SVG, and addresses of its views."""

from __future__ import annotations

from html import escape

from django import template
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline.chart import BAR_HEIGHT, Bar, Skyline
from timeline.lanes import Lane, Mark
from timeline.view import TimelineView

register = template.Library()

# Heights in pixels: of the number above a bar, of the years below the axis, of a track's name, of
# one row of marks, and of half a bar on it.
TOP = 20
AXIS = TOP + BAR_HEIGHT
YEARS = 24
NAME = 22
ROW = 20
HALF = 6


@register.simple_tag
def filter_links(view: TimelineView, query: str) -> SafeString:
    """The attributes of a link to a view: its address, and where HTMX gets it from."""
    link = f'href="{escape(view.address + query)}#timeline"'
    if view.fragments:
        link += f' data-hx-get="{escape(view.fragments + query)}"'
    return mark_safe(link)  # noqa: S308 - escaped


@register.simple_tag
def page_links(view: TimelineView, at: str) -> SafeString:
    """The attributes of a link to the page that begins with `at`, '' for the first."""
    return filter_links(view, view.query(at=at))


@register.simple_tag
def picture(view: TimelineView) -> SafeString:
    """The picture as SVG: the bars, and the tracks, which a narrow screen goes without."""
    if view.chart is None:
        return SafeString()
    bars = [
        _bar(bar, filter_links(view, bar.query), index) for index, bar in enumerate(view.chart.bars)
    ]
    lanes, height = [], 4
    for lane in view.chart.lanes:
        lanes.append(_lane(lane, height - 4))
        height += NAME + lane.rows * ROW
    drawn = _bars(bars) if bars else ""
    if lanes:
        patterns = _patterns(view.chart.lanes)
        drawn += f'<svg class="lanes" height="{height}">{patterns}{"".join(lanes)}</svg>'
    label = _("Milestones by time, %(first)s to %(last)s") % {
        "first": view.chart.first_name,
        "last": view.chart.last_name,
    }
    return mark_safe(  # noqa: S308 - escaped
        f'<div id="timeline-picture" role="group" aria-label="{escape(label)}">{drawn}</div>'
    )


def _bars(bars: list[str]) -> str:
    """Drawn bars, with their years, on the line of the axis."""
    return (
        f'<svg height="{AXIS + YEARS}">{"".join(bars)}'
        f'<line class="axis" x1="0" x2="100%" y1="{AXIS}" y2="{AXIS}"/></svg>'
    )


@register.simple_tag
def skyline_picture(skyline: Skyline) -> SafeString:
    """The skyline as SVG; each bar leads to its years on the timeline of all articles."""
    address = reverse("timeline:site")
    bars = [
        _bar(bar, f'href="{escape(address + bar.query)}"', index)
        for index, bar in enumerate(skyline.bars)
    ]
    label = _("Milestones by time, %(years)s") % {"years": skyline.name}
    return mark_safe(  # noqa: S308 - escaped
        f'<div role="group" aria-label="{escape(label)}">{_bars(bars)}</div>'
    )


def _bar(bar: Bar, link: str, index: int) -> str:
    """The bar, a larger field around it to hit, its number above and its year below.

    `link` is the attributes of its link.
    """
    words = ngettext(
        "%(years)s: %(n)s milestone. Show only these.",
        "%(years)s: %(n)s milestones. Show only these.",
        bar.count,
    ) % {"years": bar.name, "n": number_format(bar.count, force_grouping=True)}
    middle = round(bar.x + bar.width / 2, 2)
    drawn = (
        f'<rect class="hit" x="{bar.x}%" y="0" width="{bar.width}%" height="{AXIS}"/>'
        f'<rect class="bar" x="{bar.x + 0.15:.2f}%" y="{AXIS - bar.height:g}" '
        f'width="{bar.width - 0.3:.2f}%" height="{bar.height:g}"/>'
        f'<text class="count" x="{middle}%" y="{AXIS - bar.height - 5:g}">'
        f"{number_format(bar.count, force_grouping=True) if bar.count else ''}</text>"
    )
    if bar.count:
        current = ' aria-current="true"' if bar.is_chosen else ""
        drawn = f'<a {link} aria-label="{escape(words)}"{current}>{drawn}</a>'
    minor = ' class="minor"' if index % 2 else ""
    return (
        f'{drawn}<line class="axis-tick" x1="{bar.x}%" x2="{bar.x}%" y1="{AXIS}" y2="{AXIS + 8}"/>'
        f'<text{minor} x="{bar.x}%" dx="4" y="{AXIS + 16}">{escape(bar.label)}</text>'
    )


def _lane(lane: Lane, top: int) -> str:
    marks = "".join(_mark(mark, lane.number, top + NAME) for mark in lane.marks)
    return (
        f'<g class="track track-{lane.number}">'
        f'<line class="lane" x1="0" x2="100%" y1="{top}" y2="{top}"/>'
        f'<text class="lane-name" x="0" y="{top + 15}">{escape(lane.name)}</text>{marks}</g>'
    )


def _mark(mark: Mark, number: int, top: int) -> str:
    y = top + mark.row * ROW + ROW // 2
    if mark.is_shape:
        shape = "shape shape-circa" if mark.is_circa else "shape"
        drawn = f'<use class="{shape}" href="#shape-{number or 1}" x="{mark.x}%" y="{y}"/>'
    else:
        drawn = _extent(mark, number, y)
    return (
        f'<a href="#{escape(mark.element_id)}" aria-label="{escape(mark.name)}">'
        f"{drawn}{_title(mark, y)}</a>"
    )


def _extent(mark: Mark, number: int, y: int) -> str:
    drawn = ""
    if mark.solid:
        drawn += (
            f'<rect class="span" x="{mark.x}%" y="{y - HALF}" '
            f'width="{mark.solid}%" height="{2 * HALF}"/>'
        )
    for x, width in ((mark.left, mark.before), (mark.x + mark.solid, mark.after)):
        if width:
            drawn += (
                f'<rect class="span-open" fill="url(#hatch-{number})" x="{x:.2f}%" '
                f'y="{y - HALF + 0.5}" width="{width}%" height="{2 * HALF - 1}"/>'
            )
    if mark.goes_on:
        drawn += (
            f'<svg x="{mark.right:.2f}%" y="{y}" overflow="visible">'
            '<path class="cut" d="M-9-3.5L-5 0L-9 3.5"/></svg>'
        )
    return drawn


def _title(mark: Mark, y: int) -> str:
    if not mark.label:
        return ""
    gap = 10 if mark.is_shape else 5
    place = f'x="{mark.right:.2f}%" dx="{gap}"'
    if mark.label == "before":
        place = f'text-anchor="end" x="{mark.left:.2f}%" dx="-{gap}"'
    return f'<text class="label" {place} y="{y + 4.5}">{escape(mark.title)}</text>'


def _patterns(lanes: list[Lane]) -> str:
    """The hatching of each track that has a hatched end."""
    numbers = {lane.number for lane in lanes if any(m.before or m.after for m in lane.marks)}
    patterns = "".join(
        f'<pattern id="hatch-{number}" width="4" height="4" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><path class="hatch-line track-{number}" d="M1 0V4"/>'
        "</pattern>"
        for number in sorted(numbers)
    )
    return f"<defs>{patterns}</defs>" if patterns else ""

"""What templates need to say things in the reader's words. Nothing here decides anything."""

from __future__ import annotations

import datetime
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles import languages, reference_text
from articles.standing import Standing
from articles.survey import Survey
from timeline import dates

register = template.Library()
register.filter("direction", languages.direction)
register.filter("authors", reference_text.authors_text)
register.filter("year", reference_text.year_text)
register.filter("short_reference", reference_text.short_text)


@register.filter
def percent(value: float) -> str:
    """A number as a percentage in SVG, whatever the language's decimal point."""
    return f"{value:g}%"


@register.filter
def day(iso: str) -> str:
    """An ISO day in the reader's words, as `22 Nov 2026`; '' stays ''."""
    return date_format(datetime.date.fromisoformat(iso), "j M Y") if iso else ""


@register.filter
def place(text: str) -> str:
    """Where in a source: `, p. 3`, or nothing."""
    return f", {text}" if text else ""


@register.filter
def survey_words(survey: Survey) -> str:
    """The survey in words, such as `14 sourced, 2 stale, 2 unsourced`, and a full stop."""
    words = [
        f"{survey.count(standing)} {standing.label.lower()}"
        for standing in reversed(Standing)
        if survey.count(standing)
    ]
    return ", ".join(words) + "."


@register.filter
def edtf(text: str) -> str:
    """An EDTF date in the reader's words."""
    return dates.show(text)


@register.simple_tag
def time(text: str) -> SafeString:
    """An EDTF date as `<time>` where HTML can say it, else as plain words."""
    value = dates.datetime_attribute(text)
    shown = dates.show(text, short=True)
    if value is None:
        return format_html("<b>{}</b>", shown)
    return format_html('<time datetime="{}"><b>{}</b></time>', value, shown)


@register.simple_tag
def cited(number: int, reference: dict[str, Any] | None, at: str) -> str:
    """`4. Krizhevsky, Sutskever & Hinton 2012, p. 2`."""
    name = reference_text.short_text(reference) if reference else ""
    return f"{number}. {name}{place(at)}"


@register.filter
def lookup(mapping: dict[str, Any], key: str) -> Any:
    """The value under a key, or None."""
    return mapping.get(key)


@register.filter
def isbn_text(isbn: str) -> str:
    """`ISBN 0-262-13043-2`."""
    return _("ISBN %(isbn)s") % {"isbn": isbn}


@register.filter
def without_scheme(url: str) -> str:
    """An address as people read it."""
    return url.removeprefix("https://").removeprefix("http://").rstrip("/")


@register.filter
def track_mark(track: Any) -> int:
    """The number of a track's shape and colour, 1 to 6; 0 for no track."""
    return int(track.position) % 6 + 1 if track else 0


@register.filter
def extent(date: dates.HistoricalDate) -> str:
    """The class of a range's bar: open where it goes on, loose where its ends are not known."""
    bounds = date.bounds
    if dates.OPEN_END in (bounds.end_max, bounds.end_min) or bounds.start_min == dates.OPEN_START:
        return " extent-open"
    return " extent-loose" if date.is_circa or date.is_uncertain else ""

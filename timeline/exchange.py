"""A timeline as a file for other programs: CSV, JSON, iCalendar. Pure, but for reading the rows.

All three give the milestones that pass a filter, in order of time.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.markup.strip import text_of
from articles.models import Article, Citation
from timeline.dates import OPEN_END, OPEN_START, civil_date, show
from timeline.models import Milestone
from timeline.view import TimelineView

# What a spreadsheet may take for a formula when a cell begins with it (OWASP, CSV Injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

# The library takes a quarter of a millisecond for each event, and calendars show few at a time.
MOST_EVENTS = 2000


@dataclass(frozen=True, slots=True)
class Line:
    """A milestone as the files have it.

    `bounds` are the day numbers of its date; `sources` the keys of references and places in them.
    """

    anchor: str
    date: str
    title: str
    text: str
    bounds: tuple[int, int, int, int]
    tracks: tuple[str, ...]
    checked: str
    sources: tuple[tuple[str, str], ...]
    url: str


@dataclass(frozen=True, slots=True)
class TimelineFile:
    """The milestones of an article that pass a filter, and what the file says about them."""

    article: int
    title: str
    language: str
    url: str
    view: str
    changed: datetime.datetime
    lines: tuple[Line, ...]


def read_file(article: Article, view: TimelineView, root: str) -> TimelineFile:
    """The milestones of a view of the article's timeline, all of them: three queries.

    `root` is the address of the site.
    """
    url = f"{root}{article.get_absolute_url()}"
    rows = view.order.sorted(view.chosen.matching(view.milestones)).values_list(
        "pk", "anchor", "date", "title", "html", "checked",
        "start_min", "start_max", "end_min", "end_max",
    )  # fmt: skip
    found = list(rows)
    tracks = _tracks(article)
    sources = _sources(article)
    lines = tuple(
        Line(
            anchor=anchor,
            date=date,
            title=title,
            text=text_of(html),
            bounds=(*bounds,),  # type: ignore[arg-type]
            tracks=tuple(tracks.get(pk, ())),
            checked=checked.isoformat() if checked else "",
            sources=tuple(sources.get(anchor, ())),
            # A milestone may be far down: its page begins with it.
            url=f"{url}?at={quote(anchor)}#{quote(anchor)}",
        )
        for pk, anchor, date, title, html, checked, *bounds in found
    )
    return TimelineFile(
        article=article.pk,
        title=article.title,
        language=article.language,
        url=url,
        view=view.sentence if view.is_filtered else "",
        changed=article.changed_at,
        lines=lines,
    )


def _tracks(article: Article) -> Mapping[int, list[str]]:
    tracks: dict[int, list[str]] = defaultdict(list)
    through = Milestone.tracks.through._default_manager
    rows = through.filter(milestone__article=article).order_by("track__position", "track__name")
    for milestone, name in rows.values_list("milestone", "track__name"):
        tracks[milestone].append(name)
    return tracks


def _sources(article: Article) -> Mapping[str, list[tuple[str, str]]]:
    sources: dict[str, list[tuple[str, str]]] = defaultdict(list)
    rows = Citation.objects.filter(article=article, part_anchor__startswith="milestone-")
    for anchor, key, place in rows.order_by("pk").values_list("part_anchor", "key", "place"):
        sources[anchor].append((key, place))
    return sources


def iso_day(day: int) -> str:
    """A day number in ISO 8601, years with four digits or more: `-0043-03-15` is in 44 BC."""
    year, month, day_of_month = civil_date(day)
    sign = "-" if year < 0 else ""
    return f"{sign}{abs(year):04d}-{month:02d}-{day_of_month:02d}"


def _earliest(line: Line) -> str:
    return "" if line.bounds[0] == OPEN_START else iso_day(line.bounds[0])


def _latest(line: Line) -> str:
    return "" if line.bounds[3] == OPEN_END else iso_day(line.bounds[3])


# The forms ----------------------------------------------------------------------------------------

COLUMNS = (
    "anchor", "date", "date_in_words", "earliest", "latest", "title", "text", "tracks", "sources",
    "checked", "url",
)  # fmt: skip


def write_csv(file: TimelineFile) -> str:
    """RFC 4180 with a header, and a byte order mark, without which Excel reads no accents.

    `date` is EDTF; `earliest` and `latest` are the first and the last day it may mean, empty for an
    open end. A text that a spreadsheet would run as a formula begins with an apostrophe.
    """
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for line in file.lines:
        writer.writerow(
            [
                line.anchor,
                # Digits and a few signs: no formula, and programs read it.
                line.date,
                _cell(show(line.date)),
                _earliest(line),
                _latest(line),
                _cell(line.title),
                _cell(line.text),
                _cell("; ".join(line.tracks)),
                _cell("; ".join(_source(key, place) for key, place in line.sources)),
                line.checked,
                line.url,
            ]
        )
    return text.getvalue()


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _source(key: str, place: str) -> str:
    return f"{key}, {place}" if place else key


def write_json(file: TimelineFile) -> str:
    """An object with the article and its `milestones`.

    `date` is EDTF, `bounds` the days between which the date begins and ends, in ISO 8601 with
    astronomical years (0 is 1 BC); null is an open end.
    """
    data: dict[str, Any] = {
        "format": 1,
        "title": file.title,
        "language": file.language,
        "url": file.url,
        "changed": file.changed.isoformat(),
        "view": file.view,
        "milestones": [_object(line) for line in file.lines],
    }
    return json.dumps(data, ensure_ascii=False) + "\n"


def _object(line: Line) -> dict[str, Any]:
    names = ("start_min", "start_max", "end_min", "end_max")
    days = {
        name: None if day in {OPEN_START, OPEN_END} else iso_day(day)
        for name, day in zip(names, line.bounds, strict=True)
    }
    return {
        "anchor": line.anchor,
        "date": line.date,
        "date_in_words": show(line.date),
        "bounds": days,
        "title": line.title,
        "text": line.text,
        "tracks": list(line.tracks),
        "sources": [{"key": key, "place": place} for key, place in line.sources],
        "checked": line.checked or None,
        "url": line.url,
    }


def write_calendar(file: TimelineFile) -> bytes:
    """RFC 5545: each milestone as an event of whole days, from the first to the last possible one.

    The format has no years before 1 and none after 9999, and no event without a beginning; the
    description of the calendar says how many milestones are left out for that, and whether there
    are more events than a calendar is given.
    """
    # Few ask for a calendar; the library takes memory and time to load.
    from icalendar import Calendar, vText

    calendar = Calendar()
    calendar.add("prodid", "-//Milepost//Timeline//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    # The ids of events are unique in the world.
    host = urlsplit(file.url).hostname or "localhost"
    name = _("%(title)s: timeline") % {"title": file.title}
    calendar.add("name", vText(name))
    calendar.add("x-wr-calname", vText(name))
    dated = [line for line in file.lines if _calendar_day(line.bounds[0])]
    words = _described(file, len(file.lines) - len(dated), len(dated))
    calendar.add("description", words)
    calendar.add("x-wr-caldesc", vText(words))
    calendar.add("url", file.url)
    for line in dated[:MOST_EVENTS]:
        calendar.add_component(_event(file, line, host))
    content: bytes = calendar.to_ical()
    return content


def _described(file: TimelineFile, left_out: int, events: int) -> str:
    parts = [file.view, file.url]
    if events > MOST_EVENTS:
        sentence = _(
            "This calendar holds the first %(most)d of %(n)d events; filter the timeline by dates "
            "to have the others."
        )
        parts.insert(0, sentence % {"most": MOST_EVENTS, "n": events})
    if left_out:
        sentence = ngettext(
            "%(n)d milestone is left out: calendars have no years before 1 or after 9999, and no "
            "event without a beginning.",
            "%(n)d milestones are left out: calendars have no years before 1 or after 9999, and no "
            "event without a beginning.",
            left_out,
        )
        parts.insert(0, sentence % {"n": left_out})
    return "\n".join(part for part in parts if part)


def _event(file: TimelineFile, line: Line, host: str) -> Any:
    """The milestone as an event."""
    from icalendar import Event

    event = Event()
    event.add("uid", f"article-{file.article}-{line.anchor}@{host}")
    event.add("dtstamp", file.changed.astimezone(datetime.UTC))
    event.add("dtstart", _calendar_day(line.bounds[0]))
    last = _calendar_day(line.bounds[3])
    # The end of an event is the first day after it. Without an end it is one day long.
    if last and last < datetime.date.max:
        event.add("dtend", last + datetime.timedelta(days=1))
    words = show(line.date)
    event.add("summary", f"{words}: {line.title}")
    event.add("description", f"{line.text}\n{line.url}".strip())
    event.add("url", line.url)
    if line.tracks:
        event.add("categories", list(line.tracks))
    event.add("transp", "TRANSPARENT")
    return event


def _calendar_day(day: int) -> datetime.date | None:
    if not 1 <= day <= datetime.date.max.toordinal():
        return None
    return datetime.date.fromordinal(day)


def refused(errors: Iterable[tuple[str, str]]) -> str:
    """What is wrong with a filter, a line for each field."""
    return "".join(f"{label}: {text}\n" if label else f"{text}\n" for label, text in errors)

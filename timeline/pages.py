"""A timeline a page at a time, each page from a milestone on (keyset pages).

An address names the milestone that a page begins with, so a page stays the same when others are
added before it, and the last page costs what the first does.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, TextField, Value, When
from django.db.models.functions import Cast

from articles.anchors import is_anchor
from timeline.counts import TRACKS_OFFERED, ChoiceName, Counts
from timeline.models import MilestoneQuerySet, Track, read_track_list

# Milestones shown at once; the others are on pages of their own. As many as MOST_SHOWN stay
# together: a page for the last two of them would cost a reader more than it spares.
MILESTONES_SHOWN = 50
MOST_SHOWN = 70
# Keys are 64-bit numbers.
_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class MilestoneEntry:
    """What a page reads of a milestone; a track is its name and the number of its mark.

    `article`, `article_slug` and `language` are '' on the timeline of one article.
    """

    pk: int
    anchor: str
    date: str
    title: str
    html: str
    sourced: bool
    checked: datetime.date | None
    article: str = ""
    article_slug: str = ""
    language: str = ""
    tracks: tuple[tuple[str, int], ...] = ()

    @property
    def element_id(self) -> str:
        """The id of its element on the page: articles may have the same anchors."""
        return f"milestone-{self.pk}" if self.article_slug else self.anchor


@dataclass(slots=True)
class TimelinePage:
    """The milestones of one page, and the way to the pages before and after.

    `before` and `after` are what `at` is there; `before` is '' when that is the first page.
    """

    milestones: list[MilestoneEntry] = field(default_factory=list)
    before: str = ""
    after: str = ""
    is_first: bool = True

    @property
    def is_whole(self) -> bool:
        """Whether every milestone that passes the filter is here."""
        return self.is_first and not self.after


@dataclass(frozen=True, slots=True)
class Order:
    """An order of milestones that ends in the key, and how an address names one of them."""

    columns: tuple[str, ...]
    name: str

    def sorted(self, rows: MilestoneQuerySet) -> MilestoneQuerySet:
        """The milestones from the earliest on."""
        return rows.order_by(*self.columns)

    def backwards(self, rows: MilestoneQuerySet) -> MilestoneQuerySet:
        """The milestones from the latest on."""
        return rows.order_by(*(f"-{column}" for column in self.columns))

    def beyond(self, values: Sequence[Any], operator: str, *, or_itself: bool = False) -> Q:
        """Those beyond a row with these values: `operator` is "lt" or "gt"."""
        condition = Q()
        equal: dict[str, Any] = {}
        for column, value in zip(self.columns, values, strict=True):
            condition |= Q(**equal, **{f"{column}__{operator}": value})
            equal[column] = value
        if or_itself:
            condition |= Q(**equal)
        # It follows from the others, and says where in an index to begin.
        return Q(**{f"{self.columns[0]}__{operator}e": values[0]}) & condition


# Within an article editors order the milestones of one day, and anchors name them.
IN_ARTICLE = Order(("start_min", "position", "pk"), "anchor")
ON_SITE = Order(("start_min", "pk"), "pk")


def read_page(
    everything: MilestoneQuerySet,
    passing: MilestoneQuerySet,
    order: Order,
    at: str,
    counts: Counts,
) -> TimelinePage:
    """The milestones `passing` a filter, with tracks: all, or MILESTONES_SHOWN from `at` on.

    `counts` are those of the view; where at most MOST_SHOWN pass, all are shown, wherever `at` is.
    It names one of `everything`, which need not pass, and another text begins at the start. Costs
    one query at the start of the timeline and two elsewhere, whatever the length.
    """
    page = TimelinePage()
    if counts.few is not None:
        passing = everything.filter(pk__in=counts.few)
    rows = order.sorted(passing)
    fits = counts.shown <= MOST_SHOWN
    most = MOST_SHOWN if fits else MILESTONES_SHOWN
    if not fits and (first := _find_first(everything, passing, order, at)):
        values = [getattr(first, column) for column in order.columns]
        rows = rows.filter(order.beyond(values, "gt", or_itself=True))
        page.before, page.is_first = first.page_before or "", first.page_before is None
    if order is ON_SITE:
        # Their keys from an index, which has what most filters ask; then their texts.
        rows = order.sorted(everything.filter(pk__in=rows.values("pk")[: most + 1]))
    columns = ["pk", "anchor", "date", "title", "html", "sourced", "checked"]
    if order is ON_SITE:
        columns += ["article__title", "article__slug", "article__language"]
    columns.append("track_list")
    found = list(rows.values_list(*columns)[: most + 1])
    if len(found) > most:
        page.after = str(found.pop()[columns.index(order.name)])
    # The last column has the keys of the tracks, which become their names and marks.
    on = [read_track_list(row[-1]) for row in found]
    names = _names_of(frozenset[int]().union(*on), counts)
    page.milestones = [
        replace(MilestoneEntry(*row[:-1]), tracks=_tracks(keys, names, counts.marks))
        for row, keys in zip(found, on, strict=True)
    ]
    return page


def _find_first(
    everything: MilestoneQuerySet, passing: MilestoneQuerySet, order: Order, at: str
) -> Any:
    """The milestone that `at` names, with `page_before`: what `at` is on the page before.

    That is '' when it is the first page, and None when there is none.
    """
    is_key = at.isascii() and at.isdigit() and len(at) <= _MOST_DIGITS
    if not (is_anchor("milestone", at) if order is IN_ARTICLE else is_key):
        return None
    earlier = passing.filter(order.beyond([OuterRef(name) for name in order.columns], "lt"))
    earlier = order.backwards(earlier)
    names = earlier.annotate(name=Cast(F(order.name), TextField())).values("name")
    whole_page = Exists(earlier.values("pk")[MILESTONES_SHOWN : MILESTONES_SHOWN + 1])
    start = Subquery(names[MILESTONES_SHOWN - 1 : MILESTONES_SHOWN])
    before = Case(When(whole_page, start), When(Exists(earlier), Value("", TextField())))
    found = everything.filter(**{order.name: at}).annotate(page_before=before)
    return found.only(*order.columns).first()


def _names_of(keys: frozenset[int], counts: Counts) -> Mapping[int, ChoiceName]:
    """The tracks of a page; those that are no choice, where there are very many, take a query."""
    missing = keys - counts.names.keys()
    if not missing or len(counts.names) < TRACKS_OFFERED:
        # What is in a list and has no name was deleted.
        return counts.names
    rows = Track.objects.filter(pk__in=missing).values_list("pk", "slug", "name", "position")
    return counts.names | {row[0]: ChoiceName("track", *row) for row in rows}


def _tracks(
    keys: frozenset[int], names: Mapping[int, ChoiceName], marks: Mapping[str, int]
) -> tuple[tuple[str, int], ...]:
    """Tracks in their order, as names and numbers of marks; 0 for one that has no mark."""
    found = sorted((row.number, row.name, row.slug) for row in map(names.get, keys) if row)
    return tuple((name, marks.get(slug, 0)) for _position, name, slug in found)

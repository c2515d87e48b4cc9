"""The timeline of an article a page at a time, each page from a milestone on (keyset pages)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, Subquery, Value, When

from articles.anchors import is_anchor
from articles.models import Article
from timeline.models import MARKS, Milestone

# Milestones shown at once; the others are on pages of their own.
MILESTONES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class MilestoneEntry:
    """What the page reads of a milestone; a track is its name and the number of its mark."""

    pk: int
    anchor: str
    date: str
    title: str
    html: str
    sourced: bool
    checked: datetime.date | None
    tracks: tuple[tuple[str, int], ...] = ()


@dataclass(slots=True)
class TimelinePage:
    """The milestones of one page, and the way to the pages before and after.

    `before` is the anchor that the page before begins with; '' when that is the first page.
    """

    milestones: list[MilestoneEntry]
    total: int
    before: str = ""
    after: str = ""
    is_first: bool = True

    @property
    def is_whole(self) -> bool:
        """Whether every milestone of the article is here."""
        return len(self.milestones) == self.total


def timeline_page(article: Article, total: int, at: str) -> TimelinePage:
    """At most MILESTONES_SHOWN milestones from the one with the anchor `at` on, with their tracks.

    Costs two queries at the start of the timeline and three elsewhere, whatever the length.
    """
    if not total:
        return TimelinePage([], 0)
    rows = article.milestones.in_order()
    first = _find_first(article, at) if is_anchor("milestone", at) else None
    page = TimelinePage([], total)
    if first:
        rows = rows.starting_at(first)
        page.before, page.is_first = first.page_before or "", first.page_before is None
    found = list(
        rows.values_list("pk", "anchor", "date", "title", "html", "sourced", "checked")[
            : MILESTONES_SHOWN + 1
        ]
    )
    if len(found) > MILESTONES_SHOWN:
        page.after = found.pop()[1]
    tracks = _tracks_of([row[0] for row in found])
    page.milestones = [MilestoneEntry(*row, tracks=tuple(tracks[row[0]])) for row in found]
    return page


def _find_first(article: Article, at: str) -> Any:
    """The milestone with the anchor `at`, with `page_before`: where the page before it begins.

    That is '' when it is the first page, and None when there is none.
    """
    earlier = Milestone.objects.before_outer().order_by("-start_min", "-position", "-pk")
    anchors = earlier.values("anchor")
    whole_page = Exists(earlier.values("pk")[MILESTONES_SHOWN : MILESTONES_SHOWN + 1])
    start = Subquery(anchors[MILESTONES_SHOWN - 1 : MILESTONES_SHOWN])
    before = Case(When(whole_page, start), When(Exists(earlier), Value("")))
    found = article.milestones.filter(anchor=at).annotate(page_before=before)
    return found.only("start_min", "position", "article").first()


def _tracks_of(milestones: list[int]) -> dict[int, list[tuple[str, int]]]:
    """Milestone -> its tracks in their order, as names and numbers of marks."""
    tracks: dict[int, list[tuple[str, int]]] = defaultdict(list)
    rows = Milestone.tracks.through._default_manager.filter(milestone__in=milestones)
    for milestone, name, position in rows.order_by("track__position", "track").values_list(
        "milestone", "track__name", "track__position"
    ):
        tracks[milestone].append((name, position % MARKS + 1))
    return tracks

"""An article as it was: what a page shows in place of the rows that say what it is today."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from urllib.parse import urlencode

from articles.models import SiteSettings
from articles.page_names import PageNames
from articles.page_text import PageText
from articles.standing import stale_before
from timeline.pages import MILESTONES_SHOWN, MOST_SHOWN, MilestoneEntry, TimelinePage


@dataclass(frozen=True, slots=True)
class Past:
    """The names and milestones of a revision, and the day from which its standings count."""

    names: PageNames
    milestones: PastMilestones
    day: datetime.date

    def settle(self, text: PageText, site: SiteSettings) -> None:
        """Let texts be filled in as they were that day; nobody can comment on them any more."""
        text.stale_before = stale_before(self.day, site.stale_after_months)
        text.discuss = ""


@dataclass(frozen=True, slots=True)
class PastMilestones:
    """The milestones of a revision, and the one that the page begins with; '' for the first."""

    everything: list[MilestoneEntry]
    at: str = ""

    def page(self) -> TimelinePage:
        """Those of the page, as many as the timeline of today shows at once."""
        if len(self.everything) <= MOST_SHOWN:
            return TimelinePage(milestones=self.everything)
        anchors = [milestone.anchor for milestone in self.everything]
        start = anchors.index(self.at) if self.at in anchors else 0
        end = start + MILESTONES_SHOWN
        before = start - MILESTONES_SHOWN
        return TimelinePage(
            milestones=self.everything[start:end],
            before=anchors[before] if before > 0 else "",
            after=anchors[end] if end < len(anchors) else "",
            is_first=start == 0,
        )


class PastTimeline:
    """The milestones of a revision a page at a time, without filter and picture.

    `address` is that of the page itself, to which a query string is added.
    """

    address = ""

    def __init__(self, text: PageText, milestones: PastMilestones) -> None:
        self.text = text
        self.page = milestones.page()
        self.milestones = [text.milestone(row) for row in self.page.milestones]
        self.total = len(milestones.everything)

    @property
    def view(self) -> PastTimeline:
        """What templates ask about the view of a timeline."""
        return self

    def query(self, *, at: str) -> str:
        """The query string of the page that begins with this milestone."""
        return f"?{urlencode({'at': at})}"

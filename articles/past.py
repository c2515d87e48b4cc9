"""An article as it was: what a page shows in place of the rows that say what it is today."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from articles.models import SiteSettings
from articles.page_names import PageNames
from articles.page_text import PageText
from articles.standing import stale_before
from timeline.pages import MilestoneEntry, TimelinePage


@dataclass(frozen=True, slots=True)
class Past:
    """The names and milestones of a revision, and the day from which its standings count."""

    names: PageNames
    milestones: list[MilestoneEntry]
    day: datetime.date

    def settle(self, text: PageText, site: SiteSettings) -> None:
        """Let texts be filled in as they were that day; nobody can comment on them any more."""
        text.stale_before = stale_before(self.day, site.stale_after_months)
        text.discuss = ""


class PastTimeline:
    """The milestones of a revision, all of them, without filter and picture."""

    def __init__(self, text: PageText, milestones: list[MilestoneEntry]) -> None:
        self.text = text
        self.page = TimelinePage(milestones=milestones)
        self.milestones = [text.milestone(row) for row in milestones]
        self.total = len(milestones)

    @property
    def view(self) -> PastTimeline:
        """What templates ask about the view of a timeline."""
        return self

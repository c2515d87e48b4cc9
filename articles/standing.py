"""How well a statement stands, from its citations, its check and open disputes; never typed in.

Whether anybody ever compared a statement with its source stands beside its standing: a sourced one
that nobody has checked yet is sourced, and has a sign of its own.
"""

from __future__ import annotations

import datetime
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Standing(StrEnum):
    """The four standings, the one that needs a reader's care most first."""

    DISPUTED = "disputed"
    UNSOURCED = "unsourced"
    STALE = "stale"
    SOURCED = "sourced"

    @property
    def label(self) -> str:
        """The word readers see."""
        return str(LABELS[self])


LABELS = {
    Standing.DISPUTED: _("Disputed"),
    Standing.UNSOURCED: _("Unsourced"),
    Standing.STALE: _("Stale"),
    Standing.SOURCED: _("Sourced"),
}

# The sign of a sourced statement that nobody has compared with its source yet.
UNCHECKED = "unchecked"
# The names of all signs, which symbols, ticks and words go by; as the standings, the worst first.
SIGNS = (
    Standing.DISPUTED.value,
    Standing.UNSOURCED.value,
    Standing.STALE.value,
    UNCHECKED,
    Standing.SOURCED.value,
)


def sign_of(standing: Standing, *, is_checked: bool) -> str:
    """The name of the sign that shows a standing, and whether there was a check where that matters.

    A stale statement was checked, and one without a source has nothing to be compared with.
    """
    if standing == Standing.SOURCED and not is_checked:
        return UNCHECKED
    return standing.value


def standing_of(
    *, sourced: bool, checked: str, stale_before: str, disputed: bool = False
) -> Standing:
    """The standing of one statement.

    `sourced` says whether a reference that is no placeholder is cited; `checked` is the ISO day of
    the last check or '' (a statement never checked is not stale); checks before the ISO day
    `stale_before` are stale.
    """
    if disputed:
        return Standing.DISPUTED
    if not sourced:
        return Standing.UNSOURCED
    if checked and checked < stale_before:
        return Standing.STALE
    return Standing.SOURCED


def stale_before(today: datetime.date, months: int) -> str:
    """The ISO day before which a check is stale: `months` before `today`, at most its last day."""
    index = today.year * 12 + today.month - 1 - months
    year, month = divmod(index, 12)
    if year < 1:
        return ""
    first_of_next = datetime.date(year + month // 11, (month + 1) % 12 + 1, 1)
    last = first_of_next - datetime.timedelta(days=1)
    return last.replace(day=min(today.day, last.day)).isoformat()

"""Which backups are kept: some of each span of time, so that old ones thin out and none pile up."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

# Whoever restores, or upgrades twice in an evening, may want any of these back.
KEPT_WHOLE = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Keep:
    """How many days, weeks and months keep their last backup; spans without one do not count."""

    daily: int = 7
    weekly: int = 4
    monthly: int = 12


def superfluous(
    times: Iterable[datetime.datetime], keep: Keep, now: datetime.datetime
) -> set[datetime.datetime]:
    """The times whose backups may go: never the newest, nor any of the last day."""
    newest_first = sorted(set(times), reverse=True)
    kept = set(newest_first[:1])
    kept |= {time for time in newest_first if time > now - KEPT_WHOLE}
    spans: list[tuple[int, Callable[[datetime.datetime], Hashable]]] = [
        (keep.daily, lambda time: time.date()),
        (keep.weekly, lambda time: time.isocalendar()[:2]),
        (keep.monthly, lambda time: (time.year, time.month)),
    ]
    for number, span in spans:
        last_of: dict[Hashable, datetime.datetime] = {}
        for time in newest_first:
            last_of.setdefault(span(time), time)
        kept |= set(sorted(last_of.values(), reverse=True)[:number])
    return set(newest_first) - kept

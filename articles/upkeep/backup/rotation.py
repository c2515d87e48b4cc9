"""Which backups are kept: some of each span of time, so that old ones thin out and none pile up."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

# Whoever restores, or upgrades twice in an evening, may want any of these back.
KEPT_WHOLE = datetime.timedelta(days=1)
# However few a rule keeps, and whatever the clock says.
FEWEST = 3
# After so long without a backup it may be the clock that is wrong.
LONG = datetime.timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Keep:
    """How many days, weeks and months keep their last backup; spans without one do not count."""

    daily: int = 7
    weekly: int = 4
    monthly: int = 12


def superfluous(
    times: Iterable[datetime.datetime], keep: Keep, now: datetime.datetime
) -> set[datetime.datetime]:
    """The times whose backups may go: never of the newest few, nor of the last day.

    Clocks go wrong. What is from the future, made while it was ahead, stays and takes nobody's
    place, or it would do so for years; and when the last one before today is long ago, nothing goes
    today: either it is, and there are few, or the clock has jumped ahead.
    """
    newest_first = sorted({time for time in times if time <= now}, reverse=True)
    before = [time for time in newest_first if time <= now - KEPT_WHOLE]
    if not before or now - before[0] > LONG:
        return set()
    kept = {*newest_first[:FEWEST], *(set(newest_first) - set(before))}
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

"""Guessing becomes slow, and nobody is locked out by somebody else's guesses.

Each wrong guess fills a bucket that leaks: of the account that was named (whether there is one or
not), of the network it came from, or of the browser. A bucket that is fuller than what is free
makes its owner wait after each guess, twice as long each time up to a limit. Guesses during a wait
are refused unread and fill nothing. A browser that signed in to an account before has a bucket of
its own for it, and asks neither the account's nor the network's (after OWASP, "Slow Down Online
Guessing Attacks with Device Cookies"). A stranger who never stops can keep an account's bucket full
for browsers that are not known; its owner then comes in by a passkey, by a sign-in link, or by a
link to a new password, which makes the browser a known one. How many of these are mailed is bounded
as well, but whoever asks once more is not refused: the last one still works. Only those who share a
network have to wait for each other when it asked for too many.

Buckets are rows, so that all processes on all hosts count the same; `take` draws before the guess
is looked at, in one transaction, so that a hundred guesses at once are counted as a hundred.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from articles.accounts.models import Allowance


@dataclass(frozen=True, slots=True)
class Limit:
    """So many wrong guesses are `free`; then waits grow from `first` to `longest`.

    One guess is forgotten in each `leak`.
    """

    free: int
    leak: datetime.timedelta
    first: datetime.timedelta = datetime.timedelta(seconds=15)
    longest: datetime.timedelta = datetime.timedelta(minutes=15)

    def wait(self, level: float) -> datetime.timedelta:
        """How long to wait after the last guess at this level."""
        # What has leaked in the seconds between two guesses makes neither of them free.
        over = round(level) - self.free
        if over < 0:
            return datetime.timedelta(0)
        return min(self.first * 2 ** min(over, 20), self.longest)

    @property
    def fullest(self) -> int:
        """The level at which waits grow no further; more is not remembered against anybody."""
        doublings = 0
        while self.first * 2**doublings < self.longest:
            doublings += 1
        return self.free + doublings


def _minutes(number: float) -> datetime.timedelta:
    return datetime.timedelta(minutes=number)


LIMITS = {
    # Passwords of one account, from browsers that never signed in to it: about 100 a day.
    "account": Limit(free=10, leak=_minutes(30)),
    # Passwords and codes from one network, which a whole school may share: about 700 a day.
    "network": Limit(free=30, leak=_minutes(2)),
    # Passwords of one account, from one browser that signed in to it before.
    "browser": Limit(free=10, leak=_minutes(10), longest=_minutes(5)),
    # Codes of the second factor: whoever gets that far knows the password.
    "code": Limit(free=5, leak=_minutes(60)),
    "code browser": Limit(free=5, leak=_minutes(30), longest=_minutes(5)),
    # Passwords and codes of somebody who is signed in, by session.
    "confirmation": Limit(free=5, leak=_minutes(10), longest=_minutes(5)),
    # Mails to one address with a link to a new password: one an hour in the end, and each link is
    # good for much longer (PASSWORD_RESET_TIMEOUT). And how many one network asks for.
    "reset": Limit(free=3, leak=_minutes(60), first=_minutes(5), longest=_minutes(60)),
    "reset network": Limit(free=20, leak=_minutes(10), first=_minutes(1)),
}


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bucket: a kind of LIMITS and whose it is, which is kept as a salted hash only."""

    kind: str
    whose: str

    @property
    def key(self) -> str:
        """The hash by which its row is found."""
        value = f"{self.kind}\n{self.whose}"
        return salted_hmac("articles.accounts.allowance", value, algorithm="sha256").hexdigest()[
            :32
        ]


class TooMany(Exception):
    """Too many guesses: in `seconds` the next one is looked at."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(seconds)


@transaction.atomic
def take(*buckets: Bucket) -> None:
    """Count one guess in each bucket. Raises TooMany, and counts nothing, while one has to wait."""
    fresh = [Allowance(kind=bucket.kind, key=bucket.key, at=timezone.now()) for bucket in buckets]
    # In one order, as every request locks them.
    Allowance.objects.bulk_create(sorted(fresh, key=lambda row: row.key), ignore_conflicts=True)
    rows = list(_rows(buckets).select_for_update().order_by("key"))
    # Looked at only now: while this request waited for the rows, others have drawn on them.
    now = timezone.now()
    longest = max(_left(row, now) for row in rows)
    if longest > datetime.timedelta(0):
        raise TooMany(max(1, -(-int(longest.total_seconds() * 1000) // 1000)))
    for row in rows:
        row.level = min(_level(row, now) + 1, LIMITS[row.kind].fullest)
        row.at = now
    Allowance.objects.bulk_update(rows, ["level", "at"])


def give_back(buckets: Sequence[Bucket]) -> None:
    """Take back what `take` counted: it was no wrong guess after all.

    Not more than that, or somebody with an account here could guess in between for ever.
    """
    _rows(buckets).update(level=Greatest(F("level") - 1, 0.0))


def empty(buckets: Sequence[Bucket]) -> None:
    """Forget all guesses of these buckets."""
    _rows(buckets).delete()


def _rows(buckets: Sequence[Bucket]) -> models.QuerySet[Allowance]:
    # No buckets are no rows; an empty condition would be all of them.
    chosen = Q(pk__in=[])
    for bucket in buckets:
        chosen |= Q(kind=bucket.kind, key=bucket.key)
    return Allowance.objects.filter(chosen)


def _left(row: Allowance, now: datetime.datetime) -> datetime.timedelta:
    """How long its owner has to wait yet. A clock that was set back makes no wait longer."""
    wait = LIMITS[row.kind].wait(_level(row, now))
    return min(wait, row.at + wait - now)


def _level(row: Allowance, now: datetime.datetime) -> float:
    """How full it is now. A clock that was set back empties nothing."""
    passed = max(now - row.at, datetime.timedelta(0))
    return max(0.0, row.level - passed / LIMITS[row.kind].leak)
